import { handle } from '../context.ts';
import { toView } from '../record/keeper.ts';

export default handle('backup.create', async (context) => toView(await context.record.backup('by-hand')));
