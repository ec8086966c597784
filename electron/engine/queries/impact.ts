import { handle } from '../context.ts';
import { impact } from '../impact/index.ts';

export default handle('impact', (context, { incident, all }) => impact(context, incident, all));
