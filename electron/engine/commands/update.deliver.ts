import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { handOver } from '../updates/outbox.ts';

export default handle('update.deliver', (context, { incident, update }) =>
  handOver(context, findIncident(context, incident).id, update),
);
