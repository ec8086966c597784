/** Proving that somebody is there: by having unlocked here, by what they unlock with, or by a sealed code that was made for them. */
import { Refusal } from '../../../shared/contract/spec.ts';
import { waitWords } from '../access/secrets.ts';
import type { Context } from '../context.ts';
import { takeCode } from './codes.ts';

/**
 * @returns the code that was spent on it, if one was
 * @throws Refusal when they are not proved
 */
export async function prove(
  context: Context,
  person: string,
  how: { code?: string | undefined; passphrase?: string | undefined },
  field: string,
): Promise<string[]> {
  const { session, access, estate } = context;
  if (how.code !== undefined) return [(await takeCode(context, how.code, person)).code];
  if (how.passphrase !== undefined) {
    const checked = await access.secrets.check(person, Buffer.from(how.passphrase));
    if (checked.ok) return [];
    const wait = checked.waitMs > 0 ? ` ${waitWords(checked.failures, checked.waitMs)}` : '';
    throw new Refusal('refused', `${field}: this is not what ${estate.actorName(person)} unlocks with.${wait}`);
  }
  if (session.state !== 'locked' && session.person === person) return [];
  throw new Refusal(
    'refused',
    `${field}: ${estate.actorName(person)} proves that they are here by what they unlock with, or by a sealed code made for them.`,
  );
}
