import { handle } from '../context.ts';
import { limitsOf } from '../grants/view.ts';

export default handle('breakglass.limits', (context) => limitsOf(context));
