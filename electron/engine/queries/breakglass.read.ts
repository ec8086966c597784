import { handle } from '../context.ts';
import { hear, heardView } from '../grants/by-phone.ts';

export default handle('breakglass.read', (context, { challenge }) => heardView(context, hear(context, challenge)));
