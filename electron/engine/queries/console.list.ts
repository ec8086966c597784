import { handle } from '../context.ts';
import { consolesView } from '../joining/consoles.ts';

export default handle('console.list', (context) => consolesView(context));
