import { Refusal } from '../../../shared/contract/spec.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { handle } from '../context.ts';
import { findIncident, textsOf } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('incident.release', (context, { incident, role, person, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const holder = resolve(context, 'person', person);
  const holds = role === 'subject-expert' ? textsOf(doc['experts']).includes(holder) : doc[`role:${role}`] === holder;
  if (!holds)
    throw new Refusal('refused', `${context.estate.actorName(holder)} is not ${roleName(role)} of this incident.`);
  const because = reason ? { reason } : {};
  return context.commit((tx) => {
    if (role === 'subject-expert')
      tx.append({
        scope: id,
        type: 'incident.expert-end',
        payload: { person: holder, ...because },
        base: tx.additionIds('incident', id, id, 'experts', holder),
      });
    else
      tx.append({
        scope: id,
        type: 'incident.role',
        payload: { role, person: null, ...because },
        base: tx.headIds('incident', id, id, `role:${role}`),
      });
    return {};
  });
});
