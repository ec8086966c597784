/**
 * Which share of what usually comes is lost now. Invariant: a share lies between 0 and 1 with low ≤ likely ≤ high; what is
 * late but will come (buffered) is never counted as lost.
 *
 * Measured, when telemetry answers:
 *     ratio = actual ÷ expected,  band = ± 2 √(0.05² + 1/n),  n = what is expected in the five minutes that were counted
 *     missing = 1 − ratio when that is more than the band, with the band as its range; inside the band nothing is missing
 * The band is twice the noise: 5 % by which an ordinary week differs from its baseline, and the noise of counting.
 * Worked example: 60 orders an hour expected is 5 in five minutes, a band of ± 90 %: 40 an hour is within the noise. 6,000 an
 * hour is 500 in five minutes, a band of ± 13.4 %: 2,000 an hour is 66.7 % missing, between 53.2 % and 80.1 %.
 *
 * Estimated, when it does not: from the worst health along the hard path, `ESTIMATES`, joined with what the stores lose:
 *     missing = 1 − (1 − path) × (1 − Σ weight of a store × what it lost)
 *
 * Lost against buffered: a store in fallback still sells, and a queue that waits is worked off:
 *     buffered = min(missing, weight of the stores in fallback) + recoverable × the rest;  lost = missing − buffered
 */
import type { Health } from '../words.ts';
import { clamp, either, range, times, ZERO, type Range } from './range.ts';

/** By how much an ordinary week differs from its baseline, one standard deviation. */
const ORDINARY = 0.05;
/** Over how long telemetry counts, hours. */
const WINDOW_HOURS = 5 / 60;

/** Half the width of the band in which a measured value says nothing, as a share of what is expected (per hour). */
export function noise(expectedPerHour: number): number {
  if (!(expectedPerHour > 0)) return 1;
  return Math.min(1, 2 * Math.sqrt(ORDINARY ** 2 + 1 / (expectedPerHour * WINDOW_HOURS)));
}

/**
 * Share that is missing by measurement; both per hour. `counted` is what is expected per hour of the things that are counted
 * when the value itself is money: noise goes with orders, not with cents.
 */
export function measured(actual: number, expectedPerHour: number, counted = expectedPerHour): Range {
  if (!(expectedPerHour > 0)) return ZERO;
  const missing = 1 - Math.max(0, actual) / expectedPerHour;
  if (missing <= 0) return ZERO;
  const band = noise(counted);
  if (missing <= band) return { low: 0, likely: 0, high: missing };
  return { low: missing - band, likely: missing, high: clamp(missing + band) };
}

/** What health says of the share that is lost, when nothing is measured. Wide on purpose. */
export const ESTIMATES: Record<Health, Range> = {
  healthy: ZERO,
  'early-warning': { low: 0, likely: 0, high: 0.1 },
  degraded: { low: 0.1, likely: 0.3, high: 0.6 },
  failing: { low: 0.5, likely: 0.8, high: 1 },
  unknown: { low: 0, likely: 0, high: 1 },
};

/** How a store sells: as usual, from its own server while cut off, hindered, not at all, or nobody knows. */
export type StoreMode = 'sells' | 'fallback' | 'hindered' | 'cannot' | 'unknown';

export interface StoreNow {
  id: string;
  /** Share of in-store sales; null counts as an equal part of what the others leave. */
  share: number | null;
  mode: StoreMode;
  /** By its opening hours; null when they are not known, which counts as open. */
  open: boolean | null;
}

export interface StoresLoss {
  /** Share of in-store sales that does not arrive: of stores in fallback, unable, or not heard of. */
  missing: Range;
  /** The part of it that stores in fallback sell and deliver later. */
  fallback: Range;
  /** Share of the sales of stores that nothing is heard of, 0–1. */
  unheard: number;
}

/**
 * What the stores lose, weighted by their share among those that are open. With none open nothing is lost.
 *
 * Worked example: of ten open stores of 0.1 each, two in fallback, one unable to sell: missing 0.3, of which 0.2 is buffered.
 */
export function storesLoss(stores: readonly StoreNow[]): StoresLoss {
  const open = stores.filter((store) => store.open !== false);
  const weights = weigh(open);
  const sum: StoresLoss = { missing: { ...ZERO }, fallback: { ...ZERO }, unheard: 0 };
  open.forEach(({ mode }, index) => {
    const weight = weights[index]!;
    const part = MODE[mode];
    if (mode === 'unknown') sum.unheard += weight;
    for (const end of ['low', 'likely', 'high'] as const) {
      sum.missing[end] += weight * part.missing[end];
      sum.fallback[end] += weight * part.fallback[end];
    }
  });
  return sum;
}

const ALL: Range = { low: 1, likely: 1, high: 1 };
const MODE: Record<StoreMode, { missing: Range; fallback: Range }> = {
  sells: { missing: ZERO, fallback: ZERO },
  fallback: { missing: ALL, fallback: { low: 0.9, likely: 1, high: 1 } },
  hindered: { missing: ESTIMATES.degraded, fallback: ZERO },
  cannot: { missing: ALL, fallback: ZERO },
  // Not heard of: it may sell as usual, sell from its own server, or stand still.
  unknown: { missing: { low: 0, likely: 0, high: 1 }, fallback: { low: 0, likely: 0, high: 1 } },
};

function weigh(stores: readonly StoreNow[]): number[] {
  const known = stores.reduce((sum, { share }) => sum + Math.max(0, share ?? 0), 0);
  const without = stores.filter(({ share }) => share === null).length;
  const each =
    without === 0 ? 0 : known > 0 && known < 1 ? (1 - known) / without : known > 0 ? known / stores.length : 1;
  const total = known + each * without;
  return stores.map(({ share }) => (total > 0 ? Math.max(0, share ?? each) / total : 0));
}

/** Shares that are lost for good and that are late, of what is missing. */
export interface Split {
  lost: Range;
  buffered: Range;
}

/** Divides what is missing. `recoverable`: the part of the rest that waits somewhere and is worked off, 0–1. */
export function split(missing: Range, fallback: Range, recoverable: number): Split {
  const kept = clamp(recoverable);
  const inStores = range(
    Math.min(missing.low, fallback.low),
    Math.min(missing.likely, fallback.likely),
    Math.min(missing.high, fallback.high),
  );
  const rest = range(
    Math.max(0, missing.low - fallback.high),
    Math.max(0, missing.likely - fallback.likely),
    Math.max(0, missing.high - fallback.low),
  );
  const waiting = times(rest, kept);
  return {
    lost: times(rest, 1 - kept),
    buffered: range(inStores.low + waiting.low, inStores.likely + waiting.likely, clamp(inStores.high + waiting.high)),
  };
}

/** What is missing by estimate: the worst health on the hard path outside the stores, joined with what the stores lose. */
export function estimated(path: Health, stores: StoresLoss | null): Range {
  const central = ESTIMATES[path];
  return stores === null ? central : either(central, stores.missing);
}
