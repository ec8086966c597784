/** What holds of impact whatever the baselines, minutes and statements are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expected, type Multiplier } from '../../shared/domain/impact/baseline.ts';
import {
  slotFrom,
  slotOf,
  slotsBetween,
  SLOT_MS,
  total,
  type Figures,
  type MinuteShare,
  type Slot,
} from '../../shared/domain/impact/ledger.ts';
import type { Range } from '../../shared/domain/impact/range.ts';
import { measured, split, storesLoss, type StoreMode } from '../../shared/domain/impact/share.ts';

const MINUTE = 60_000;
const zone = fc.constantFrom(
  'Europe/Vienna',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'UTC',
  'nowhere',
);
const series = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { freq: 20 }), {
  minLength: 168,
  maxLength: 168,
});
const baseline = fc.record({
  timezone: zone,
  orders: series,
  revenueMinor: fc.constant(null),
  transactions: fc.constant(null),
});
/** Around a change of the clocks, and anywhere in two years. */
const instant = fc.oneof(
  fc.integer({ min: Date.parse('2026-03-28T20:00:00Z'), max: Date.parse('2026-03-29T06:00:00Z') }),
  fc.integer({ min: Date.parse('2026-10-03T12:00:00Z'), max: Date.parse('2026-10-04T00:00:00Z') }),
  fc.integer({ min: Date.parse('2026-01-01T00:00:00Z'), max: Date.parse('2027-12-31T00:00:00Z') }),
);
const multiplier = fc
  .record({
    from: instant,
    length: fc.integer({ min: 1, max: 5 * 86_400_000 }),
    factor: fc.double({ min: 0, max: 5, noNaN: true }),
  })
  .map(({ from, length, factor }): Multiplier => ({ title: '', from, to: from + length, multiplier: factor }));
const share = fc
  .tuple(
    ...([0, 1, 2].map(() => fc.double({ min: 0, max: 1, noNaN: true })) as [
      fc.Arbitrary<number>,
      fc.Arbitrary<number>,
      fc.Arbitrary<number>,
    ]),
  )
  .map((ends): Range => {
    const [low, likely, high] = ends.toSorted((a, b) => a - b) as [number, number, number];
    return { low, likely, high };
  });
const minute = fc.option(
  fc.record({ lost: share, buffered: share, basis: fc.constantFrom<MinuteShare['basis']>('measured', 'estimated') }),
  { freq: 4 },
);

const close = (a: number, b: number) =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a), Math.abs(b)) * 1000);
const ordered = (one: Range | null) => {
  if (one === null) return;
  expect(one.low).toBeGreaterThanOrEqual(0);
  expect(one.low).toBeLessThanOrEqual(one.likely * (1 + 1e-12) + 1e-12);
  expect(one.likely).toBeLessThanOrEqual(one.high * (1 + 1e-12) + 1e-12);
};

