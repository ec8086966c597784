import { handle } from '../context.ts';
import { personView } from '../estate/views.ts';

export default handle('estate.people', (context) =>
  [...context.estate.all('person').values()].map((person) => personView(context, person)),
);
