/** The money from signal to log: measured, estimated while telemetry is silent, trued up when it is back, and the same on another console. */
import { afterEach, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { workOf } from '../../electron/engine/exports/work.ts';
import { ImpactBook } from '../../electron/engine/impact/book.ts';
import { ImpactKeeper } from '../../electron/engine/impact/keeper.ts';
import { IncidentRows } from '../../electron/engine/incidents/rows.ts';
import type { Observation } from '../../electron/engine/sources/source.ts';
import { enrol, segmentsOf, type Peer } from '../support/exchange.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { rig, type Rig } from '../support/sources.ts';

const MINUTE = 60_000;
/** Monday 23 November 2026, 20:00 in Vienna. */
const START = Date.parse('2026-11-23T20:00:00+01:00');
const flat = (value: number) => Array<number>(168).fill(value);
const open: Rig[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Console extends Rig {
  clock: ManualClock;
  keeper: ImpactKeeper;
  /** What the source says from now on; null: it does not answer. */
  orders: number | null;
  /** Lets minutes pass as a running console would. */
  pass(minutes: number): Promise<void>;
}

/** 6,000 orders and € 420,000 an hour usual, 100 and € 7,000 a minute. */
function console_(business: Record<string, unknown> = {}): Console {
  const clock = new ManualClock(START);
  const of = rig({ clock, modules: [] });
  const incidents = new IncidentRows(of.store);
  const book = new ImpactBook(of.store);
  Object.assign(of.context, { incidents, impact: book, settings: { headquartersZone: null } });
  of.store.onCommit(({ touched }) => {
    of.estate.refresh(touched);
    incidents.refresh(touched);
    book.refresh(touched);
    of.sources.refresh();
  });
  of.sketch({
    services: { shop: {}, api: { metrics: [{ name: 'errors', query: 'x' }] } },
    dependencies: ['shop → api'],
    businessServices: {
      checkout: {
        title: 'Checkout',
        services: ['shop'],
        currency: 'EUR',
        rtoMinutes: 15,
        throughput: [{ name: 'throughput', query: 'x', measures: 'orders' }],
        baseline: { timezone: 'Europe/Vienna', orders: flat(6000), revenueMinor: flat(42_000_000), transactions: null },
        ...business,
      },
    },
  });
  const fields = { name: 'prom', title: 'Prom', type: 'test', config: {}, enabled: true };
  of.context.commit((tx) =>
    tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind: 'source', id: 'prom', fields } }),
  );
  const console__: Console = Object.assign(of, {
    clock,
    keeper: new ImpactKeeper(() => of.context, clock),
    orders: 100 as number | null,
    async pass(minutes: number) {
      for (let quarter = 0; quarter < minutes * 4; quarter++) {
        await clock.pass(MINUTE / 4);
        say(console__);
        of.sources.board.flush();
        console__.keeper.beat();
      }
    },
  });
  open.push(console__);
  return console__;
}

const metric = (at: number, part: Partial<Observation> & Pick<Observation, 'key' | 'subject'>): Observation => ({
  ...{ kind: 'metric', title: 'm', text: '', value: null, unit: '', health: null, tier: null, since: null },
  ...{ observedAt: at, validForMs: 2 * MINUTE },
  ...part,
});

function say(of: Console, health: Observation['health'] = health_(of)): void {
  const at = of.clock.now();
  of.sources.board.apply('prom', [
    metric(at, { key: 'metric:api:errors', subject: { service: 'api' }, health }),
    metric(at, { key: 'metric:shop:errors', subject: { service: 'shop' }, health: 'healthy' }),
    metric(at, {
      key: 'throughput:checkout:throughput:orders',
      subject: { businessService: 'checkout' },
      measures: 'orders',
      value: of.orders === null ? null : of.orders / 60,
      unit: 'orders/s',
    }),
  ]);
}

const failing = new WeakSet<Console>();
const worst = new WeakMap<Console, Observation['health']>();
const health_ = (of: Console): Observation['health'] => worst.get(of) ?? (failing.has(of) ? 'failing' : 'healthy');
const checkpoints = (of: Console) => of.systemOps().filter(({ type }) => type === 'impact.checkpoint');
const money = async (of: Console, incident: string) => {
  const { incidents, businessServices } = await of.run('impact', { incident });
  return { incident: incidents[0]!, checkout: businessServices[0]! };
};

