import { handle } from '../context.ts';
import { authorityView } from '../governance/authority.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.authority', (context, { incident }) =>
  authorityView(context, findIncident(context, incident)),
);
