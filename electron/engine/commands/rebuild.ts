import { handle } from '../context.ts';

export default handle('rebuild', (context) => context.store.rebuild());
