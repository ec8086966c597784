import { importBundle } from '../bundles/bundles.ts';
import { handle } from '../context.ts';

export default handle('bundle.import', (context, { file, believe }) => importBundle(context, file, believe));
