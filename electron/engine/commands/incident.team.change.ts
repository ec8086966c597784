import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve, resolveAll } from '../names.ts';
import { findSubteam } from '../people/subteams.ts';

export default handle('incident.team.change', (context, { incident, team, name, lead, join, leave }) => {
  const { id } = findIncident(context, incident);
  const { id: found, doc } = findSubteam(context, id, team);
  const leads = lead === undefined ? undefined : resolve(context, 'person', lead);
  const joining = resolveAll(context, 'person', join);
  const leaving = resolveAll(context, 'person', leave);
  if (leaving.includes(leads ?? String(doc['lead'])))
    throw new Refusal('refused', 'The lead cannot leave the team; say who leads instead.');
  if (name === undefined && leads === undefined && joining.length + leaving.length === 0)
    throw new Refusal('bad_input', 'Say what to change: name, lead, join or leave.');
  return context.commit((tx) => {
    if (name !== undefined || leads !== undefined)
      tx.append({
        scope: id,
        type: 'subteam.change',
        payload: {
          team: found,
          ...(name === undefined ? {} : { name }),
          ...(leads === undefined ? {} : { lead: leads }),
        },
      });
    for (const person of joining) tx.append({ scope: id, type: 'subteam.join', payload: { team: found, person } });
    for (const person of leaving) {
      const base = tx.additionIds('subteam', id, found, 'members', person);
      if (base.length > 0) tx.append({ scope: id, type: 'subteam.leave', payload: { team: found, person }, base });
    }
    return {};
  });
});
