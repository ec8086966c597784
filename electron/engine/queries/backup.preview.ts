import { handle } from '../context.ts';

export default handle('backup.preview', (context, { backup }) => context.record.preview(backup));
