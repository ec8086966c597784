import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { restrictionView } from '../restricted/view.ts';

export default handle('incident.restriction', (context, { incident }) =>
  restrictionView(context, findIncident(context, incident)),
);
