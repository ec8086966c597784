import { handle } from '../context.ts';
import { codeView } from '../joining/join.ts';

export default handle('console.code', (context, input) => codeView(context, input));
