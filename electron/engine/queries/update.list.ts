import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { updatesView } from '../updates/view.ts';

export default handle('update.list', (context, { incident }) => updatesView(context, findIncident(context, incident)));
