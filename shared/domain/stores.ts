/**
 * What a store can still do, from what is known of its parts. Pure. Invariants: nothing is working for want of news; a
 * person's word stands until it expires or is taken back; what was measured at the store itself outweighs what is
 * measured of its region; bad news of the region counts for a store that fell silent, good news does not.
 */
import { z } from 'zod';
import type { Health } from './words.ts';

/** The line to headquarters, the tills, the store's own server. */
export const StorePart = z.enum(['wan', 'pos', 'edge']);
export type StorePart = z.infer<typeof StorePart>;

export const PartState = z.enum(['works', 'hindered', 'down', 'unknown']);
export type PartState = z.infer<typeof PartState>;

/**
 * Who can still sell, best first. `fallback`: it sells from its own server, its sales are late at headquarters, not lost.
 * `hindered`: it sells, but slowly or at some tills only. Orthogonal to whether it is open at this hour.
 */
export const Selling = z.enum(['sells', 'fallback', 'hindered', 'cannot', 'unknown']);
export type Selling = z.infer<typeof Selling>;

/** Where a fact comes from: a person, the store's own telemetry, a service that it shares with others, or nowhere. */
export const FactFrom = z.enum(['report', 'store', 'shared', 'none']);
export type FactFrom = z.infer<typeof FactFrom>;

/** A value with its source and age. `value` null: not known, or not known any more. */
export interface Fact<T> {
  value: T | null;
  from: FactFrom;
  /** Id of the source or service that says so; null for a person and for nobody. */
  source: string | null;
  /** When it was last confirmed, ms. */
  at: number | null;
  /** Since when it is so, ms; null when that is not known. */
  since: number | null;
  /** When a person's word ends, ms. */
  until: number | null;
  /** Who said it. */
  by: string | null;
  /** One clause: why, or why it is not known. */
  reason: string;
  /** What it last was, when it is not known any more. */
  last: T | null;
}

/** What a person said of one member, as it is kept. */
export interface Reported<T> {
  value: T;
  /** When they said it, ms. */
  at: number;
  /** Until when it counts, ms. */
  until: number;
  by: string;
  reason: string;
}

/** What was measured at the store itself. */
export interface Measured<T> {
  value: T;
  /** When, ms; it is believed for `validForMs` from then on. */
  at: number;
  validForMs: number;
  /** Since when it has this value, ms. */
  since: number;
  source: string;
}

/** What a service that the store shares with others comes to. */
export interface Shared {
  service: string;
  name: string;
  health: Health;
  since: number | null;
  at: number | null;
  reason: string;
}

const PART_OF_HEALTH: Record<Health, PartState> = {
  healthy: 'works',
  'early-warning': 'works',
  degraded: 'hindered',
  failing: 'down',
  unknown: 'unknown',
};

/** At least so much of a part answering counts as working; at most the rest as down. */
const WORKS_FROM = 0.95;

/** A measured share (1: all of it answers, 0: nothing does) as a state; not-a-number is unknown. */
export function partOf(share: number): PartState {
  if (!Number.isFinite(share)) return 'unknown';
  return share >= WORKS_FROM ? 'works' : share <= 1 - WORKS_FROM ? 'down' : 'hindered';
}

export const UNKNOWN_FACT: Fact<never> = {
  value: null,
  from: 'none',
  source: null,
  at: null,
  since: null,
  until: null,
  by: null,
  reason: 'nothing reports on it',
  last: null,
};

/** What is known of something that only the store itself or a person can tell: fallback, what is buffered. */
export function factOf<T>(now: number, reported: Reported<T> | null, measured: Measured<T> | null): Fact<T> {
  if (reported && now < reported.until) {
    const { value, at, until, by, reason } = reported;
    return { value, from: 'report', source: null, at, since: at, until, by, reason, last: null };
  }
  if (measured) {
    const { value, at, since, source, validForMs } = measured;
    const base = { from: 'store' as const, source, at, until: null, by: null };
    if (now <= at + validForMs) return { ...base, value, since, reason: 'measured at the store', last: null };
    return { ...base, value: null, since: at + validForMs, reason: 'nothing heard from the store', last: value };
  }
  if (reported) {
    const { value, until, by } = reported;
    return { ...UNKNOWN_FACT, at: reported.at, since: until, by, reason: 'the report has expired', last: value };
  }
  return UNKNOWN_FACT;
}

