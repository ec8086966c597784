import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.retitle', (context, { incident, title }) => {
  const { id } = findIncident(context, incident);
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'incident.title', payload: { title } });
    return {};
  });
});
