import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { givenRoles } from '../access/rights.ts';
import { handle } from '../context.ts';
import { named, resolve } from '../names.ts';

export default handle('access.forget', (context, { person, reason }) => {
  const { secrets, sessions, sso } = context.access;
  const id = resolve(context, 'person', person);
  const who = named(context, 'person', id);
  const roles = givenRoles(context).filter(({ to, subject }) => to === 'person' && subject === id);
  if (!secrets.has(id) && roles.length === 0 && sso.verified(id) === null)
    throw new Refusal('refused', `${who.name} has nothing on this console to take away.`);
  const done = context.commit((tx) => {
    for (const { role } of roles)
      tx.append({
        scope: ESTATE,
        type: 'access.withdraw',
        payload: { to: 'person', id, role, ...(reason ? { reason } : {}) },
        base: tx.headIds('access-role', ESTATE, `person:${id}:${role}`, 'held'),
      });
    if (secrets.has(id)) tx.append({ scope: ESTATE, type: 'access.secret', payload: { person: id, state: 'removed' } });
    return who;
  });
  secrets.remove(id);
  sso.forget(id);
  sessions.endAll(id);
  return done;
});
