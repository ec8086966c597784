import { handle } from '../context.ts';
import { findIncident, incidentView } from '../incidents/view.ts';

export default handle('incident.show', (context, { incident }) => incidentView(context, findIncident(context, incident)));
