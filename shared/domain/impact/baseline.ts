/**
 * What usually comes: a baseline by hour of the week, with holidays and promotions as multipliers. Invariant: `expected`
 * is an exact integral of a piecewise constant rate, hence additive: expected(a, c) = expected(a, b) + expected(b, c) for
 * every b in between, and never negative. An hour that the clocks skip brings nothing, an hour that comes twice counts
 * twice.
 *
 *     rate(t)        = baseline[hour of week of t in the baseline's zone] × Π multipliers in force at t     (per hour)
 *     expected(a, b) = ∫ rate(t) dt from a to b
 *
 * Worked example: 600 orders from 20 to 21 on Mondays, 300 from 21 to 22. Between 20:45 and 21:10 there come
 * 600 × 15/60 + 300 × 10/60 = 150 + 50 = 200 orders; with a promotion of × 1.5 from 21:00 on, 150 + 75 = 225.
 *
 * A gap (an hour without a number, or with one that makes no sense) counts as the mean of the same hour on the other days,
 * else of all hours that are known, and is told: `gapMs` says for how long.
 */
import type { Baseline } from '../estate.ts';
import { instants, localTime, offset, safeZone } from '../times.ts';

export const MEASURES = ['orders', 'transactions', 'revenueMinor'] as const;
export type Measure = (typeof MEASURES)[number];

/** An entry of the calendar, on one business service: from `from` to `to` (ms) what usually comes is multiplied. */
export interface Multiplier {
  title: string;
  from: number;
  to: number;
  multiplier: number;
}

export interface Expected {
  value: number;
  /** For how much of the time the baseline had a gap, ms. */
  gapMs: number;
}

const QUARTER = 15 * 60_000;
const HOUR = 3_600_000;
/** More in one hour than any shop on earth sells is a slip of the keys: counts as a gap. */
const ABSURD = 1e13;

const sane = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < ABSURD;

const filled = new WeakMap<readonly (number | null)[], { rates: readonly number[]; gaps: readonly boolean[] }>();

/** The series with its gaps filled, and where they were. */
function rates(series: readonly (number | null)[]): { rates: readonly number[]; gaps: readonly boolean[] } {
  const known = filled.get(series);
  if (known) return known;
  const mean = (values: readonly (number | null | undefined)[]): number | null => {
    const good = values.filter(sane);
    return good.length === 0 ? null : good.reduce((sum, value) => sum + value, 0) / good.length;
  };
  const gaps = Array.from({ length: 168 }, (_, hour) => !sane(series[hour]));
  const result = {
    gaps,
    rates: gaps.map((gap, hour) =>
      gap
        ? (mean(Array.from({ length: 7 }, (_, day) => series[day * 24 + (hour % 24)])) ?? mean(series) ?? 0)
        : series[hour]!,
    ),
  };
  filled.set(series, result);
  return result;
}

/** Hours of the week without a usable number. */
export function gapsIn(series: readonly (number | null)[]): number {
  return rates(series).gaps.filter(Boolean).length;
}

/** What usually comes per hour at `at`; null when the baseline has no such series. */
export function rateAt(
  baseline: Baseline,
  measure: Measure,
  multipliers: readonly Multiplier[],
  at: number,
): number | null {
  const series = baseline[measure];
  if (!series) return null;
  const { weekday, hour } = localTime(at, baseline.timezone);
  return rates(series).rates[(weekday - 1) * 24 + hour]! * factorAt(multipliers, at);
}

/** What usually comes from `from` to `to` (ms); null when the baseline has no such series. Nothing when `to` is not after `from`. */
export function expected(
  baseline: Baseline,
  measure: Measure,
  multipliers: readonly Multiplier[],
  from: number,
  to: number,
): Expected | null {
  const series = baseline[measure];
  if (!series) return null;
  const { rates: hourly, gaps } = rates(series);
  const result: Expected = { value: 0, gapMs: 0 };
  const edges = multipliers.flatMap((one) => [one.from, one.to]);
  for (let at = from; at < to;) {
    // Offsets from UTC and their changes lie on quarters of an hour in every zone in use.
    const { weekday, hour, minute } = localTime(at, baseline.timezone);
    const quarter = (Math.floor(at / QUARTER) + 1) * QUARTER;
    const whole = minute < 15 && steady(at, baseline.timezone) ? quarter + 3 * QUARTER : quarter;
    const end = edges.reduce((least, edge) => (edge > at && edge < least ? edge : least), Math.min(to, whole));
    const index = (weekday - 1) * 24 + hour;
    result.value += (hourly[index]! * factorAt(multipliers, at) * (end - at)) / HOUR;
    if (gaps[index]) result.gapMs += end - at;
    at = end;
  }
  return result;
}

/** Whether the local hour that holds `at`, in its first quarter, runs to its end without a change of the clocks. */
function steady(at: number, zone: string): boolean {
  const first = Math.floor(at / QUARTER) * QUARTER;
  return offset(first, zone) === offset(first + HOUR - 1_000, zone);
}

function factorAt(multipliers: readonly Multiplier[], at: number): number {
  let factor = 1;
  for (const { from, to, multiplier } of multipliers) if (at >= from && at < to) factor *= multiplier;
  return factor;
}

/** What is in force at `at`. */
export function inForceAt(multipliers: readonly Multiplier[], at: number): Multiplier[] {
  return multipliers.filter(({ from, to }) => at >= from && at < to);
}

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?$/;

/**
 * The instant of a date or of a date and time as clocks in `zone` show it; null when there is no such date. A date alone is
 * its midnight, or as an `end` the midnight after it: "to 2026-12-26" includes the 26th. A time that the clocks skipped
 * is the moment they skipped to; one that came twice is the first.
 */
export function momentOf(text: string, zone: string, end = false): number | null {
  const match = MOMENT.exec(text.trim());
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const bare = match[4] === undefined;
  const [hour, minute] = bare ? [0, 0] : [Number(match[4]), Number(match[5])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 24 || minute > 59) return null;
  if (hour === 24 && minute !== 0) return null;
  const later = new Date(Date.UTC(year, month - 1, day + (bare && end ? 1 : hour === 24 ? 1 : 0)));
  const local = {
    year: later.getUTCFullYear(),
    month: later.getUTCMonth() + 1,
    day: later.getUTCDate(),
    hour: hour === 24 ? 0 : hour,
    minute,
    second: 0,
  };
  const known = safeZone(zone);
  const found = instants(local, known)[0];
  if (found !== undefined) return found;
  // Skipped: read it with the offset from before, which gives the moment after.
  const asUtc = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  return asUtc - offset(asUtc - 24 * HOUR, known);
}
