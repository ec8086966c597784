import { handle } from '../context.ts';
import { locate } from '../exports/foreign.ts';
import { timeline } from '../incidents/timeline.ts';

export default handle('incident.timeline', (context, { incident, before, limit, kinds }) => {
  const found = locate(context, incident);
  return timeline(found.context, found.row, { limit, before, kinds });
});
