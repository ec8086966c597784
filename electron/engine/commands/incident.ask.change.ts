import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { asksOf, findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';
import { findSubteam } from '../people/subteams.ts';

export default handle('incident.ask.change', (context, { incident, ask, state, owner, minutes, text, team, note }) => {
  const { id } = findIncident(context, incident);
  const matching = asksOf(context, id).filter((candidate) => candidate.id === ask || candidate.id.endsWith(ask));
  if (matching.length !== 1) throw new Refusal('not_found', `There is no ask "${ask}" in this incident.`);
  const dueAt = minutes === undefined || minutes === null ? minutes : context.now() + Math.round(minutes * 60_000);
  const payload = {
    ...(state === undefined ? {} : { state }),
    ...(owner === undefined ? {} : { owner: owner === null ? null : resolve(context, 'person', owner) }),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(text === undefined ? {} : { text }),
    ...(team === undefined ? {} : { team: team === null ? null : findSubteam(context, id, team).id }),
    ...(note ? { note } : {}),
  };
  if (Object.keys(payload).length === 0)
    throw new Refusal('bad_input', 'Say what to change: state, owner, minutes, text, team or note.');
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'ask.change', payload: { ask: matching[0]!.id, ...payload } });
    return {};
  });
});
