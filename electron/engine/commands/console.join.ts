import { handle } from '../context.ts';
import { joinOrganisation } from '../joining/join.ts';

export default handle('console.join', (context, input) => joinOrganisation(context, input));
