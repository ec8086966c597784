import { handle } from '../context.ts';

export default handle('sources.types', (context) => context.sources.types());
