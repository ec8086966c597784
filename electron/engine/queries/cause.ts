import { probableCauses } from '../cause/index.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('cause', (context, { incident, limit }) =>
  probableCauses(context, limit, incident === undefined ? undefined : findIncident(context, incident)),
);
