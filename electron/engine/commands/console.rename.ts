import { handle } from '../context.ts';
import { rename } from '../joining/decide.ts';

export default handle('console.rename', (context, input) => rename(context, input));
