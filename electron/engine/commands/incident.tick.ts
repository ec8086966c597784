import { Refusal } from '../../../shared/contract/spec.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { checklists } from '../people/checklists.ts';

export default handle('incident.tick', (context, { incident, role, item, done }) => {
  const { id } = findIncident(context, incident);
  const { items } = checklists(context, id, role);
  const found = items.find((one) => one.id === item);
  if (!found)
    throw new Refusal(
      'not_found',
      `The checklist of ${roleName(role)} has no item "${item.slice(0, 60)}"; it has ${items.map((one) => one.id).join(', ') || 'none'}.`,
    );
  return context.commit((tx) => {
    if (found.done !== done) tx.append({ scope: id, type: 'role.tick', payload: { role, item, done } });
    return {};
  });
});
