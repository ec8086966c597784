import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('incident.assign', (context, { incident, role, person, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const assignee = person === null ? null : resolve(context, 'person', person);
  const field = `role:${role}`;
  return context.commit((tx) => {
    if ((doc[field] ?? null) !== assignee || doc.conflicts?.some((conflict) => conflict.field === field)) {
      tx.append({
        scope: id,
        type: 'incident.role',
        payload: { role, person: assignee, ...(reason ? { reason } : {}) },
        base: tx.headIds('incident', id, id, field),
      });
    }
    return {};
  });
});
