import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { named } from '../names.ts';
import { catcherOf } from '../people/catcher.ts';
import { findSubteam } from '../people/subteams.ts';

export default handle('incident.ask', (context, { incident, text, owner, minutes, team }) => {
  const { id } = findIncident(context, incident);
  const caught = owner === null ? null : catcherOf(context, id, owner);
  const person = caught?.person ?? null;
  const inTeam = team === undefined ? caught?.team : findSubteam(context, id, team).id;
  const now = context.now();
  const ask = newId('a', now);
  const dueAt = minutes === null ? null : now + Math.round(minutes * 60_000);
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'ask.open',
      payload: { ask, text, owner: person, dueAt, ...(inTeam === undefined ? {} : { team: inTeam }) },
    });
    return { ask, owner: person === null ? null : named(context, 'person', person) };
  });
});
