/** Emergency access as the contract shows it, and what stands in the way of each step. */
import type { GrantsNow, GrantsView, GrantView, SheetView } from '../../../shared/contract/breakglass.ts';
import { CAPABILITIES, Refusal, type Capability } from '../../../shared/contract/spec.ts';
import { encodeCode } from '../../../shared/domain/access/codes.ts';
import {
  isReviewed,
  partiesOf,
  stateOf,
  usedTwice,
  type Grant,
  type GrantState,
} from '../../../shared/domain/access/grants.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { capabilitiesOf } from '../access/rights.ts';
import type { Context } from '../context.ts';
import { exceptionsOf } from '../governance/exceptions.ts';
import { named, namedActor } from '../names.ts';
import { askedHere } from './asked.ts';
import { seenNow } from './clock.ts';
import { lockedFor, sheetsOf, spentCodes } from './codes.ts';
import { grantLabel, grantsHere, grantsOf } from './force.ts';
import { challengeOf } from './phone.ts';

const MINUTE_MS = 60_000;

/** How long an approval may be taken up, ms. */
export function takeUpMs({ policies }: Pick<Context, 'policies'>): number {
  const { remoteMinutes, phoneMinutes } = policies.get('breakglass').value.ways;
  return Math.max(remoteMinutes, phoneMinutes) * MINUTE_MS;
}

/** Grants and requests; what was only read out on the phone to another console is none by itself. */
export function knownGrants(context: Context): Grant[] {
  return grantsOf(context).filter(({ opened, request }) => opened !== null || request !== null);
}

/**
 * The grant that somebody means by id or label.
 * @throws Refusal `not_found`
 */
export function findGrant(context: Context, key: string): Grant {
  const wanted = key.trim().toLowerCase().replace(/^bg-/, '');
  const found = knownGrants(context).filter(({ id }) => id === wanted || (wanted.length >= 4 && id.endsWith(wanted)));
  if (found.length > 1) throw new Refusal('bad_input', `Several grants end in "${key}"; write the whole id.`);
  if (found[0]) return found[0];
  throw new Refusal('not_found', `There is no emergency access "${key.slice(0, 60)}".`);
}

/** The challenge by which a request is approved over the phone. */
export function challengeFor(context: Context, { id, request }: Grant): number[] | null {
  if (!request) return null;
  const [incident] = request.incidents;
  return challengeOf({
    ...{ grant: id, capabilities: request.capabilities, minutes: request.minutes, holder: request.holder },
    incident: incident === undefined ? null : numberOf(context, incident),
    console: request.console,
  });
}

/** "INC-0042" as a number, as people say it on the phone. */
function numberOf({ incidents }: Pick<Context, 'incidents'>, id: string): number | null {
  const digits = /\d+/.exec(incidents.labels().get(id) ?? '')?.[0];
  return digits === undefined ? null : Number(digits) % 2 ** 17;
}

/** The id under which a console writes down what it approved over the phone. */
export const phoneId = (challenge: readonly number[]): string => `phone.${encodeCode(challenge).toLowerCase()}`;

/** Whether the acting person holds a capability, whatever an emergency gave them. */
function holdsOwn({ session }: Context, capability: Capability): boolean {
  if (session.state === 'open') return true;
  if (session.state === 'locked') return false;
  return session.rights.some((right) => right.capability === capability && right.grant === null);
}

/** Why the acting person may not end it; null when they may. */
export function mayNotEnd(context: Context, { opened, request }: Grant): string | null {
  const holder = opened?.holder ?? request?.holder ?? null;
  if (context.session.state !== 'locked' && holder !== null && context.session.person === holder) return null;
  if (holdsOwn(context, 'grant-access')) return null;
  return 'Only its holder, or whoever may grant access, ends an emergency access.';
}

/** Why the acting person may not answer a request; null when they may. */
export function mayNotAnswer(context: Context, grant: Grant): string | null {
  const { person } = context.session;
  if (person === null) return 'Say first who you are: an approval is given by a person.';
  if (person === grant.request?.holder || person === grant.request?.by)
    return 'Nobody approves what they asked for themselves.';
  return holdsOwn(context, 'grant-access') ? null : 'Approving takes the capability "grant-access".';
}

