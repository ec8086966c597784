import { accessView } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('access.roles', (context) => accessView(context));
