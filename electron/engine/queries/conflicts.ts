import { conflictDetail, conflictsIn } from '../conflicts/view.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('conflicts', (context, { incident }) => ({
  conflicts: conflictsIn(context, incident === undefined ? undefined : findIncident(context, incident).id).map(
    (found) => conflictDetail(context, found),
  ),
  asOf: context.now(),
}));
