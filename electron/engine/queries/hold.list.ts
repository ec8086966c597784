import { handle } from '../context.ts';
import { holdsOf } from '../governance/holds.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('hold.list', (context, { incident, all }) =>
  holdsOf(context, incident === undefined ? null : findIncident(context, incident).id).filter(
    ({ released }) => all || released === null,
  ),
);
