import { tryAction } from '../actions/run.ts';
import { handle } from '../context.ts';

export default handle('action.try', (context, { action }) => tryAction(context, action));
