import { handle } from '../context.ts';
import { askedFor, digestOf, unreadDigest } from '../digest/view.ts';

export default handle('digest', (context, { since }) => ({
  digest: since === undefined ? unreadDigest(context) : digestOf(context, askedFor(context, since)),
}));
