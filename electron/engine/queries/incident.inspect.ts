import { handle } from '../context.ts';
import { inspectIncident } from '../exports/import.ts';

export default handle('incident.inspect', (context, { file }) => inspectIncident(context, file));
