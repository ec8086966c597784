import { handle } from '../context.ts';
import { decline } from '../people/offers.ts';

export default handle('handover.decline', (context, key) => decline(context, key));
