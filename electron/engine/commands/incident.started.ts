import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.started', (context, { incident, startedAt, reason }) => {
  const { id } = findIncident(context, incident);
  if (startedAt > context.now())
    throw new Refusal('bad_input', 'startedAt: an incident cannot have started in the future.');
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'incident.started', payload: { startedAt, ...(reason ? { reason } : {}) } });
    return {};
  });
});
