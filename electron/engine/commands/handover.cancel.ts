import { handle } from '../context.ts';
import { cancel } from '../people/offers.ts';

export default handle('handover.cancel', (context, key) => cancel(context, key));
