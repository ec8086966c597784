import { accessView } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('access.show', (context, input) => accessView(context, input));
