import { Refusal } from '../../../shared/contract/spec.ts';
import { weaknessOf } from '../../../shared/domain/access/secret.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { holds, missing } from '../access/gate.ts';
import { capabilitiesOf } from '../access/rights.ts';
import { waitWords } from '../access/secrets.ts';
import { sessionView } from '../access/view.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('access.secret', async (context, { person, secret, kind, current }) => {
  const { access, session, caller, estate } = context;
  const { secrets } = access;
  const id = resolve(context, 'person', person);
  const name = estate.actorName(id);
  const policy = context.policies.get('access').value;
  const text = secret.normalize('NFKC');
  const weakness = weaknessOf(text, kind, policy, [id, name, estate.profile.name]);
  if (weakness !== null) throw new Refusal('bad_input', `secret: ${weakness}`);
  const first = !secrets.any();
  if (first) {
    if (!capabilitiesOf(context, id, context.now()).has('grant-access'))
      throw new Refusal(
        'refused',
        `The first who sets a passphrase has to be somebody who may grant access, and ${name} may not: give them a role such as keeper first.`,
      );
  } else if (id === session.person && secrets.has(id)) {
    if (current === undefined)
      throw new Refusal('refused', 'current: say what it is now, so that nobody changes it on a console left open.');
    const answer = await secrets.check(id, Buffer.from(current.normalize('NFKC')));
    if (!answer.ok)
      throw new Refusal(
        'refused',
        `current: that is not what you unlock with.${answer.waitMs > 0 ? ` ${waitWords(answer.failures, answer.waitMs)}` : ''}`,
      );
  } else if (id !== session.person && !holds(session, 'grant-access', null)) {
    throw new Refusal('forbidden', missing(context, `Setting what ${name} unlocks with`, 'grant-access'));
  }
  await secrets.set(id, kind, Buffer.from(text));
  // Whoever knew the old one is out; whoever set the first one goes on as that person.
  if (id !== session.person) access.sessions.endAll(id);
  if (first && caller && caller.kind !== 'board') access.sessions.begin(caller, { person: id, how: kind });
  const actor = first ? id : session.actor;
  context.store.commit({ actor, zone: context.zone }, (tx) =>
    tx.append({ scope: ESTATE, type: 'access.secret', payload: { person: id, state: 'set', kind } }),
  );
  return sessionView(context);
});
