import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { asksOf, findIncident } from '../incidents/view.ts';
import { resolve, resolveAll } from '../names.ts';
import { subteams } from '../people/subteams.ts';

export default handle('incident.team.form', (context, { incident, name, lead, members }) => {
  const row = findIncident(context, incident);
  const leads = resolve(context, 'person', lead);
  const people = resolveAll(context, 'person', members);
  const same = subteams(context, row.id, asksOf(context, row.id)).find(
    (other) => other.name.toLowerCase() === name.toLowerCase(),
  );
  if (same) throw new Refusal('refused', `There is a team ${same.name} already; ${same.lead.name} leads it.`);
  if (row.doc['role:commander'] === leads)
    throw new Refusal('refused', 'The commander leads everybody; a team wants somebody else as its lead.');
  const team = newId('t', context.now());
  return context.commit((tx) => {
    tx.append({ scope: row.id, type: 'subteam.form', payload: { team, name, lead: leads, members: people } });
    return { team };
  });
});
