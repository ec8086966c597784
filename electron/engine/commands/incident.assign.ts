import { Refusal } from '../../../shared/contract/spec.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { handle } from '../context.ts';
import { expertSubject, findIncident, textsOf } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('incident.assign', (context, { incident, role, person, subject, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const assignee = person === null ? null : resolve(context, 'person', person);
  if (role === 'subject-expert') {
    if (assignee === null)
      throw new Refusal('bad_input', 'person: there may be several subject experts; release the one that you mean.');
    return context.commit((tx) => {
      const isOne = textsOf(doc['experts']).includes(assignee);
      if (!isOne || (subject !== undefined && subject !== expertSubject(doc, assignee)))
        tx.append({
          scope: id,
          type: 'incident.expert',
          payload: { person: assignee, ...(subject === undefined ? {} : { subject }) },
        });
      return {};
    });
  }
  const field = `role:${role}`;
  const holder = doc[field];
  if (
    typeof holder === 'string' &&
    assignee !== null &&
    holder !== assignee &&
    !reason &&
    holder !== context.session.actor
  )
    throw new Refusal(
      'refused',
      `${context.estate.actorName(holder)} is ${roleName(role)}: offer a handover, or say why somebody else takes it.`,
    );
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
