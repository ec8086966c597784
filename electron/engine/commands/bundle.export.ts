import { exportBundle } from '../bundles/bundles.ts';
import { handle } from '../context.ts';

export default handle('bundle.export', (context, input) => exportBundle(context, input));
