import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { notInTheFuture } from '../incidents/times.ts';

export default handle('incident.say', (context, { incident, text, eventTime }) => {
  const { id } = findIncident(context, incident);
  return context.commit((tx) => {
    const op = tx.append({ scope: id, type: 'entry.note', payload: { text }, ...notInTheFuture(context, eventTime) });
    return { entry: op.id };
  });
});
