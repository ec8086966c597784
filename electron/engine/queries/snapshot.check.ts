import { handle } from '../context.ts';
import { checkSnapshot } from '../snapshots/snapshots.ts';

export default handle('snapshot.check', (context, { file }) => checkSnapshot(context, file));
