/**
 * Whether a condition holds, and since when. Invariants: it is judged by the times of what was seen, never by when somebody asks; what
 * is stale or was never heard is unknown, which is never fine and never begins a hold; a gap in what was seen begins it anew.
 */
import { worstFirst } from '../health.ts';
import type { Health } from '../words.ts';
import {
  amount,
  type HealthCondition,
  type MetricCondition,
  type Purpose,
  type StoresCondition,
} from './conditions.ts';

/** met: it held long enough; holding: it holds, not yet long enough. */
export type HoldState = 'met' | 'holding' | 'not-met' | 'unknown';

export interface Hold {
  state: HoldState;
  /** Since when it holds, ms; null when it does not. */
  since: number | null;
  /** When it was last seen not to hold, ms; null when that was not seen. A refusal stands until then. */
  clearedAt: number | null;
  /** When what it rests on was last confirmed, ms. */
  observedAt: number | null;
  /** "7,412 orders". */
  now: string;
}

/** Nothing seen for longer than this is a gap, ms. */
export const GAP_MS = 5 * 60_000;

/** What was measured of one thing. */
export interface Track {
  unit: string;
  /** One a minute, oldest first. */
  samples: readonly { at: number; value: number }[];
  /** The newest value; null when there was no answer. */
  value: number | null;
  observedAt: number;
  /** Too old to be believed. */
  stale: boolean;
}

/**
 * A metric's hold. Past the limit it counts as past until it reaches `clear`; it is met once the newest sample lies
 * `minutes` after the one that began it.
 *
 * Worked example: above 5,000, clear 4,000, for 10 min: 5,200 at 14:00, 4,600 at 14:04, 5,100 at 14:10 is met since 14:00;
 * with 3,900 at 14:04 it begins again with the next value above 5,000.
 *
 * @param from nothing before it counts, ms
 */
export function metricHold(condition: MetricCondition, track: Track, from = -Infinity): Hold {
  const { side, limit, clear, minutes } = condition;
  const past = (value: number): boolean => (side === 'above' ? value > limit : value < limit);
  const cleared = (value: number): boolean => (side === 'above' ? value <= clear : value >= clear);
  const { value, observedAt } = track;
  const seen = value === null || track.stale ? track.samples : [...track.samples, { at: observedAt, value }];
  let since: number | null = null;
  let clearedAt: number | null = null;
  let last: number | null = null;
  for (const sample of seen) {
    if (last !== null && sample.at < last) continue;
    if (last !== null && sample.at - last > GAP_MS) since = null;
    if (past(sample.value)) since ??= sample.at;
    else if (since === null || cleared(sample.value)) {
      since = null;
      clearedAt = sample.at;
    }
    last = sample.at;
  }
  const now = value === null ? 'no answer' : amount(value, track.unit);
  const common = { clearedAt, observedAt };
  if (value === null || track.stale)
    return { ...common, state: 'unknown', since: null, now: track.stale && value !== null ? `last ${now}` : now };
  if (since === null) return { ...common, state: 'not-met', since: null, now };
  const begin = Math.max(since, from);
  return { ...common, state: observedAt - begin >= minutes * 60_000 ? 'met' : 'holding', since: begin, now };
}

/** Health of a service as far as a hold goes. */
export interface HealthTrack {
  health: Health;
  /** Since when it is so good or so bad, ms; null when that is not known. */
  since: number | null;
  observedAt: number | null;
}

/** A health's hold: in `when` as bad as the condition says, in `exit` as good. A health that is not known is neither. */
export function healthHold(
  condition: HealthCondition,
  purpose: Purpose,
  { health, since, observedAt }: HealthTrack,
  now: number,
  from = -Infinity,
): Hold {
  const common = { observedAt, now: health.replace('-', ' ') };
  if (health === 'unknown') return { ...common, state: 'unknown', since: null, clearedAt: null };
  const order = worstFirst(health, condition.health);
  if (purpose === 'when' ? order > 0 : order < 0) return { ...common, state: 'not-met', since: null, clearedAt: now };
  return { ...common, ...lasted(since, condition.minutes, now, from) };
}

