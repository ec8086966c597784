import { handle } from '../context.ts';

export default handle('record.verify', (context) => context.record.verify());
