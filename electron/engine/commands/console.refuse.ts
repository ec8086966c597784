import { handle } from '../context.ts';
import { refuse } from '../joining/decide.ts';

export default handle('console.refuse', (context, input) => refuse(context, input));
