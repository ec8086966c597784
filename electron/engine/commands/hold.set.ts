import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('hold.set', (context, { incident, reason }) => {
  const { id } = findIncident(context, incident);
  const hold = newId('l', context.now());
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'incident.hold', payload: { hold, reason } });
    return { hold };
  });
});
