import { handle } from '../context.ts';
import { invite } from '../joining/invite.ts';

export default handle('console.invite', (context, input) => invite(context, input));
