import { handle } from '../context.ts';
import { setStatus } from '../incidents/status.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.close', (context, { incident, reason }) => {
  setStatus(context, findIncident(context, incident), 'closed', reason);
  return {};
});
