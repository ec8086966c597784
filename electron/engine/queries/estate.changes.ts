import { handle } from '../context.ts';
import { changes } from '../estate/views.ts';
import { resolve } from '../names.ts';

export default handle('estate.changes', (context, { limit, service }) =>
  changes(context, limit, service === undefined ? undefined : resolve(context, 'service', service)),
);
