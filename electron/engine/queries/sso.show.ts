import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';

export default handle('sso.show', (context) => ssoView(context));
