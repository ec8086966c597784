import { inspect } from '../bundles/bundles.ts';
import { handle } from '../context.ts';

export default handle('bundle.inspect', (context, { file }) => inspect(context, file));
