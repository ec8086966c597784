/** The worked examples of the rules of impact. */
import { describe, expect, it } from 'vitest';
import type { Baseline, CalendarEntry } from '../../shared/domain/estate.ts';
import { expected, gapsIn, momentOf, rateAt } from '../../shared/domain/impact/baseline.ts';
import { multipliersOf } from '../../shared/domain/impact/calendar.ts';
import { clocksOf, monthOf } from '../../shared/domain/impact/clocks.ts';
import { hurtSince } from '../../shared/domain/impact/hurt.ts';
import {
  basisOf,
  correctionOf,
  MAX_SPAN_MS,
  slotFrom,
  slotsBetween,
  total,
  type MinuteShare,
  type Slot,
} from '../../shared/domain/impact/ledger.ts';
import { compact, countsOf, loss, money, rateLine, scaleOf, sumLine } from '../../shared/domain/impact/money.ts';
import { exactly, range, ZERO } from '../../shared/domain/impact/range.ts';
import { ESTIMATES, estimated, measured, noise, split, storesLoss } from '../../shared/domain/impact/share.ts';
import type { Health } from '../../shared/domain/words.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const at = (text: string) => Date.parse(text);

function week(values: Record<number, number | null>, rest: number | null = 0): (number | null)[] {
  return Array.from({ length: 168 }, (_, hour) => (hour in values ? values[hour]! : rest));
}
const baseline = (orders: (number | null)[], timezone = 'Europe/Vienna'): Baseline => ({
  timezone,
  orders,
  revenueMinor: null,
  transactions: null,
});
/** 600 orders from 20 to 21 on Mondays, 300 from 21 to 22. */
const evening = baseline(week({ 20: 600, 21: 300 }));
/** Monday 23 November 2026 in Vienna is UTC+1. */
const monday = (clock: string) => at(`2026-11-23T${clock}:00+01:00`);

describe('what usually comes', () => {
  it('is the exact integral over parts of hours', () => {
    expect(expected(evening, 'orders', [], monday('20:45'), monday('21:10'))!.value).toBeCloseTo(200, 9);
    expect(expected(evening, 'orders', [], monday('21:10'), monday('20:45'))!.value).toBe(0);
    expect(expected(evening, 'transactions', [], monday('20:00'), monday('21:00'))).toBeNull();
  });

  it('is multiplied while an entry of the calendar lasts, and entries that overlap multiply each other', () => {
    const sale = { title: 'Sale', from: monday('21:00'), to: monday('23:00'), multiplier: 1.5 };
    expect(expected(evening, 'orders', [sale], monday('20:45'), monday('21:10'))!.value).toBeCloseTo(225, 9);
    const half = { title: 'Half', from: monday('21:05'), to: monday('21:10'), multiplier: 0.5 };
    expect(expected(evening, 'orders', [sale, half], monday('20:45'), monday('21:10'))!.value).toBeCloseTo(206.25, 9);
    expect(rateAt(evening, 'orders', [sale, half], monday('21:07'))).toBe(225);
  });

  it('skips the hour that the clocks skip and counts twice the one that comes twice', () => {
    // Sunday: hours 144 to 167. On 29 March 2026 02:00 becomes 03:00, on 25 October 03:00 becomes 02:00 again.
    const nights = baseline(week({ 145: 10, 146: 20, 147: 40 }));
    const sum = (from: string, to: string) => expected(nights, 'orders', [], at(from), at(to))!.value;
    expect(sum('2026-03-29T01:00:00+01:00', '2026-03-29T04:00:00+02:00')).toBeCloseTo(10 + 40, 9);
    expect(sum('2026-10-25T01:00:00+02:00', '2026-10-25T04:00:00+01:00')).toBeCloseTo(10 + 20 + 20 + 40, 9);
  });

  it('counts in zones that are half or three quarters of an hour off, and where clocks change by half an hour', () => {
    const nepal = baseline(week({}, 60), 'Asia/Kathmandu');
    expect(expected(nepal, 'orders', [], at('2026-11-23T00:07:00Z'), at('2026-11-23T03:22:00Z'))!.value).toBeCloseTo(
      195,
      9,
    );
    // Lord Howe, Sunday 4 October 2026: 02:00 becomes 02:30.
    const howe = baseline(week({ 145: 60, 146: 120, 147: 240 }), 'Australia/Lord_Howe');
    const from = at('2026-10-04T01:00:00+10:30');
    expect(expected(howe, 'orders', [], from, from + 2 * HOUR)!.value).toBeCloseTo(60 + 60 + 120, 9);
  });

  it('fills a gap with the same hour of other days, and says for how long', () => {
    const gappy = baseline(week({ 20: null, 44: 500, 68: 700 }, null));
    expect(expected(gappy, 'orders', [], monday('20:30'), monday('21:00'))).toEqual({ value: 300, gapMs: HOUR / 2 });
    expect(gapsIn(gappy.orders!)).toBe(166);
    expect(gapsIn(week({ 0: 1e300, 1: Number.NaN, 2: -4 }, 1))).toBe(3);
    expect(expected(baseline(week({}, null)), 'orders', [], monday('20:00'), monday('21:00'))!.value).toBe(0);
  });

  it('reads dates in the zone of the baseline; a date alone includes its day', () => {
    expect(momentOf('2026-12-24', 'Europe/Vienna')).toBe(at('2026-12-23T23:00:00Z'));
    expect(momentOf('2026-12-26', 'Europe/Vienna', true)).toBe(at('2026-12-26T23:00:00Z'));
    expect(momentOf('2026-12-24T14:00', 'Europe/Vienna')).toBe(at('2026-12-24T13:00:00Z'));
    expect(momentOf('2026-03-29T02:30', 'Europe/Vienna')).toBe(at('2026-03-29T01:30:00Z'));
    for (const wrong of ['2026-02-30', '2026-13-01', 'Christmas', '2026-01-01T25:00'])
      expect(momentOf(wrong, 'UTC')).toBeNull();
  });

  it('takes an entry for some regions by the share of their stores', () => {
    const entry = (more: Partial<CalendarEntry>): CalendarEntry => ({
      ...{
        from: '2026-01-06',
        to: '2026-01-06',
        title: 'Epiphany',
        multiplier: 0.1,
        businessServices: [],
        regions: [],
      },
      ...more,
    });
    const stores = { id: 'in-store', zone: 'Europe/Vienna', shareOf: () => 0.2 };
    const regional = multipliersOf([entry({ regions: ['styria'] })], stores);
    expect(regional.multipliers[0]!.multiplier).toBeCloseTo(0.82, 12);
    const online = multipliersOf([entry({ regions: ['styria'] })], { ...stores, shareOf: () => null });
    expect(online).toEqual({ multipliers: [], problems: [expect.stringContaining('Epiphany')] });
    expect(multipliersOf([entry({ businessServices: ['checkout'] })], stores).multipliers).toEqual([]);
    expect(multipliersOf([entry({ to: '2026-01-05' })], stores).problems).toHaveLength(1);
  });
});

