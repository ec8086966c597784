import { sessionView } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('access.session', (context) => sessionView(context));
