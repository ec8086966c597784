import { handle } from '../context.ts';
import { setStatus } from '../incidents/status.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.state', (context, { incident, status, reason }) => {
  setStatus(context, findIncident(context, incident), status, reason);
  return {};
});
