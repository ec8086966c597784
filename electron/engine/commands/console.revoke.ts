import { handle } from '../context.ts';
import { revoke } from '../joining/decide.ts';

export default handle('console.revoke', (context, input) => revoke(context, input));
