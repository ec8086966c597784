import { beginnings } from '../cause/index.ts';
import { handle } from '../context.ts';
import { changesSince } from '../estate/views.ts';

export default handle('map.marks', async (context, { since }) => ({
  causes: await beginnings(context),
  changes: changesSince(context, since),
  asOf: context.now(),
}));
