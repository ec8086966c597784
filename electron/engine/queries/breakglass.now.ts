import { handle } from '../context.ts';
import { grantsNow } from '../grants/view.ts';

export default handle('breakglass.now', (context) => grantsNow(context));
