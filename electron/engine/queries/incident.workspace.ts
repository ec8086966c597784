import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { workspaceOf } from '../workspace/index.ts';

export default handle(
  'incident.workspace',
  async (context, { incident }) => (await workspaceOf(context, findIncident(context, incident))).view,
);