describe('the share that is missing', () => {
  it('is measured against what is expected, with the noise of counting', () => {
    expect(noise(60)).toBeCloseTo(0.9, 2);
    expect(measured(40, 60)).toEqual({ low: 0, likely: 0, high: expect.closeTo(1 / 3, 9) as number });
    const most = measured(2000, 6000);
    expect(most.likely).toBeCloseTo(0.6667, 4);
    expect(most.low).toBeCloseTo(0.5325, 3);
    expect(most.high).toBeCloseTo(0.8008, 3);
    expect(measured(6600, 6000)).toEqual(ZERO);
    expect(measured(0, 0)).toEqual(ZERO);
    expect(measured(-5, 6000).likely).toBe(1);
  });

  it('is estimated from health along the path, joined with what the stores lose', () => {
    expect(estimated('failing', null)).toEqual(ESTIMATES.failing);
    const stores = storesLoss(
      Array.from({ length: 10 }, (_, index) => ({
        id: `s${index}`,
        share: 0.1,
        open: true,
        mode: index < 2 ? ('fallback' as const) : index === 2 ? ('cannot' as const) : ('sells' as const),
      })),
    );
    expect(stores.missing.likely).toBeCloseTo(0.3, 12);
    expect(stores.fallback.likely).toBeCloseTo(0.2, 12);
    expect(estimated('degraded', stores).likely).toBeCloseTo(1 - 0.7 * 0.7, 12);
  });

  it('counts open stores only, and gives those without a share their part of the rest', () => {
    const store = (id: string, share: number | null, mode: 'sells' | 'cannot', open: boolean | null) => ({
      id,
      share,
      mode,
      open,
    });
    const loss = storesLoss([
      store('a', 0.5, 'cannot', true),
      store('b', null, 'sells', null),
      store('c', 0.4, 'cannot', false),
    ]);
    expect(loss.missing.likely).toBeCloseTo(0.5, 12);
    expect(storesLoss([store('a', 0.5, 'cannot', false)]).missing).toEqual(ZERO);
  });

  it('is late and not lost in stores that sell from their own server, and where a queue waits', () => {
    const { lost, buffered } = split(exactly(0.3), exactly(0.2), 0);
    expect(lost.likely).toBeCloseTo(0.1, 12);
    expect(buffered.likely).toBeCloseTo(0.2, 12);
    expect(split(exactly(0.4), ZERO, 1)).toEqual({ lost: ZERO, buffered: exactly(0.4) });
  });
});

