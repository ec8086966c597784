import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { restorationView } from '../restoration/index.ts';

export default handle('incident.restoration', (context, { incident }) =>
  restorationView(context, findIncident(context, incident)),
);
