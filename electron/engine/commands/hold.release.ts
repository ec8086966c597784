import { handle } from '../context.ts';
import { findHold } from '../governance/holds.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('hold.release', (context, { incident, hold, reason }) => {
  const { id } = findIncident(context, incident);
  const found = findHold(context, id, hold);
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'incident.hold-end', payload: { hold: found.id, reason } });
    return {};
  });
});
