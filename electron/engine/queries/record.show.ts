import { handle } from '../context.ts';

export default handle('record.show', (context) => context.record.view());
