import { handle } from '../context.ts';
import { timeline } from '../incidents/timeline.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.timeline', (context, { incident, before, limit, kinds }) =>
  timeline(context, findIncident(context, incident), { limit, before, kinds }),
);
