import { handle } from '../context.ts';
import { degradedView } from '../degraded/view.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('degraded.list', (context, { incident }) =>
  degradedView(context, incident === undefined ? null : findIncident(context, incident)),
);
