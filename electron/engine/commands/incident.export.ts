import { handle } from '../context.ts';
import { exportIncident } from '../exports/incident.ts';

export default handle('incident.export', (context, input) => exportIncident(context, input));
