import { handle } from '../context.ts';
import { foreignView, locate } from '../exports/foreign.ts';
import { incidentView } from '../incidents/view.ts';

export default handle('incident.show', (context, { incident }) => {
  const { foreign, ...found } = locate(context, incident);
  return foreign ? foreignView({ ...found, foreign }) : incidentView(found.context, found.row);
});
