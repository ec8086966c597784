/**
 * The calls that the response asks for when something does not come in time. Invariant: for each thing that is waited for
 * at most one call is due, the farthest one whose time has come, and at most one is to come; a call that was made is due
 * again only when what was waited for came and then failed anew.
 */
import type { EscalationWait, Substance } from '../policy/substance.ts';
import type { ClockFacts, Due } from './due.ts';

/** A line of the response's escalation path. */
export type Escalation = Substance['escalation'][number] & {
  /** Who that is now; null when the estate names nobody who can be asked. */
  person: string | null;
  /** When that call was last made, ms. */
  calledAt: number | null;
};

const MISSING: Record<EscalationWait, string> = {
  commander: 'nobody commands',
  owner: 'nobody has it',
  acknowledgement: 'an ask is not acknowledged',
  decision: 'nothing is decided',
  containment: 'it is not contained',
  update: 'an update is late',
};

/** Names one line of an escalation path: stable while the path is. */
export function callId({ waitsFor, minutes }: Pick<Escalation, 'waitsFor' | 'minutes'>): string {
  return `call:${waitsFor}:${minutes}`;
}

/** The calls that are due, and the next ones. @param callsMs from one call to the next while nobody commands */
export function callsDue(facts: ClockFacts, callsMs: number): Due[] {
  const { now, escalation } = facts;
  return [...Map.groupBy(escalation, ({ waitsFor }) => waitsFor)].flatMap(([waitsFor, lines]) => {
    const since = waitingSince(facts, waitsFor, callsMs);
    if (since === null) return [];
    const open = lines
      .filter(({ calledAt }) => calledAt === null || calledAt < since)
      .map((line) => ({ ...line, at: since + line.minutes * 60_000 }))
      .toSorted((a, b) => a.at - b.at);
    const made = Math.max(
      -Infinity,
      ...lines.filter((line) => (line.calledAt ?? -1) >= since).map((line) => line.minutes),
    );
    const due = open.findLast(({ at, minutes }) => at <= now && minutes > made);
    const next = open.find(({ at }) => at > now);
    return [due, next].filter((line) => line !== undefined).map((line) => lineOf(facts, line));
  });
}

function lineOf({ name, now }: ClockFacts, { waitsFor, minutes, to, person, at }: Escalation & { at: number }): Due {
  const whom = person === null ? to : `${name(person)} (${to})`;
  return {
    id: callId({ waitsFor, minutes }),
    kind: 'call',
    text: at <= now ? `${MISSING[waitsFor]}: call ${whom}` : `call ${whom} if ${MISSING[waitsFor]} by then`,
    at,
    person,
    about: null,
    role: null,
    instead: null,
  };
}

/** Since when something is waited for, ms; null when it has come. */
function waitingSince(facts: ClockFacts, waitsFor: EscalationWait, callsMs: number): number | null {
  const { declaredAt, roles, asks, status, decidedAt, updates, callOrder } = facts;
  const working = status === 'declared' || status === 'mitigating';
  switch (waitsFor) {
    case 'commander':
      // First those whom a rota names are called, one after another.
      if (roles.some(({ role }) => role === 'commander')) return null;
      return declaredAt + callOrder.length * callsMs;
    case 'owner':
      return roles.length > 0 || asks.some(({ owner }) => owner !== null) ? null : declaredAt;
    case 'acknowledgement': {
      const open = asks.filter(({ owner, state }) => owner !== null && state === 'open');
      return open.length === 0 ? null : Math.min(...open.map(({ openedAt }) => openedAt));
    }
    case 'decision':
      return working ? (decidedAt ?? declaredAt) : null;
    case 'containment':
      return working ? declaredAt : null;
    case 'update':
      return updates.length === 0 ? null : Math.min(...updates.map(({ dueAt }) => dueAt));
  }
}