/** Why the acting person may not review it; null when they may. */
export function mayNotReview(context: Context, grant: Grant): string | null {
  const { person } = context.session;
  if (!grant.opened) return 'It was never opened: there is nothing to review.';
  if (stateNow(context, grant) === 'in-force') return 'It is in force: end it first, then review it.';
  if (person === null) return 'Say first who you are: a review is done by a person.';
  if (partiesOf(grant).includes(person))
    return `${context.estate.actorName(person)} had a part in it: somebody else reviews it.`;
  return null;
}

export function stateNow(context: Context, grant: Grant): GrantState {
  return stateOf(grant, seenNow(context), takeUpMs(context));
}

/** What a reviewer has to look at, as sentences. */
function alarmsOf(context: Context, grant: Grant, twice: ReturnType<typeof usedTwice>): string[] {
  const { opened } = grant;
  if (!opened) return [];
  const alarms = opened.codes.flatMap((code) => {
    const uses = twice.get(code);
    if (!uses) return [];
    const others = uses
      .filter(({ id }) => id !== grant.id)
      .map(
        (one) =>
          `${grantLabel(one.id)} by ${context.estate.actorName(one.opened!.holder)} at ${consoleName(context, one.opened!.console)}`,
      );
    const first = uses[0]!.id === grant.id ? 'first' : 'not first';
    return [`The same sealed code also opened ${others.join(', ')} (this one was ${first}).`];
  });
  if (opened.way === 'phone') {
    const challenge = challengeFor(context, grant);
    const written =
      challenge !== null &&
      grantsOf(context).some(
        ({ id, answers }) =>
          id === phoneId(challenge) && answers.some(({ by, answer }) => by === opened.witness && answer === 'approved'),
      );
    if (!written)
      alarms.push(
        `The console of ${opened.witness === null ? 'the approver' : context.estate.actorName(opened.witness)} has not confirmed that it approved this by phone.`,
      );
  }
  return alarms;
}

export function consoleName({ store }: Pick<Context, 'store'>, id: string): string {
  if (id === store.console) return 'this console';
  const name = store.entity('console', ESTATE, id)?.doc['name'];
  return typeof name === 'string' && name !== '' ? name : `console ${id.slice(0, 6)}`;
}

export function grantView(context: Context, grant: Grant, twice = usedTwice(knownGrants(context))): GrantView {
  const { id, opened, request } = grant;
  const state = stateNow(context, grant);
  const now = seenNow(context);
  const about = opened ?? request!;
  const takenUpBy = state === 'approved' ? grant.answers[0]!.at + takeUpMs(context) : null;
  const until =
    state === 'in-force' ? opened!.expiresAt : state === 'asked' ? request!.at + takeUpMs(context) : takenUpBy;
  const here = about.console === context.store.console;
  const challenge =
    here && (state === 'asked' || state === 'approved') && request!.incidents.length <= 1
      ? challengeFor(context, grant)
      : null;
  return {
    ...{ id, label: grantLabel(id), state, way: opened?.way ?? null, reason: about.reason },
    holder: named(context, 'person', about.holder),
    witness: opened?.witness ? named(context, 'person', opened.witness) : null,
    capabilities: [...about.capabilities],
    incidents: about.incidents.map((one) => incidentRef(context, one)),
    console: { id: about.console, name: consoleName(context, about.console), here },
    at: about.at,
    expiresAt: opened?.expiresAt ?? null,
    remainingMs: until === null ? null : Math.max(0, until - now),
    ended: grant.ended && {
      at: grant.ended.at,
      by: namedActor(context, grant.ended.by),
      reason: grant.ended.reason,
    },
    answers: grant.answers.map(({ answer, by, at, reason }) => ({ answer, by: namedActor(context, by), at, reason })),
    reviews: grant.reviews.map(({ by, at, verdict, text }) => ({ by: namedActor(context, by), at, verdict, text })),
    reviewed: isReviewed(grant),
    alarms: alarmsOf(context, grant, twice),
    challenge: challenge && encodeCode(challenge),
    mayAnswer: state === 'asked' && mayNotAnswer(context, grant) === null,
    mayOpen: here && (state === 'asked' || state === 'approved') && askedHere(context, id),
    mayEnd: ['in-force', 'asked', 'approved'].includes(state) && mayNotEnd(context, grant) === null,
    mayReview: holdsOwn(context, 'audit') && mayNotReview(context, grant) === null,
  };
}

