import { handle } from '../context.ts';
import { evidenceOf } from '../evidence/view.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('evidence.list', (context, { incident }) =>
  evidenceOf(context, findIncident(context, incident).id),
);
