import { handle } from '../context.ts';
import { shareSnapshot } from '../snapshots/shelf.ts';

export default handle('snapshot.share', (context) => shareSnapshot(context));
