/**
 * Emergency grants as the log has them. Invariant: a grant follows from its ops alone, in whatever order they came; it is in
 * force only between its opening and the first of its end and its expiry, told by a clock that never goes back; a code that
 * opened two grants is shown with both.
 */

/** Member that is added to the payload of every op that is written under a grant. Schemas let it pass, so older ops keep their ids. */
export const UNDER_GRANT = 'underGrant';

/** How a timeline line says it. */
export const UNDER_WORDS = ' [under emergency access]';

export const WAYS = ['code', 'two-persons', 'remote', 'phone'] as const;
export type Way = (typeof WAYS)[number];

export interface Asked {
  holder: string;
  reason: string;
  capabilities: readonly string[];
  incidents: readonly string[];
  minutes: number;
  at: number;
  by: string;
  console: string;
}

export interface Answer {
  answer: 'approved' | 'refused';
  reason: string | null;
  at: number;
  by: string;
  console: string;
  /** What was approved, when it was read out on the phone. */
  phone: {
    console: string;
    holder: string;
    capabilities: readonly string[];
    incident: number | null;
    minutes: number;
  } | null;
}

export interface Opened {
  holder: string;
  way: Way;
  reason: string;
  capabilities: readonly string[];
  incidents: readonly string[];
  expiresAt: number;
  codes: readonly string[];
  witness: string | null;
  approvedAt: string | null;
  at: number;
  by: string;
  console: string;
  seq: number;
  hlc: string;
}

export interface Grant {
  id: string;
  /** Where its ops stand: an incident, or the estate. */
  scope: string;
  request: Asked | null;
  /** In the order in which they were given. */
  answers: Answer[];
  opened: Opened | null;
  /** The first end that somebody gave it. */
  ended: { at: number; by: string; reason: string | null } | null;
  reviews: { at: number; by: string; verdict: 'proper' | 'finding'; text: string }[];
}

export interface GrantDoc {
  id: string;
  scope: string;
  doc: Readonly<Record<string, unknown>>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const time = (value: unknown): number => (typeof value === 'number' ? value : 0);
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
const orNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What the ops of a grant say together. */
export function foldGrant({ id, scope, doc }: GrantDoc): Grant {
  const named = (prefix: string) =>
    Object.entries(doc)
      .filter(([field, value]) => field.startsWith(prefix) && typeof value === 'object' && value !== null)
      .map(([, value]) => value as Record<string, unknown>)
      .sort((a, b) => time(a['at']) - time(b['at']) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  const request = doc['request'] as Record<string, unknown> | undefined;
  const open = doc['open'] as Record<string, unknown> | undefined;
  const [end] = named('end:');
  return {
    id,
    scope,
    request: request
      ? {
          ...{ holder: text(request['holder']), reason: text(request['reason']) },
          ...{ capabilities: texts(request['capabilities']), incidents: texts(request['incidents']) },
          ...{ minutes: time(request['minutes']), at: time(request['at']), by: text(request['by']) },
          console: text(request['console']),
        }
      : null,
    answers: named('answer:').map((one) => ({
      answer: one['answer'] === 'approved' ? 'approved' : 'refused',
      ...{ reason: orNull(one['reason']), at: time(one['at']), by: text(one['by']), console: text(one['console']) },
      phone: (one['phone'] ?? null) as Answer['phone'],
    })),
    opened: open
      ? {
          ...{ holder: text(open['holder']), way: (open['way'] ?? 'code') as Way, reason: text(open['reason']) },
          ...{ capabilities: texts(open['capabilities']), incidents: texts(open['incidents']) },
          ...{ expiresAt: time(open['expiresAt']), codes: texts(open['codes']), witness: orNull(open['witness']) },
          ...{ approvedAt: orNull(open['approvedAt']), at: time(open['at']), by: text(open['by']) },
          ...{ console: text(open['console']), seq: time(open['seq']), hlc: text(open['hlc']) },
        }
      : null,
    ended: end ? { at: time(end['at']), by: text(end['by']), reason: orNull(end['reason']) } : null,
    reviews: named('review:').map((one) => ({
      ...{ at: time(one['at']), by: text(one['by']), text: text(one['text']) },
      verdict: one['verdict'] === 'finding' ? 'finding' : 'proper',
    })),
  };
}

export type GrantState = 'asked' | 'approved' | 'refused' | 'lapsed' | 'in-force' | 'ended' | 'expired';

/** @param now ms, by a clock that does not go back @param takeUpMs how long an approval may be taken up */
export function stateOf(grant: Grant, now: number, takeUpMs: number): GrantState {
  const { opened, ended, answers, request } = grant;
  if (opened) return ended ? 'ended' : opened.expiresAt <= now ? 'expired' : 'in-force';
  if (ended || answers.some(({ answer }) => answer === 'refused')) return 'refused';
  const [first] = answers;
  if (first) return first.at + takeUpMs <= now ? 'lapsed' : 'approved';
  return (request?.at ?? 0) + takeUpMs <= now ? 'lapsed' : 'asked';
}

/** Who opened, held or approved it: none of them looks at it afterwards. */
export function partiesOf({ opened, request, answers }: Grant): string[] {
  const people = [opened?.holder, opened?.witness, request?.holder, ...answers.map(({ by }) => by)];
  return [...new Set(people.filter((one): one is string => typeof one === 'string' && one !== ''))];
}

/** Whether somebody who had no part in it looked at it after it was over. */
export function isReviewed(grant: Grant): boolean {
  const parties = partiesOf(grant);
  return grant.reviews.some(({ by }) => !parties.includes(by));
}

/** Codes that opened more than one grant, each with these grants in the order of their opening. */
export function usedTwice(grants: readonly Grant[]): Map<string, Grant[]> {
  const uses = new Map<string, Grant[]>();
  for (const grant of grants)
    for (const code of new Set(grant.opened?.codes ?? [])) {
      const known = uses.get(code);
      if (known) known.push(grant);
      else uses.set(code, [grant]);
    }
  for (const [code, list] of uses) {
    if (list.length < 2) uses.delete(code);
    else list.sort((a, b) => (a.opened!.hlc < b.opened!.hlc ? -1 : 1));
  }
  return uses;
}

/** What a grant concerns beyond incidents: capabilities that no incident limits. */
export const UNBOUND: readonly string[] = ['read', 'declare', 'edit-estate', 'audit'];
