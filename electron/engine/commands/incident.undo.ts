import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { undo } from '../undo/index.ts';

export default handle('incident.undo', (context, { incident }) => undo(context, findIncident(context, incident).id));
