import { handle } from '../context.ts';
import { foundOrganisation } from '../joining/join.ts';

export default handle('organisation.found', (context, input) => foundOrganisation(context, input));