describe('what was lost so far', () => {
  const business = { baseline: baseline(week({}, 600), 'UTC'), multipliers: [] };
  const start = at('2026-11-23T20:00:00Z');
  const failing = (): MinuteShare => ({ lost: ESTIMATES.failing, buffered: ZERO, basis: 'estimated' });
  const telemetry = (): MinuteShare => ({ lost: range(0.4, 0.6, 0.8), buffered: ZERO, basis: 'measured' });
  const none = () => null;

  it('is an integral of minutes, and a measurement that replaces an estimate is a correction', () => {
    const before = slotFrom(business, failing, start, start + 5 * MINUTE);
    const after = slotFrom(business, telemetry, start, start + 5 * MINUTE);
    expect(before.lost.orders).toEqual({ low: 25, likely: 40, high: 50 });
    expect(after.lost.orders!.likely).toBeCloseTo(30, 9);
    const correction = correctionOf([{ before, after }])!;
    expect(correction.before.orders!.likely).toBeCloseTo(40, 9);
    expect(correction.after.orders!.likely).toBeCloseTo(30, 9);
    expect(correctionOf([{ before, after: before }])).toBeNull();
  });

  it('takes of two statements the one that rests on more, and states nothing away', () => {
    const stated = new Map([[start, slotFrom(business, telemetry, start, start + 5 * MINUTE)]]);
    const seen = { from: start, to: start + 9 * MINUTE };
    const slots = slotsBetween({ business, stated, minuteAt: failing, seen }, start, start + 10 * MINUTE);
    const sum = total(business.baseline, slots);
    expect(sum.lost.orders!.likely).toBeCloseTo(30 + 40, 9);
    expect([sum.measuredMs, sum.estimatedMs, sum.unknownMs]).toEqual([5 * MINUTE, 5 * MINUTE, 0]);
    expect(basisOf(sum)).toBe('estimated');
  });

  it('bridges what nobody saw: nothing at least, the mean of both sides likely, everything at most', () => {
    const stated = new Map<number, Slot>([
      [start, slotFrom(business, telemetry, start, start + 5 * MINUTE)],
      [start + 20 * MINUTE, slotFrom(business, failing, start + 20 * MINUTE, start + 25 * MINUTE)],
    ]);
    const slots = slotsBetween({ business, stated, minuteAt: none, seen: null }, start, start + 25 * MINUTE);
    expect(slots).toHaveLength(3);
    expect(slots[1]!.lost.orders).toEqual({ low: 0, likely: expect.closeTo(150 * 0.7, 9) as number, high: 150 });
    expect(total(business.baseline, slots).unknownMs).toBe(15 * MINUTE);
  });

  it('bridges what is worked off later as late, never as lost', () => {
    const queue = { ...business, recoverable: 1 };
    const waits = (): MinuteShare => ({ lost: ZERO, buffered: ESTIMATES.failing, basis: 'estimated' });
    const stated = new Map([[start, slotFrom(queue, waits, start, start + 5 * MINUTE)]]);
    const slots = slotsBetween({ business: queue, stated, minuteAt: none, seen: null }, start, start + 25 * MINUTE);
    expect(slots[1]!.lost.orders).toEqual(ZERO);
    expect(slots[1]!.buffered.orders).toEqual({ low: 0, likely: expect.closeTo(200 * 0.8, 9) as number, high: 200 });
  });

  it('does not sum up a wrong date for ever', () => {
    const slots = slotsBetween({ business, stated: new Map(), minuteAt: none, seen: null }, 0, start);
    expect(slots).toHaveLength(1);
    expect(slots[0]!.to - slots[0]!.from).toBe(MAX_SPAN_MS);
    expect(slots[0]!.lost.orders!.likely).toBe(0);
  });
});

