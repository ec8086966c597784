import { handle } from '../context.ts';
import { makeSnapshot } from '../snapshots/snapshots.ts';

export default handle('snapshot.make', (context, input) => makeSnapshot(context, input));
