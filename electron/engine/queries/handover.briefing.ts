import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { briefingOf } from '../people/briefing.ts';

export default handle('handover.briefing', (context, { incident }) => ({
  text: briefingOf(context, findIncident(context, incident)),
}));