describe('clocks', () => {
  const now = at('2026-11-23T20:00:00Z');
  const month = { from: at('2026-11-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z'), lostMinutes: 30 };

  it('run from when it was hurt, and say what is left', () => {
    const clocks = clocksOf({ rtoMinutes: 15, rpoMinutes: 0, slaPercent: 99.9 }, now - 20 * MINUTE, month, now);
    expect(clocks.map(({ kind, state }) => [kind, state])).toEqual([
      ['rto', 'over'],
      ['rpo', 'running'],
      ['sla', 'running'],
    ]);
    expect(clocks[0]!.leftMs).toBe(-5 * MINUTE);
    expect(clocks[2]!.leftMs! / MINUTE).toBeCloseTo(13.2, 9);
    expect(clocks[2]!.text).toBe('13 min left of the 43 min that this month may lose');
  });

  it('run on while it gets worse, changes hands or falls silent', () => {
    const told = (service: string, time: string, health: Health) => ({
      service,
      health,
      at: at(`2026-11-23T${time}Z`),
    });
    const past = [
      told('api', '09:00', 'failing'),
      told('api', '09:05', 'healthy'),
      told('api', '14:00', 'degraded'),
      told('api', '14:10', 'failing'),
      told('database', '14:20', 'failing'),
      told('api', '14:25', 'healthy'),
    ];
    expect(hurtSince(past, at('2026-11-23T14:20Z'))).toBe(at('2026-11-23T14:00Z'));
    // Nobody said that the database was well again.
    expect(hurtSince([...past, told('database', '14:30', 'unknown')], now)).toBe(at('2026-11-23T14:00Z'));
    expect(hurtSince([...past, told('database', '14:30', 'early-warning')], now)).toBe(now);
  });

  it('stand still while it is well', () => {
    const clocks = clocksOf({ rtoMinutes: 15, rpoMinutes: null, slaPercent: null }, null, month, now);
    expect(clocks).toEqual([expect.objectContaining({ state: 'idle', leftMs: null })]);
  });

  it('know the month in its zone', () => {
    const zone = 'Europe/Vienna';
    expect(monthOf(at('2026-12-31T23:30:00Z'), zone, (date) => momentOf(date, zone))).toEqual({
      from: at('2026-12-31T23:00:00Z'),
      to: at('2027-01-31T23:00:00Z'),
    });
  });
});

describe('money in words', () => {
  it('stands with its currency and its range', () => {
    expect(money(412_000, 'EUR')).toBe('€ 4,120');
    expect(money(412_000, 'JPY')).toBe('¥ 412k');
    expect(loss(15_600_000, 'EUR')).toBe('−€ 156k');
    expect(loss(20, 'EUR')).toBe('none lost');
    expect(compact(2_340_000)).toBe('2.3M');
    const rate = { low: 330_000, likely: 412_000, high: 500_000, currency: 'EUR' };
    expect(rateLine({ ...rate, kind: 'estimated' })).toBe('−€ 4,120/min (est. 3,300–5,000)');
    expect(rateLine({ ...rate, kind: 'unknown' })).toBe('unknown, at most € 5,000/min');
    expect(sumLine({ low: 13e6, likely: 15.6e6, high: 19e6, currency: 'EUR', kind: 'measured' })).toBe(
      '−€ 156k so far (130k–190k)',
    );
    expect(money(100, 'nonsense')).toBe('nonsense 1');
    expect(rateLine({ low: 0, likely: 0, high: 19_900, currency: 'EUR', kind: 'measured' })).toBe(
      'none lost, at most € 199/min',
    );
  });

  it('never calls nothing what nobody saw', () => {
    const sum = { low: 0, likely: 0, high: 78_100_000, currency: 'EUR' };
    expect(sumLine({ ...sum, kind: 'estimated' })).toBe('none lost so far, at most € 781k');
    expect(sumLine({ ...sum, kind: 'unknown' })).toBe('unknown so far, at most € 781k');
    expect(sumLine({ ...sum, low: 10_000_000, likely: 30_000_000, kind: 'unknown' })).toBe(
      '−€ 300k so far (mostly unseen, 100k–781k)',
    );
  });

  it('counts orders and transactions apart, and shows money in whole units of its currency', () => {
    expect(countsOf({ orders: 3, transactions: null }, 'documents')).toEqual([{ figure: 3, unit: 'documents' }]);
    expect(countsOf({ orders: 3, transactions: 4 }, 'orders')).toEqual([
      { figure: 3, unit: 'orders' },
      { figure: 4, unit: 'transactions' },
    ]);
    expect([
      scaleOf({ measure: 'revenue', currency: 'EUR' }),
      scaleOf({ measure: 'revenue', currency: 'JPY' }),
      scaleOf({ measure: 'revenue', currency: 'KWD' }),
      scaleOf({ measure: 'orders', currency: 'EUR' }),
    ]).toEqual([100, 1, 1000, 1]);
  });
});
