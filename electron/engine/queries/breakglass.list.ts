import { handle } from '../context.ts';
import { grantsView } from '../grants/view.ts';

export default handle('breakglass.list', (context) => grantsView(context));
