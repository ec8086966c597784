import { runAction } from '../actions/run.ts';
import { handle } from '../context.ts';

export default handle('action.run', (context, input) => runAction(context, input));
