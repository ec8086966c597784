import { handle } from '../context.ts';
import { sharedSnapshots } from '../snapshots/shelf.ts';

export default handle('snapshot.shared', (context) => sharedSnapshots(context));
