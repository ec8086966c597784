import { conflictDetail, conflictsIn, keyOf } from '../conflicts/view.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('conflicts', (context, { incident, limit, first }) => {
  const all = conflictsIn(context, incident === undefined ? undefined : findIncident(context, incident).id);
  const asked = first === undefined ? undefined : all.find((found) => keyOf(found) === first);
  const shown = asked === undefined ? all : [asked, ...all.filter((found) => found !== asked)];
  return {
    conflicts: shown.slice(0, limit).map((found) => conflictDetail(context, found)),
    total: all.length,
    asOf: context.now(),
  };
});
