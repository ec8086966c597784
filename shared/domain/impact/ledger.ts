/**
 * What was lost so far. Invariants: a sum over time is additive (what is lost from a to c is what is lost from a to b and from
 * b to c), never negative and low ≤ likely ≤ high; it follows from the slots that the log holds and the minutes that this
 * console saw, never from when somebody asks; it never changes silently: a slot that is stated anew is a correction.
 *
 *     lost(a, c) = Σ minutes  expected(minute) × share(minute)
 *
 * Time is divided into slots of five minutes. A slot is stated in the log by any console (`impact.checkpoint`), with how much
 * of it was measured and how much estimated. Of several statements the one that rests on more measured time is in force,
 * then on more estimated time, then the later one. Where no console states a slot, this one's own minutes count; a stretch of
 * which nothing is known is bridged: nothing at least, the mean of what was missing before and after it likely, everything at
 * most; of that the part that is worked off later is late, not lost.
 *
 * Worked example: 600 orders an hour expected, 10 a minute. Failing by estimate (0.5–0.8–1) for 5 minutes: 25–40–50 orders
 * lost. Telemetry comes back and measures 60 % missing in those minutes, ± 20 %: 20–30–40. The correction is 40 → 30.
 */
import type { Baseline } from '../estate.ts';
import { expected, MEASURES, type Measure, type Multiplier } from './baseline.ts';
import { exactly, plus, range, times, ZERO, type Range } from './range.ts';

export const SLOT_MS = 5 * 60_000;
export const MINUTE_MS = 60_000;
/** What lies further back than this is not summed up: a wrong date must not cost an hour of work. */
export const MAX_SPAN_MS = 92 * 24 * 3_600_000;

export type Figures = { [M in Measure]: Range | null };

/** What is known of one minute. */
export interface MinuteShare {
  lost: Range;
  buffered: Range;
  basis: 'measured' | 'estimated';
}

/** What was lost in one slot, or in the part of it that is over. */
export interface Slot {
  from: number;
  to: number;
  measuredMs: number;
  estimatedMs: number;
  /** Mean share that was lost. */
  share: Range;
  lost: Figures;
  buffered: Figures;
}

export interface Total {
  lost: Figures;
  buffered: Figures;
  measuredMs: number;
  estimatedMs: number;
  unknownMs: number;
  /** Share of the time that was lost, in minutes: 30 minutes at a half are 15. */
  lostMinutes: number;
}

export interface Business {
  baseline: Baseline | null;
  multipliers: readonly Multiplier[];
  /** Part of what does not come through that waits and is worked off, 0–1; nothing when absent. */
  recoverable?: number;
}

/** The beginning of the slot that holds `at`. */
export function slotOf(at: number): number {
  return Math.floor(at / SLOT_MS) * SLOT_MS;
}

export function nothing(baseline: Baseline | null): Figures {
  const zero = (measure: Measure): Range | null => (baseline?.[measure] ? ZERO : null);
  return { orders: zero('orders'), transactions: zero('transactions'), revenueMinor: zero('revenueMinor') };
}

function addFigures(a: Figures, b: Figures): Figures {
  const sum = {} as Figures;
  for (const measure of MEASURES) {
    const [x, y] = [a[measure], b[measure]];
    sum[measure] = x === null ? y : y === null ? x : plus(x, y);
  }
  return sum;
}

function scaled(figures: Figures, factor: number): Figures {
  const result = {} as Figures;
  for (const measure of MEASURES) {
    const one = figures[measure];
    result[measure] = one === null ? null : times(one, factor);
  }
  return result;
}

/** What of each measure `share` of what is expected from `from` to `to` comes to. */
export function figuresOf({ baseline, multipliers }: Business, share: Range, from: number, to: number): Figures {
  const result = {} as Figures;
  for (const measure of MEASURES) {
    const usual = baseline ? expected(baseline, measure, multipliers, from, to) : null;
    result[measure] = usual === null ? null : times(share, usual.value);
  }
  return result;
}

/** Shares, as likely, on one side of a stretch that nobody saw. */
interface Side {
  lost: number;
  buffered: number;
}

/** What may have been lost and late in a stretch between `sides`: what is worked off later was not lost. */
function bridged({ recoverable = 0 }: Business, sides: readonly Side[]): { lost: Range; buffered: Range } {
  const mean = (of: keyof Side) => sides.reduce((sum, side) => sum + side[of], 0) / Math.max(1, sides.length);
  return { lost: range(0, mean('lost'), 1 - recoverable), buffered: range(0, mean('buffered'), recoverable) };
}

