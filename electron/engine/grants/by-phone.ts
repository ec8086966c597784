/** The two ends of an approval over the phone. */
import { timingSafeEqual } from 'node:crypto';
import type { ChallengeView } from '../../../shared/contract/breakglass.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { decodeCode } from '../../../shared/domain/access/codes.ts';
import type { Grant } from '../../../shared/domain/access/grants.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { capabilitiesOf } from '../access/rights.ts';
import type { Context } from '../context.ts';
import { named, resolve } from '../names.ts';
import { seenNow } from './clock.ts';
import { oneTry } from './codes.ts';
import {
  CHALLENGE_SYMBOLS,
  consoleBits,
  holderBits,
  readChallenge,
  RESPONSE_SYMBOLS,
  responseTo,
  type ReadChallenge,
} from './phone.ts';
import { challengeFor, consoleName } from './view.ts';

const MINUTE_MS = 60_000;

/** Consoles whose ops count here, besides this one, each with its key. */
function peers({ store }: Pick<Context, 'store'>): { id: string; key: Buffer }[] {
  return store.entities('console', ESTATE).flatMap(({ id, doc }) => {
    const { key, access } = doc;
    if (access !== 'enrolled' || typeof key !== 'string' || id === store.console) return [];
    return [{ id, key: Buffer.from(key, 'base64url') }];
  });
}

/**
 * Checks what was read out on the phone.
 * @throws Refusal when it is late, wrong, or tried too often
 */
export async function openByPhone(
  context: Context,
  grant: Grant,
  response: string,
  approver: string | undefined,
): Promise<{ witness: string; console: string }> {
  const { phone, phoneMinutes, phoneTries } = context.policies.get('breakglass').value.ways;
  if (!phone) throw new Refusal('refused', 'The policy opens nothing by phone.');
  if (approver === undefined) throw new Refusal('bad_input', 'approver: say who read it out.');
  const witness = resolve(context, 'person', approver);
  const request = grant.request!;
  if (witness === request.holder || witness === request.by)
    throw new Refusal('refused', 'approver: nobody approves what they asked for themselves.');
  if (context.session.state !== 'open' && !capabilitiesOf(context, witness, context.now()).has('grant-access'))
    throw new Refusal(
      'forbidden',
      `approver: ${context.estate.actorName(witness)} does not hold the capability "grant-access".`,
    );
  if (request.at + phoneMinutes * MINUTE_MS <= seenNow(context))
    throw new Refusal('refused', `A code for the phone is good for ${phoneMinutes} minutes: ask again.`);
  const challenge = challengeFor(context, grant);
  if (challenge === null || request.incidents.length > 1)
    throw new Refusal('refused', 'By phone one incident can be asked for.');
  const read = decodeCode(response, RESPONSE_SYMBOLS);
  if (!read.ok) throw new Refusal('bad_input', `response: ${read.why}`);
  const meta = `breakglass.phone:${grant.id}`;
  const tries = Number(context.store.meta(meta) ?? 0);
  if (tries >= phoneTries) throw new Refusal('refused', 'It was answered wrong too often: ask again.');
  context.store.setMeta(meta, String(tries + 1));
  const given = Buffer.from(read.symbols);
  return oneTry(
    context,
    async () => {
      let found: string | null = null;
      for (const { id, key } of peers(context))
        if (timingSafeEqual(Buffer.from(responseTo(context.identity, key, challenge, witness)), given)) found = id;
      return found === null ? null : { witness, console: found };
    },
    `This is not the answer of a console that ${context.estate.actorName(witness)} approved it at.`,
  );
}

export interface Heard extends ReadChallenge {
  symbols: number[];
  peer: { id: string; key: Buffer };
  person: string;
}

/**
 * What somebody asks for on the phone.
 * @throws Refusal when the challenge is mistyped, or names a console or person that is not known here
 */
export function hear(context: Context, challenge: string): Heard {
  const typed = decodeCode(challenge, CHALLENGE_SYMBOLS);
  if (!typed.ok) throw new Refusal('bad_input', `challenge: ${typed.why}`);
  const read = readChallenge(typed.symbols);
  const peer = peers(context).find(({ id }) => consoleBits(id) === read.console);
  if (!peer)
    throw new Refusal(
      'not_found',
      'It comes from a console that is not enrolled here: its answer could not be checked.',
    );
  const person = [...context.estate.all('person').keys()].find((id) => holderBits(id) === read.holder);
  if (person === undefined)
    throw new Refusal('not_found', 'It is for a person who is not in the estate of this console.');
  return { ...read, symbols: typed.symbols, peer, person };
}

export function heardView(context: Context, { peer, person, capabilities, incident, minutes }: Heard): ChallengeView {
  return {
    console: { id: peer.id, name: consoleName(context, peer.id), here: false },
    holder: named(context, 'person', person),
    ...{ capabilities, minutes },
    incident: incident === null ? null : `INC-${String(incident).padStart(4, '0')}`,
  };
}