/**
 * The worth or the age of what is buffered, to be told beside how many that are: none where a person said how many and the
 * store's telemetry, which says another number, how much they are worth.
 */
export function beside<T>(buffered: Fact<number>, other: Fact<T>): Fact<T> {
  if (buffered.from !== 'report' || other.from !== 'store') return other;
  return { ...UNKNOWN_FACT, reason: 'nobody said it of the number that was reported' };
}

/** What is known of a part of a store; `shared` are the services of that kind that it shares with others. */
export function partFact(
  now: number,
  reported: Reported<PartState> | null,
  measured: Measured<PartState> | null,
  shared: readonly Shared[],
): Fact<PartState> {
  const own = factOf(now, reported, measured);
  if (own.value !== null && own.value !== 'unknown') return own;
  const worst = shared.toSorted((a, b) => RANK[PART_OF_HEALTH[b.health]] - RANK[PART_OF_HEALTH[a.health]])[0];
  if (!worst) return own;
  const value = PART_OF_HEALTH[worst.health];
  // A store that was heard of itself and fell silent is not made well by its region's average.
  if (own.from !== 'none' && value !== 'down') return own;
  if (value === 'unknown' && own.at !== null) return own;
  return {
    value: value === 'unknown' ? null : value,
    from: 'shared',
    source: worst.service,
    at: worst.at,
    since: worst.since,
    until: null,
    by: null,
    reason: `${worst.name}: ${worst.reason}`,
    last: own.last,
  };
}

const RANK: Record<PartState, number> = { works: 0, unknown: 1, hindered: 2, down: 3 };

export interface StoreFacts {
  wan: Fact<PartState>;
  pos: Fact<PartState>;
  edge: Fact<PartState>;
  /** Whether it sells from its own server. */
  fallback: Fact<boolean>;
  /** Transactions that wait to be sent. */
  buffered: Fact<number>;
  /** Their value in minor units of the currency. */
  bufferedMinor: Fact<number>;
  /** When the oldest of them was made, ms. */
  oldestAt: Fact<number>;
}

/** Whether the store can sell, and why in one clause that can be read out. */
export function sellingOf({ wan, pos, edge, fallback }: StoreFacts): { selling: Selling; why: string } {
  const inFallback = fallback.value === true;
  switch (pos.value) {
    case 'down':
      return { selling: 'cannot', why: 'its tills are down' };
    case 'hindered':
      return { selling: 'hindered', why: 'some of its tills are out of order' };
    case 'works':
      if (inFallback) return { selling: 'fallback', why: 'sells from its own server; sales reach us late' };
      if (wan.value === 'down') {
        return edge.value === 'down'
          ? { selling: 'hindered', why: 'its tills work alone, without line and server, for about an hour' }
          : { selling: 'fallback', why: 'its line is down and its tills work: it sells from its own server' };
      }
      return { selling: 'sells', why: 'its tills work' };
    default:
      if (inFallback && edge.value !== 'down')
        return { selling: 'fallback', why: 'its server says that it sells on its own; its tills are not heard of' };
      if (edge.value === 'down')
        return { selling: 'unknown', why: 'its server is down and its tills are not heard of' };
      return {
        selling: 'unknown',
        why:
          wan.value === 'down' ? 'its line is down and nothing is heard of its tills' : 'nothing is heard of its tills',
      };
  }
}

/** The number that people call a store by, such as 112 of `store-112`; null when its name has none. */
export function storeNumber(...names: readonly string[]): string | null {
  for (const name of names) {
    const found = /(\d{1,9})\s*$/.exec(name)?.[1] ?? /^(?:store|shop|filiale|branch)?\s*(\d{1,9})\b/i.exec(name)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}