/** A slot as the side of a stretch. */
function sideOf(business: Business, slot: Slot): Side {
  const all = figuresOf(business, exactly(1), slot.from, slot.to);
  const measure = MEASURES.find((one) => (all[one]?.likely ?? 0) > 0);
  const buffered = measure ? (slot.buffered[measure]?.likely ?? 0) / all[measure]!.likely : 0;
  return { lost: slot.share.likely, buffered };
}

/** A stretch of time with one share. */
interface Piece {
  from: number;
  to: number;
  lost: Range;
  buffered: Range;
  basis: MinuteShare['basis'] | 'unknown';
}

/** The minutes from `from` to `to` (ms), neighbours that are alike in one piece, gaps bridged. */
function pieces(
  business: Business,
  minuteAt: (minute: number) => MinuteShare | null,
  from: number,
  to: number,
): Piece[] {
  const found: Piece[] = [];
  for (let at = from; at < to;) {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const end = Math.min(to, minute + MINUTE_MS);
    const known = minuteAt(minute);
    const last = found.at(-1);
    if (known) found.push({ from: at, to: end, ...known });
    else if (last?.basis === 'unknown') last.to = end;
    else found.push({ from: at, to: end, lost: ZERO, buffered: ZERO, basis: 'unknown' });
    at = end;
  }
  return found.map((piece, index) => {
    if (piece.basis !== 'unknown') return piece;
    const sides = [found[index - 1], found[index + 1]].flatMap((side) =>
      side ? [{ lost: side.lost.likely, buffered: side.buffered.likely }] : [],
    );
    return { ...piece, ...bridged(business, sides) };
  });
}

/** What one console saw of a slot, from `from` to `to` within it. */
export function slotFrom(
  business: Business,
  minuteAt: (minute: number) => MinuteShare | null,
  from: number,
  to: number,
): Slot {
  const slot: Slot = {
    from,
    to,
    measuredMs: 0,
    estimatedMs: 0,
    share: ZERO,
    lost: nothing(business.baseline),
    buffered: nothing(business.baseline),
  };
  for (const piece of pieces(business, minuteAt, from, to)) {
    const length = piece.to - piece.from;
    if (piece.basis === 'measured') slot.measuredMs += length;
    else if (piece.basis === 'estimated') slot.estimatedMs += length;
    slot.share = plus(slot.share, times(piece.lost, length / (to - from)));
    slot.lost = addFigures(slot.lost, figuresOf(business, piece.lost, piece.from, piece.to));
    slot.buffered = addFigures(slot.buffered, figuresOf(business, piece.buffered, piece.from, piece.to));
  }
  return slot;
}

/** Whether `a` rests on more than `b`: more measured time, then more estimated time. */
export function better(
  a: Pick<Slot, 'measuredMs' | 'estimatedMs'>,
  b: Pick<Slot, 'measuredMs' | 'estimatedMs'>,
): boolean {
  return a.measuredMs !== b.measuredMs ? a.measuredMs > b.measuredMs : a.estimatedMs > b.estimatedMs;
}

/** The part of a slot between `from` and `to`, as if what was lost in it had been lost evenly. */
export function partOf(slot: Slot, from: number, to: number): Slot {
  const part = overlap(slot, from, to) / Math.max(1, slot.to - slot.from);
  if (part >= 1) return slot;
  return {
    from: Math.max(slot.from, from),
    to: Math.min(slot.to, to),
    measuredMs: slot.measuredMs * part,
    estimatedMs: slot.estimatedMs * part,
    share: slot.share,
    lost: scaled(slot.lost, part),
    buffered: scaled(slot.buffered, part),
  };
}

const overlap = (slot: { from: number; to: number }, from: number, to: number) =>
  Math.max(0, Math.min(slot.to, to) - Math.max(slot.from, from));

export interface Sources {
  business: Business;
  /** The statement in force of a slot of the log, by its beginning. */
  stated: ReadonlyMap<number, Slot>;
  /** What this console saw, by the beginning of the minute. */
  minuteAt: (minute: number) => MinuteShare | null;
  /** The first and last minute of which this console may know anything; asking outside is not needed. */
  seen: { from: number; to: number } | null;
}

/**
 * The slots from `from` to `to` (ms), each from the statement or from this console's minutes, whichever rests on more.
 * Neighbouring slots of which nothing at all is known come as one.
 */