describe('what usually comes', () => {
  it('is additive over every split and never negative', () => {
    fc.assert(
      fc.property(
        baseline,
        fc.array(multiplier, { maxLength: 3 }),
        instant,
        fc.integer({ min: 0, max: 3 * 86_400_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (base, multipliers, from, length, cut) => {
          const middle = from + Math.floor(length * cut);
          const sum = (a: number, b: number) => expected(base, 'orders', multipliers, a, b)!;
          const whole = sum(from, from + length);
          expect(whole.value).toBeGreaterThanOrEqual(0);
          close(whole.value, sum(from, middle).value + sum(middle, from + length).value);
          expect(whole.gapMs).toBe(sum(from, middle).gapMs + sum(middle, from + length).gapMs);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('shares', () => {
  it('lie in order between nothing and everything, and what is lost and late comes to what is missing', () => {
    const mode = fc.constantFrom<StoreMode>('sells', 'fallback', 'hindered', 'cannot', 'unknown');
    fc.assert(
      fc.property(
        fc.double({ min: -10, max: 1e7, noNaN: true }),
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.array(
          fc.record({
            id: fc.constant('s'),
            share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
            mode,
            open: fc.option(fc.boolean()),
          }),
          { maxLength: 12 },
        ),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (actual, usual, stores, recoverable) => {
          const missing = measured(actual, usual);
          const loss = storesLoss(stores);
          for (const one of [missing, loss.missing, loss.fallback]) {
            ordered(one);
            expect(one.high).toBeLessThanOrEqual(1 + 1e-9);
          }
          const { lost, buffered } = split(missing, loss.fallback, recoverable);
          ordered(lost);
          ordered(buffered);
          close(lost.likely + buffered.likely, missing.likely);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what was lost so far', () => {
  const begin = Date.parse('2026-10-24T22:00:00Z');
  const business = fc.record({ baseline, multipliers: fc.array(multiplier, { maxLength: 2 }) });
  const minutes = fc.array(minute, { minLength: 60, maxLength: 60 });
  const at = (list: readonly (MinuteShare | null)[]) => (one: number) => list[(one - begin) / MINUTE] ?? null;
  const seen = { from: begin, to: begin + 59 * MINUTE };
  const likely = (figures: Figures) => figures.orders?.likely ?? 0;

  it('is additive over every split where it was seen, never negative and in order', () => {
    fc.assert(
      fc.property(
        business,
        fc.array(
          minute.filter((one) => one !== null),
          { minLength: 60, maxLength: 60 },
        ),
        fc.integer({ min: 0, max: 60 * MINUTE }),
        (of, list, cut) => {
          const sum = (from: number, to: number) =>
            total(of.baseline, slotsBetween({ business: of, stated: new Map(), minuteAt: at(list), seen }, from, to));
          const end = begin + 60 * MINUTE;
          const whole = sum(begin, end);
          ordered(whole.lost.orders);
          ordered(whole.buffered.orders);
          close(likely(whole.lost), likely(sum(begin, begin + cut).lost) + likely(sum(begin + cut, end).lost));
          expect(whole.measuredMs + whole.estimatedMs).toBe(60 * MINUTE);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never gets less as time goes on', () => {
    fc.assert(
      fc.property(
        business,
        fc.array(
          minute.filter((one) => one !== null),
          { minLength: 60, maxLength: 60 },
        ),
        fc.array(fc.integer({ min: 1, max: 60 * MINUTE }), { minLength: 2, maxLength: 6 }),
        (of, list, ends) => {
          let before = 0;
          for (const end of ends.toSorted((a, b) => a - b)) {
            const now = likely(
              total(
                of.baseline,
                slotsBetween({ business: of, stated: new Map(), minuteAt: at(list), seen }, begin, begin + end),
              ).lost,
            );
            expect(now).toBeGreaterThanOrEqual(before - 1e-6);
            before = now;
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('trued up comes to what would have been computed with everything at hand from the start', () => {
    fc.assert(
      fc.property(business, minutes, minutes, (of, guessed, told) => {
        const estimatedOnly = guessed.map((one) => (one === null ? null : { ...one, basis: 'estimated' as const }));
        const measurements = told.map((one, index) =>
          one === null ? estimatedOnly[index]! : { ...one, basis: 'measured' as const },
        );
        // The log states the estimates; then the measurements are at hand.
        const stated = new Map<number, Slot>();
        for (let start = slotOf(begin); start < begin + 60 * MINUTE; start += SLOT_MS) {
          const slot = slotFrom(of, at(estimatedOnly), start, start + SLOT_MS);
          if (slot.estimatedMs > 0) stated.set(start, slot);
        }
        const end = begin + 60 * MINUTE;
        const known = new Set(
          Array.from({ length: 12 }, (_, slot) => slot).filter((slot) =>
            measurements.slice(slot * 5, slot * 5 + 5).some((one) => one?.basis === 'measured'),
          ),
        );
        const trued = slotsBetween({ business: of, stated, minuteAt: at(measurements), seen }, begin, end);
        const direct = slotsBetween({ business: of, stated: new Map(), minuteAt: at(measurements), seen }, begin, end);
        expect(trued.at(-1)!.to).toBe(end);
        for (const slot of trued) {
          const index = (slotOf(slot.from) - begin) / SLOT_MS;
          const twin = direct.find((one) => one.from === slot.from && one.to === slot.to);
          if (known.has(index) && twin) close(likely(slot.lost), likely(twin.lost));
          ordered(slot.lost.orders);
        }
      }),
      { numRuns: 100 },
    );
  });
});
