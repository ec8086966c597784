import { handle } from '../context.ts';
import { notInTheFuture } from '../incidents/times.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.decide', (context, { incident, text, reason, eventTime }) => {
  const { id } = findIncident(context, incident);
  return context.commit((tx) => {
    const op = tx.append({
      scope: id,
      type: 'entry.decision',
      payload: { text, ...(reason ? { reason } : {}) },
      ...notInTheFuture(context, eventTime),
    });
    return { entry: op.id };
  });
});
