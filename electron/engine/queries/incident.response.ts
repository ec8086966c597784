import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { responseView } from '../proposals/index.ts';

export default handle('incident.response', (context, { incident, ...wanted }) =>
  responseView(context, findIncident(context, incident), wanted),
);
