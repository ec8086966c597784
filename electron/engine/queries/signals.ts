import { handle } from '../context.ts';
import { signalsNow } from '../estate/signals.ts';

export default handle('signals', (context, input) => signalsNow(context, input));
