import { Refusal } from '../../../shared/contract/spec.ts';
import { isPolicy } from '../../../shared/domain/policy/kinds.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { seenNow } from '../grants/clock.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('exception.add', (context, { incident, rule, policy, reason, owner, minutes }) => {
  if (policy !== undefined && !isPolicy(policy))
    throw new Refusal('not_found', `policy: there is no policy "${policy.slice(0, 60)}".`);
  const person = owner === undefined ? context.session.person : resolve(context, 'person', owner);
  if (person === null) throw new Refusal('bad_input', 'owner: say who answers for the exception.');
  const scope = incident === undefined ? ESTATE : findIncident(context, incident).id;
  const exception = newId('e', context.now());
  const until = seenNow(context) + Math.round(minutes * 60_000);
  return context.commit((tx) => {
    const payload = { exception, rule, reason, owner: person, until, ...(policy === undefined ? {} : { policy }) };
    tx.append({ scope, type: 'exception.add', payload });
    return { exception, until };
  });
});
