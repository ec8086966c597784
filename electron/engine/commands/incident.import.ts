import { handle } from '../context.ts';
import { importIncident } from '../exports/import.ts';

export default handle('incident.import', (context, { file }) => importIncident(context, file));
