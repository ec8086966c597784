/** Who answers for something by name. Invariant: where it is proved who is here, nobody answers for somebody else. */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import { resolve } from '../names.ts';

/**
 * The person who `did` it ("read it"): on a console that is unlocked whoever unlocked it, else whom somebody names, else the
 * acting one.
 * @throws Refusal when that is nobody, or somebody else is named than is here
 */
export function answererOf(context: Context, person: string | undefined, did: string): string {
  const { session, estate } = context;
  const named = person === undefined ? null : resolve(context, 'person', person);
  if (session.state === 'unlocked') {
    if (named === null || named === session.person) return session.person!;
    const name = estate.actorName(named);
    throw new Refusal(
      'refused',
      `person: ${estate.actorName(session.person!)} is here and cannot say that ${name} ${did}: ${name} unlocks this console and says so.`,
    );
  }
  if (named !== null) return named;
  if (estate.get('person', session.actor)) return session.actor;
  throw new Refusal('bad_input', `person: say who ${did}; this console does not know who you are.`);
}
