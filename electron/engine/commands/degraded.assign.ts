import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findActive } from '../degraded/view.ts';
import { findIncident } from '../incidents/view.ts';
import { named, resolve } from '../names.ts';

export default handle('degraded.assign', (context, { incident, mode, owner, reason }) => {
  const row = findIncident(context, incident);
  const on = findActive(context, row, mode);
  const person = resolve(context, 'person', owner);
  const who = named(context, 'person', person);
  if (on.owner === person) throw new Refusal('refused', `${who.name} answers for ${on.title} already.`);
  return context.commit((tx) => {
    tx.append({
      scope: row.id,
      type: 'degraded.owner',
      payload: { degraded: on.id, owner: person, ...(reason === undefined ? {} : { reason }) },
    });
    return who;
  });
});
