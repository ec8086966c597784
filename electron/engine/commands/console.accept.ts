import { handle } from '../context.ts';
import { accept } from '../joining/decide.ts';

export default handle('console.accept', (context, input) => accept(context, input));