export function slotsBetween({ business, stated, minuteAt, seen }: Sources, from: number, to: number): Slot[] {
  const begin = Math.max(from, to - MAX_SPAN_MS);
  const slots: (Slot & { blank?: boolean })[] = [];
  for (let start = slotOf(begin); start < to; start += SLOT_MS) {
    const [a, b] = [Math.max(begin, start), Math.min(to, start + SLOT_MS)];
    const known = stated.get(start);
    const own = seen !== null && b > seen.from && a <= seen.to + MINUTE_MS ? slotFrom(business, minuteAt, a, b) : null;
    const said = known && overlap(known, a, b) > 0 ? partOf(known, a, b) : null;
    const ownWorth = own !== null && own.measuredMs + own.estimatedMs > 0;
    if (said && !(ownWorth && better(own, said))) {
      if (said.from > a) slots.push(blank(a, said.from));
      slots.push(said);
      if (said.to < b) slots.push(...rest(business, minuteAt, ownWorth, said.to, b));
    } else if (ownWorth) slots.push(own);
    else {
      const last = slots.at(-1);
      if (last?.blank) last.to = b;
      else slots.push(blank(a, b));
    }
  }
  return slots.map((slot, index) => {
    if (!slot.blank) return slot;
    const sides = [slots[index - 1], slots[index + 1]].flatMap((side) => (side ? [sideOf(business, side)] : []));
    return slotFromBlank(business, slot.from, slot.to, sides);
  });
}

function rest(
  business: Business,
  minuteAt: (minute: number) => MinuteShare | null,
  own: boolean,
  from: number,
  to: number,
): (Slot & { blank?: boolean })[] {
  return [own ? slotFrom(business, minuteAt, from, to) : blank(from, to)];
}

function blank(from: number, to: number): Slot & { blank: boolean } {
  const none: Figures = { orders: null, transactions: null, revenueMinor: null };
  return { from, to, measuredMs: 0, estimatedMs: 0, share: ZERO, lost: none, buffered: none, blank: true };
}

function slotFromBlank(business: Business, from: number, to: number, sides: readonly Side[]): Slot {
  const { lost, buffered } = bridged(business, sides);
  return {
    from,
    to,
    measuredMs: 0,
    estimatedMs: 0,
    share: lost,
    lost: figuresOf(business, lost, from, to),
    buffered: figuresOf(business, buffered, from, to),
  };
}

/** What all slots come to. */
export function total(baseline: Baseline | null, slots: readonly Slot[]): Total {
  const sum: Total = {
    lost: nothing(baseline),
    buffered: nothing(baseline),
    measuredMs: 0,
    estimatedMs: 0,
    unknownMs: 0,
    lostMinutes: 0,
  };
  for (const slot of slots) {
    sum.lost = addFigures(sum.lost, slot.lost);
    sum.buffered = addFigures(sum.buffered, slot.buffered);
    sum.measuredMs += slot.measuredMs;
    sum.estimatedMs += slot.estimatedMs;
    sum.unknownMs += Math.max(0, slot.to - slot.from - slot.measuredMs - slot.estimatedMs);
    sum.lostMinutes += (slot.share.likely * (slot.to - slot.from)) / MINUTE_MS;
  }
  return sum;
}

/** What a sum rests on: measured only when all of it is, unknown when most of it is. */
export function basisOf({ measuredMs, estimatedMs, unknownMs }: Omit<Total, 'lost' | 'buffered' | 'lostMinutes'>) {
  if (unknownMs > measuredMs + estimatedMs) return 'unknown' as const;
  return estimatedMs === 0 && unknownMs === 0 ? ('measured' as const) : ('estimated' as const);
}

/** A slot that is stated anew. */
export interface Correction {
  from: number;
  to: number;
  before: Figures;
  after: Figures;
}

/** Less than this share of a change, or one unit, is not worth a line in the timeline. */
const WORTH = 0.01;

/** What restating `pairs` changes, in one; null when nobody would notice. */
export function correctionOf(pairs: readonly { before: Slot; after: Slot }[]): Correction | null {
  if (pairs.length === 0) return null;
  const none: Figures = { orders: null, transactions: null, revenueMinor: null };
  const before = pairs.reduce((sum, pair) => addFigures(sum, pair.before.lost), none);
  const after = pairs.reduce((sum, pair) => addFigures(sum, pair.after.lost), none);
  const noticed = MEASURES.some((measure) => {
    const [a, b] = [before[measure]?.likely ?? 0, after[measure]?.likely ?? 0];
    const least = measure === 'revenueMinor' ? 100 : 1;
    return Math.abs(a - b) > Math.max(least, WORTH * Math.max(a, b));
  });
  if (!noticed) return null;
  return {
    from: Math.min(...pairs.map(({ after: slot }) => slot.from)),
    to: Math.max(...pairs.map(({ after: slot }) => slot.to)),
    before,
    after,
  };
}