/** One store as far as a hold goes. */
export interface StoreTrack {
  selling: 'sells' | 'fallback' | 'hindered' | 'cannot' | 'unknown';
  open: boolean | null;
  /** Since when, ms; null when that is not known. */
  since: number | null;
  observedAt: number | null;
}

/**
 * The stores' hold. `when` counts open stores only; `exit` counts closed ones too, because what they could not do waits in them
 * overnight. A store that is not heard of could be either: where that decides, it is unknown.
 */
export function storesHold(
  condition: StoresCondition,
  purpose: Purpose,
  stores: readonly StoreTrack[],
  now: number,
  from = -Infinity,
): Hold {
  const counted = purpose === 'when' ? stores.filter(({ open }) => open !== false) : stores;
  const hit = counted.filter(({ selling }) => selling === condition.selling);
  const silent = counted.filter(({ selling }) => selling === 'unknown').length;
  const times = counted.flatMap(({ observedAt }) => observedAt ?? []);
  const common = {
    observedAt: times.length === 0 ? null : Math.max(...times),
    now: `${hit.length} of ${counted.length}${silent > 0 ? `, ${silent} not heard of` : ''}`,
  };
  const unknown: Hold = { ...common, state: 'unknown', since: null, clearedAt: null };
  const { limit } = condition;
  if (counted.length === 0)
    return stores.length === 0 ? unknown : { ...common, state: 'not-met', since: null, clearedAt: now };
  if (purpose === 'when') {
    const wanted = Math.max(1, 'count' in limit ? limit.count : Math.ceil(limit.share * counted.length));
    if (hit.length < wanted)
      return hit.length + silent >= wanted ? unknown : { ...common, state: 'not-met', since: null, clearedAt: now };
    // It holds since the store that made it enough.
    const began = hit.map(({ since }) => since ?? now).sort((a, b) => a - b)[wanted - 1]!;
    return { ...common, ...lasted(began, condition.minutes, now, from) };
  }
  const most = 'count' in limit ? limit.count : Math.floor(limit.share * counted.length);
  if (hit.length > most) return { ...common, state: 'not-met', since: null, clearedAt: now };
  if (hit.length + silent > most) return unknown;
  // Since the last change of a store that does not count: earlier it may have been one too many.
  const others = counted.filter(({ selling }) => selling !== condition.selling);
  const turned = others.flatMap(({ since }) => since ?? []);
  return { ...common, ...lasted(turned.length === 0 ? null : Math.max(...turned), condition.minutes, now, from) };
}

function lasted(
  since: number | null,
  minutes: number,
  now: number,
  from: number,
): Pick<Hold, 'state' | 'since' | 'clearedAt'> {
  const begin = Math.max(since ?? now, from);
  return { state: now - begin >= minutes * 60_000 ? 'met' : 'holding', since: begin, clearedAt: since };
}

const ANY: readonly HoldState[] = ['met', 'holding', 'unknown', 'not-met'];
const ALL: readonly HoldState[] = ['not-met', 'unknown', 'holding', 'met'];

/** What several come to: of a `when` the first that is met counts, of an `exit` the first that is not. */
export function weigh(states: readonly HoldState[], purpose: Purpose): HoldState {
  return (purpose === 'when' ? ANY : ALL).find((state) => states.includes(state)) ?? 'unknown';
}

/** Whether a met condition asks again after somebody said no, or ended it, at `saidAt` (ms): only when it was well in between. */
export function asksAgain({ state, clearedAt }: Pick<Hold, 'state' | 'clearedAt'>, saidAt: number | null): boolean {
  return state === 'met' && (saidAt === null || (clearedAt !== null && clearedAt > saidAt));
}