export function incidentRef(context: Context, id: string): { id: string; label: string; title: string } {
  return {
    id,
    label: context.incidents.labels().get(id) ?? id,
    title: String(context.store.entity('incident', id, id)?.doc['title'] ?? ''),
  };
}

const ORDER: readonly GrantState[] = ['in-force', 'approved', 'asked', 'expired', 'ended', 'lapsed', 'refused'];

export function grantsView(context: Context): GrantsView {
  const grants = knownGrants(context);
  const twice = usedTwice(grants);
  const spent = spentCodes(grants);
  const now = seenNow(context);
  const open = ({ state, reviewed }: GrantView) =>
    (state === 'expired' || state === 'ended') && !reviewed ? ORDER.indexOf('asked') + 0.5 : ORDER.indexOf(state);
  return {
    grants: grants.map((grant) => grantView(context, grant, twice)).sort((a, b) => open(a) - open(b) || b.at - a.at),
    sheets: sheetsOf(context).map((sheet): SheetView => {
      const used = sheet.codes.filter(({ code }) => spent.has(code)).length;
      const { id, label, capabilities, longestMinutes, expiresAt, at } = sheet;
      return {
        ...{ id, label, capabilities, longestMinutes, expiresAt, at, used, total: sheet.codes.length },
        person: sheet.person === null ? null : named(context, 'person', sheet.person),
        state: sheet.void ? 'void' : expiresAt <= now ? 'expired' : used === sheet.codes.length ? 'used-up' : 'good',
        by: namedActor(context, sheet.by),
      };
    }),
    ...limitsOf(context),
    asOf: now,
  };
}

export function limitsOf(context: Context): Pick<GrantsView, 'limits' | 'lockedForMs'> {
  const { longestMinutes, usualMinutes, never, ways, codesDays } = context.policies.get('breakglass').value;
  const { code, twoPersons, remote, phone } = ways;
  return {
    limits: {
      ...{ longestMinutes, usualMinutes, codesDays, ways: { code, twoPersons, remote, phone } },
      capabilities: CAPABILITIES.filter((one) => one !== 'read' && !never.includes(one)),
    },
    lockedForMs: lockedFor(context),
  };
}

export function grantsNow(context: Context): GrantsNow {
  const now = seenNow(context);
  const labels = context.incidents.labels();
  const here = new Set(grantsHere(context).map(({ id }) => id));
  return {
    inForce: knownGrants(context)
      .filter((grant) => stateNow(context, grant) === 'in-force')
      .map(({ id, opened }) => ({
        ...{ id, label: grantLabel(id), holder: named(context, 'person', opened!.holder), here: here.has(id) },
        capabilities: [...opened!.capabilities],
        incidents: opened!.incidents.map((one) => labels.get(one) ?? one),
        ...{ expiresAt: opened!.expiresAt, remainingMs: opened!.expiresAt - now },
      }))
      .sort((a, b) => a.remainingMs - b.remainingMs),
    exceptions: exceptionsOf(context, null).filter(({ state }) => state === 'in-force').length,
    asOf: now,
  };
}

/** Whether somebody may be the second person by the policy. */
export function maySecond(context: Context, person: string): boolean {
  const { second } = context.policies.get('breakglass').value;
  if (second.people.includes(person)) return true;
  if (context.session.state === 'open') return true;
  const held = capabilitiesOf(context, person, context.now());
  return second.capabilities.some((one) => held.has(one as Capability));
}
