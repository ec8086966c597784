/**
 * The commander's clock: everything that falls due in an incident. Invariant: each line names one thing that somebody can
 * do, with the time at which it fell or falls due; the list is in the order of these times, so that what has waited
 * longest stands first.
 */
import { isOver } from '../orders.ts';
import { roleName } from '../timeline.ts';
import { formatDuration } from '../times.ts';
import type { AskState, Role, Severity, Status } from '../words.ts';
import { callsDue, type Escalation } from './escalation.ts';

export const DUE_KINDS = [
  'no-commander',
  'escalation',
  'call',
  'commander-silent',
  'ask-overdue',
  'ask-check-back',
  'ask-unacknowledged',
  'unowned',
  'owner-away',
  'no-decision',
  'objections',
  'handover',
  'update',
  'rto',
  'statutory',
  'role-empty',
  'span',
] as const;
export type DueKind = (typeof DUE_KINDS)[number];

export interface Due {
  /** Stable while the same thing is due. */
  id: string;
  kind: DueKind;
  text: string;
  /** When it fell or falls due, ms. */
  at: number;
  /** Who has it. */
  person: string | null;
  /** What it is about: an ask, a handover or a proposal by id. */
  about: string | null;
  role: Role | null;
  /** Who could do it instead. */
  instead: string | null;
}

export interface ClockAsk {
  id: string;
  text: string;
  owner: string | null;
  state: AskState;
  openedAt: number;
  dueAt: number | null;
}

export interface ClockFacts {
  now: number;
  severity: Severity;
  status: Status;
  declaredAt: number;
  /** Who has which role. */
  roles: readonly { role: Role; person: string; since: number | null }[];
  required: readonly Role[];
  asks: readonly ClockAsk[];
  /** When something was last decided; null when nothing was. */
  decidedAt: number | null;
  /** When the commander was last heard of; null when nobody commands. */
  commanderHeardAt: number | null;
  /** Until when somebody is away, ms; null when they are not. */
  awayUntil(person: string): number | null;
  /** Who takes over from somebody by the rota. */
  next(person: string): string | null;
  /** Whom to call while nobody commands, in order. */
  callOrder: readonly string[];
  proposals: readonly { id: string; text: string; askedAt: number; waitingFor: readonly string[] }[];
  handovers: readonly { id: string; to: string; what: string; offeredAt: number; expiresAt: number }[];
  /** Next update of each audience. */
  updates: readonly { audience: string; dueAt: number }[];
  /** Recovery objectives that run. */
  objectives: readonly { id: string; name: string; dueAt: number }[];
  /** Whom the response says to call when something does not come in time. */
  escalation: readonly Escalation[];
  /** Times that law or contracts set, and from when on each is told; also after the incident is resolved. */
  statutory: readonly { id: string; title: string; dueAt: number; warnAt: number; item: string }[];
  directReports: readonly string[];
  spanLimit: number;
  name(person: string): string;
}

/** Lengths of time after which silence is worth a word, ms. */
export const PATIENCE = {
  acknowledge: 5 * 60_000,
  decision: 15 * 60_000,
  commander: 20 * 60_000,
  objections: 2 * 60_000,
  role: 5 * 60_000,
  /** From one call to the next while nobody commands. */
  call: 5 * 60_000,
} as const;

const LIVE: readonly Status[] = ['declared', 'mitigating'];

/** What is due and what falls due, earliest first. A resolved incident only has what somebody still owes. */
export function dueThings(facts: ClockFacts): Due[] {
  const live = !isOver(facts.status);
  const due = [
    ...asksDue(facts),
    ...handoversDue(facts),
    ...proposalsDue(facts),
    ...(live ? [...command(facts), ...callsDue(facts, PATIENCE.call), ...rolesDue(facts), ...measures(facts)] : []),
    ...facts.statutory
      .filter(({ warnAt }) => warnAt <= facts.now)
      .map(({ id, title, dueAt, item }) =>
        one({ id: `statutory:${id}`, kind: 'statutory', text: title, at: dueAt, about: item }),
      ),
    ...facts.updates.map(({ audience, dueAt }) =>
      one({ id: `update:${audience}`, kind: 'update', text: `update for ${audience}`, at: dueAt }),
    ),
  ];
  return due.toSorted((a, b) => a.at - b.at || DUE_KINDS.indexOf(a.kind) - DUE_KINDS.indexOf(b.kind));
}

/** Whether it is due at `now` (ms), not only to come. */
export function isDue({ at }: Pick<Due, 'at'>, now: number): boolean {
  return at <= now;
}

const one = (due: Pick<Due, 'id' | 'kind' | 'text' | 'at'> & Partial<Due>): Due => ({
  person: null,
  about: null,
  role: null,
  instead: null,
  ...due,
});

