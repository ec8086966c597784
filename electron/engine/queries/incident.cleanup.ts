import { cleanupView } from '../cleanup/view.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.cleanup', (context, { incident }) =>
  cleanupView(context, findIncident(context, incident)),
);
