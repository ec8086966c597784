import { handle } from '../context.ts';
import { teamView } from '../estate/views.ts';

export default handle('estate.teams', (context) =>
  [...context.estate.all('team').values()].map((team) => teamView(context, team)),
);