function asksDue({ asks, now, name, awayUntil, next }: ClockFacts): Due[] {
  return asks
    .filter(({ state }) => state === 'open' || state === 'acknowledged')
    .flatMap((ask): Due[] => {
      const { id, text, owner, dueAt } = ask;
      const of = { about: id, person: owner };
      const due: Due[] = [];
      if (dueAt !== null && dueAt < now)
        due.push(
          one({
            ...of,
            id,
            kind: 'ask-overdue',
            text: `overdue, ${owner === null ? 'nobody' : name(owner)}: ${text}`,
            at: dueAt,
          }),
        );
      else if (owner === null)
        due.push(one({ ...of, id, kind: 'unowned', text: `nobody owns "${text}"`, at: ask.openedAt }));
      else if (ask.state === 'open')
        due.push(
          one({
            ...of,
            id,
            kind: 'ask-unacknowledged',
            text: `not acknowledged by ${name(owner)}: ${text}`,
            at: ask.openedAt + PATIENCE.acknowledge,
          }),
        );
      else if (dueAt !== null)
        due.push(
          one({ ...of, id, kind: 'ask-check-back', text: `ask ${name(owner)} how it goes: ${text}`, at: dueAt }),
        );
      const until = owner === null ? null : awayUntil(owner);
      if (owner !== null && until !== null) {
        const other = next(owner);
        due.push(
          one({
            ...of,
            id: `${id}:away`,
            kind: 'owner-away',
            text: `${name(owner)} is away for ${formatDuration(until - now)} and has: ${text}${other === null ? '' : `; next on the rota: ${name(other)}`}`,
            at: ask.openedAt,
            instead: other,
          }),
        );
      }
      return due;
    });
}

/** Who commands, and whether they are there. */
function command(facts: ClockFacts): Due[] {
  const { now, declaredAt, roles, callOrder, name, commanderHeardAt } = facts;
  const commander = roles.find(({ role }) => role === 'commander')?.person ?? null;
  if (commander === null) {
    const due: Due[] = [
      one({
        id: 'commander',
        kind: 'no-commander',
        text: 'nobody commands',
        at: declaredAt,
        role: 'commander',
        instead: callOrder[0] ?? null,
      }),
    ];
    // One call after another until somebody commands; only the next one that is to be made is listed.
    const turn = Math.min(Math.floor((now - declaredAt) / PATIENCE.call), callOrder.length) - 1;
    const index = Math.max(turn, 0);
    const person = callOrder[index];
    if (person !== undefined) {
      // The call says the same and what to do about it.
      if (turn >= 0) due.pop();
      due.push(
        one({
          id: `call:${index}`,
          kind: 'escalation',
          text: `nobody commands: call ${name(person)}`,
          at: declaredAt + (index + 1) * PATIENCE.call,
          role: 'commander',
          person,
          instead: person,
        }),
      );
    }
    return due;
  }
  if (commanderHeardAt === null || !LIVE.includes(facts.status)) return [];
  const at = commanderHeardAt + PATIENCE.commander;
  if (at > now) return [];
  const deputy = roles.find(({ role }) => role === 'deputy')?.person ?? facts.next(commander);
  return [
    one({
      id: 'silent',
      kind: 'commander-silent',
      text: `nothing heard of ${name(commander)}, who commands, for ${formatDuration(now - commanderHeardAt)}`,
      at,
      person: commander,
      role: 'commander',
      instead: deputy,
    }),
  ];
}

function rolesDue({ roles, required, declaredAt, now, awayUntil, next, name }: ClockFacts): Due[] {
  const empty = required
    .filter((role) => role !== 'commander' && !roles.some((held) => held.role === role))
    .map((role) =>
      one({
        id: `role:${role}`,
        kind: 'role-empty',
        text: `nobody is ${roleName(role)}`,
        at: declaredAt + PATIENCE.role,
        role,
      }),
    );
  const away = roles.flatMap(({ role, person, since }) => {
    const until = awayUntil(person);
    if (until === null) return [];
    const other = next(person);
    return one({
      id: `role:${role}:${person}:away`,
      kind: 'owner-away',
      text: `${name(person)}, ${roleName(role)}, is away for ${formatDuration(until - now)}${other === null ? '' : `; next on the rota: ${name(other)}`}`,
      at: since ?? declaredAt,
      role,
      person,
      instead: other,
    });
  });
  return [...empty, ...away];
}

function measures(facts: ClockFacts): Due[] {
  const { declaredAt, decidedAt, directReports, spanLimit, now } = facts;
  const due = facts.objectives.map(({ id, name: what, dueAt }) =>
    one({ id: `rto:${id}`, kind: 'rto', text: `${what} has to be back`, at: dueAt }),
  );
  if (LIVE.includes(facts.status)) {
    const at = (decidedAt ?? declaredAt) + PATIENCE.decision;
    if (at <= now)
      due.push(
        one({
          id: 'decision',
          kind: 'no-decision',
          text: `nothing decided for ${formatDuration(now - (decidedAt ?? declaredAt))}`,
          at,
        }),
      );
  }
  if (directReports.length > spanLimit)
    due.push(
      one({
        id: 'span',
        kind: 'span',
        text: `${directReports.length} people report to the commander; more than ${spanLimit} is too many: make a team with a lead`,
        at: now,
      }),
    );
  return due;
}

function handoversDue({ handovers, now, name }: ClockFacts): Due[] {
  return handovers.map(({ id, to, what, offeredAt, expiresAt }) =>
    one({
      id,
      kind: 'handover',
      text:
        expiresAt <= now
          ? `${name(to)} did not answer: ${what} stays where it is`
          : `${name(to)} is asked to take ${what}`,
      at: expiresAt <= now ? expiresAt : offeredAt,
      person: to,
      about: id,
    }),
  );
}

function proposalsDue({ proposals, name }: ClockFacts): Due[] {
  return proposals.map(({ id, text, askedAt, waitingFor }) =>
    one({
      id,
      kind: 'objections',
      text:
        waitingFor.length === 0
          ? `everybody answered: decide “${text}”`
          : `any strong objection? ${waitingFor.map(name).join(', ')}: ${text}`,
      at: waitingFor.length === 0 ? askedAt : askedAt + PATIENCE.objections,
      about: id,
    }),
  );
}
