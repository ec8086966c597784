import { handle } from '../context.ts';
import { folderState } from '../rest/state.ts';

export default handle('data.status', (context) => folderState(context));
