import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('sources.test', (context, { source, ...rest }) =>
  context.sources.test({ ...rest, ...(source === undefined ? {} : { source: resolve(context, 'source', source) }) }),
);
