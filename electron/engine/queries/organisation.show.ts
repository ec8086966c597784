import { handle } from '../context.ts';
import { organisationView } from '../joining/membership.ts';

export default handle('organisation.show', (context) => organisationView(context));