describe('the money of an incident', () => {
  it('is measured while telemetry answers, and adds up to what was missing', async () => {
    const of = console_();
    await of.pass(2);
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    failing.add(of);
    of.orders = 40;
    await of.pass(10);
    const { incident, checkout } = await money(of, id);
    expect(checkout.kind).toBe('measured');
    expect(checkout.lossPerMinute).toMatchObject({ currency: 'EUR', likely: 420_000, kind: 'measured' });
    expect(checkout.lostPerMinute.orders!.likely).toBeCloseTo(60, 6);
    expect(checkout.reasons[0]).toMatch(/measures 60 % less than usual/);
    expect(checkout.inputs.map(({ name }) => name)).toContain('Measured orders');
    // Ten minutes at 60 a minute, the first of them may have begun with the value of before.
    expect(incident.totals[0]!.soFar!.likely).toBeGreaterThanOrEqual(9 * 420_000);
    expect(incident.totals[0]!.soFar!.likely).toBeLessThanOrEqual(10 * 420_000 + 1);
    expect(incident.businessServices[0]!.soFar).toMatchObject({ kind: 'measured', unknownMs: 0 });
    const rto = checkout.clocks.find(({ kind }) => kind === 'rto')!;
    expect(rto.state).toBe('running');
    expect(rto.leftMs).toBeLessThan(6 * MINUTE);
  });

  it('is eased by a degraded mode where it is estimated, minute by minute, and never where it is measured', async () => {
    const of = console_();
    of.orders = null;
    failing.add(of);
    await of.pass(1);
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await of.pass(4);
    const before = await money(of, id);
    expect(before.checkout.share).toEqual({ low: 0.5, likely: 0.8, high: 1 });
    of.context.commit((tx) =>
      tx.append({
        scope: id,
        type: 'degraded.start',
        payload: {
          ...{
            degraded: 'g1',
            mode: 'limit',
            title: 'Limit promises',
            effect: 'less',
            owner: null,
            reason: 'x',
            exit: 'y',
          },
          ...{ avoids: [0.1, 0.15, 0.2], buffers: [0.2, 0.3, 0.4], businessServices: ['checkout'] },
        },
      }),
    );
    const eased = await money(of, id);
    expect(eased.checkout.share.low).toBeCloseTo(0.5 * 0.4);
    expect(eased.checkout.share.likely).toBeCloseTo(0.8 * 0.55);
    expect(eased.checkout.share.high).toBeCloseTo(0.7);
    expect(eased.checkout.bufferedShare.likely).toBeCloseTo(0.8 * 0.3);
    expect(eased.checkout.inputs).toContainEqual(
      expect.objectContaining({ name: 'Degraded on purpose', value: 'Limit promises', source: 'INC-0001' }),
    );
    // What was lost before it began stays lost.
    const sum = (of_: typeof eased) => of_.incident.businessServices[0]!.soFar;
    expect(sum(eased).lost.orders!.likely).toBeCloseTo(sum(before).lost.orders!.likely, 6);
    await of.pass(10);
    const later = sum(await money(of, id)).lost.orders!.likely - sum(before).lost.orders!.likely;
    expect(later).toBeGreaterThan(9 * 100 * 0.8 * 0.55);
    expect(later).toBeLessThan(11 * 100 * 0.8 * 0.55);

    of.orders = 40;
    await of.pass(1);
    const measured = (await money(of, id)).checkout;
    expect([measured.kind, measured.share.likely]).toEqual(['measured', 0.6]);
    expect(measured.reasons.join(' ')).toContain('Limit promises is on; what is measured holds its effect already.');
  });

  it('is estimated with a wide range while telemetry is silent, and unknown when health is too', async () => {
    const of = console_();
    of.orders = null;
    failing.add(of);
    await of.pass(1);
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await of.pass(5);
    const { checkout, incident } = await money(of, id);
    expect(checkout.lossPerMinute).toEqual(
      expect.objectContaining({ low: 350_000, likely: 560_000, high: 700_000, kind: 'estimated' }),
    );
    expect(incident.businessServices[0]!.soFar.kind).toBe('estimated');
    of.sources.board.drop('prom');
    const blind = await money(of, id);
    expect(blind.checkout.kind).toBe('unknown');
    expect(blind.checkout.lossPerMinute).toMatchObject({ low: 0, high: 700_000 });
  });

  it('lets the clocks run on when it gets worse, better or silent, and the month lose before anybody declares', async () => {
    const of = console_({ rtoMinutes: 30, slaPercent: 99.9 });
    await of.pass(3);
    const began = of.clock.now();
    const clock = async (kind: 'rto' | 'sla') =>
      (await of.run('impact', {})).businessServices[0]!.clocks.find((one) => one.kind === kind)!;
    of.orders = 40;
    const states = ['degraded', 'failing', 'degraded'] as const;
    for (const state of states) {
      worst.set(of, state);
      await of.pass(6);
      expect((await clock('rto')).since).toBeGreaterThanOrEqual(began);
      expect((await clock('rto')).since).toBeLessThanOrEqual(began + 2 * MINUTE);
    }
    // 43.2 minutes of a month of 30 days; 60 % of some 18 minutes are gone.
    expect((await clock('sla')).leftMs! / MINUTE).toBeCloseTo(43.2 - 0.6 * 18, 0);
    of.sources.board.drop('prom');
    expect((await of.run('impact', {})).businessServices[0]!.health.health).toBe('unknown');
    expect(await clock('rto')).toMatchObject({ state: 'running', since: expect.any(Number) as number });
    worst.set(of, 'healthy');
    await of.pass(10);
    expect((await clock('rto')).state).toBe('idle');
  });

  it('is trued up when telemetry comes back with what it saw meanwhile, and says so', async () => {
    const of = console_();
    failing.add(of);
    of.orders = null;
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await of.pass(15);
    const before = (await money(of, id)).incident.totals[0]!.soFar!;
    expect(before.likely).toBeCloseTo(15 * 560_000, -5);
    // The source answers again, and it has the minutes in between.
    for (let minute = 15; minute > 0; minute--) {
      const at = of.clock.now() - minute * MINUTE;
      of.sources.board.backfill('prom', 'throughput:checkout:throughput:orders', [{ at, value: 80 / 60 }]);
    }
    of.orders = 80;
    await of.pass(6);
    const { incident } = await money(of, id);
    expect(incident.corrections).toHaveLength(1);
    const [correction] = incident.corrections;
    expect(correction!.before.revenueMinor!.likely).toBeGreaterThan(correction!.after.revenueMinor!.likely);
    expect(incident.totals[0]!.soFar!.likely).toBeCloseTo(21 * 140_000, -5);
    const lines = await of.run('incident.timeline', { incident: id });
    const line = lines.entries.find(({ type }) => type === 'impact.checkpoint');
    expect(line!.summary).toMatch(/^loss of Checkout from .* corrected: € .* → € /);
    const curve = await of.run('impact.curve', { businessService: 'checkout', hours: 1 });
    expect(curve.marks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['declared', 'correction']));
    expect(curve.points.filter(({ actual }) => actual !== null).length).toBeGreaterThanOrEqual(20);
  });

  it('is written once in five minutes, and read the same by who saw nothing of it', async () => {
    const of = console_();
    failing.add(of);
    of.orders = 40;
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await of.pass(31);
    const written = checkpoints(of).length;
    expect(written).toBeLessThanOrEqual(9);
    expect(written).toBeGreaterThanOrEqual(6);
    const here = (await money(of, id)).incident.totals[0]!.soFar!;
    // Another console has the same ops and no sample of its own.
    const there = console_();
    there.clock.set(of.clock.now());
    enrol(peer(there), peer(of));
    there.store.ingest(segmentsOf(peer(of)), 'test');
    const seen = (await money(there, id)).incident;
    expect(seen.businessServices[0]!.soFar.measuredMs).toBeGreaterThanOrEqual(29 * MINUTE);
    expect(Math.abs(seen.totals[0]!.soFar!.likely - here.likely)).toBeLessThanOrEqual(2 * 420_000);
  });

  it('shows as a correction when another console has measured what this one estimated', async () => {
    const blind = console_();
    failing.add(blind);
    blind.orders = null;
    const { id } = await blind.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await blind.pass(11);
    const sighted = console_();
    failing.add(sighted);
    sighted.orders = 60;
    enrol(peer(sighted), peer(blind));
    enrol(peer(blind), peer(sighted));
    await sighted.pass(11);
    sighted.store.ingest(segmentsOf(peer(blind)), 'test');
    await sighted.pass(1);
    blind.clock.set(sighted.clock.now());
    blind.store.ingest(segmentsOf(peer(sighted)), 'test');
    const { incident } = await money(blind, id);
    expect(incident.corrections.length).toBeGreaterThanOrEqual(1);
    expect(incident.corrections[0]!.before.revenueMinor!.likely).toBeGreaterThan(
      incident.corrections[0]!.after.revenueMinor!.likely,
    );
    expect(incident.businessServices[0]!.soFar.measuredMs).toBeGreaterThanOrEqual(8 * MINUTE);
  });

  it('ends with the incident and stays what it was', async () => {
    const of = console_();
    failing.add(of);
    of.orders = 40;
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await of.pass(7);
    await of.run('incident.state', { incident: id, status: 'resolved' });
    await of.pass(3);
    const ended = (await money(of, id)).incident;
    expect(ended.over).toBe(true);
    await of.pass(30);
    expect((await money(of, id)).incident.totals[0]!.soFar!.likely).toBeCloseTo(ended.totals[0]!.soFar!.likely, -2);
    expect(checkpoints(of).at(-1)!.payload['why']).toBe('ended');
    // What a document says follows from the log alone, and is the same.
    const [cost] = workOf(of.context, of.store.entity('incident', id, id)!).costs;
    expect(cost!.lost.revenueMinor!.likely / ended.totals[0]!.soFar!.likely).toBeCloseTo(1, 3);
    expect(cost).toMatchObject({ kind: 'measured', currency: 'EUR', unknownMs: 0 });
  });

  it('is not disturbed by a clock that jumps', async () => {
    const of = console_();
    failing.add(of);
    of.orders = 40;
    const { id } = await of.run('incident.declare', { title: 'Checkout', businessServices: ['checkout'] });
    await of.pass(5);
    of.clock.set(of.clock.now() - 3 * 3_600_000);
    await of.pass(1);
    const back = (await money(of, id)).incident.totals[0]!.soFar;
    expect(back === null || back.likely >= 0).toBe(true);
    of.clock.set(START + 40 * 3_600_000);
    await of.pass(1);
    const ahead = (await money(of, id)).incident.businessServices[0]!.soFar;
    expect(ahead.kind).toBe('unknown');
    expect(ahead.lost.revenueMinor!.low).toBeLessThanOrEqual(ahead.lost.revenueMinor!.likely);
    expect(ahead.lost.revenueMinor!.likely).toBeLessThanOrEqual(ahead.lost.revenueMinor!.high);
  });

  it('keeps currencies apart, and says what is missing', async () => {
    const of = console_();
    of.sketch({
      businessServices: {
        zurich: {
          title: 'Zürich',
          services: ['shop'],
          currency: 'CHF',
          baseline: { timezone: 'Europe/Zurich', orders: null, revenueMinor: flat(6_000_000), transactions: null },
        },
        blank: { title: 'Blank', services: ['shop'] },
      },
    });
    failing.add(of);
    of.orders = 40;
    await of.pass(3);
    const { totals, businessServices } = await of.run('impact', {});
    expect(totals.map(({ currency }) => currency).sort()).toEqual(['CHF', 'EUR']);
    const blank = businessServices.find(({ id }) => id === 'blank')!;
    expect(blank.lossPerMinute).toBeNull();
    expect(blank.problems[0]).toMatch(/no baseline/);
  });

  it('counts what a queue holds as late, not lost, and multiplies with the calendar', async () => {
    const of = console_({
      recoverable: 1,
      calendar: [{ from: '2026-11-23', to: '2026-11-23', title: 'Sale', multiplier: 2 }],
    });
    failing.add(of);
    of.orders = 50;
    await of.pass(3);
    const [checkout] = (await of.run('impact', {})).businessServices;
    expect(checkout!.expectedPerMinute.orders).toBeCloseTo(200, 6);
    expect(checkout!.lossPerMinute!.likely).toBe(0);
    expect(checkout!.bufferedPerMinute.orders!.likely).toBeCloseTo(150, 6);
    expect(checkout!.inputs.map(({ name }) => name)).toContain('Sale');
  });
});

/** A rig as the helpers for the exchange of ops know it. */
const peer = (of: Rig) => ({ store: of.store, identity: loadIdentity(of.directory) }) as Peer;
