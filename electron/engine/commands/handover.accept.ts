import { handle } from '../context.ts';
import { accept } from '../people/offers.ts';

export default handle('handover.accept', (context, key) => accept(context, key));
