import { worksOf } from '../bundles/work.ts';
import { handle } from '../context.ts';

export default handle('bundle.work', (context) => worksOf(context).map(({ view }) => view));
