import { handle } from '../context.ts';
import { enrol } from '../joining/decide.ts';

export default handle('console.enrol', (context, input) => enrol(context, input));
