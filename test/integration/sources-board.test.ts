import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { SignalBoard, type BoardEstate, type HealthChange } from '../../electron/engine/sources/board.ts';
import { LocalSignals } from '../../electron/engine/sources/local-tables.ts';
import type { Observation } from '../../electron/engine/sources/source.ts';
import type { Health } from '../../shared/domain/words.ts';
import { ManualClock } from '../support/manual-clock.ts';

const VALID = 60_000;

const ESTATE: BoardEstate = {
  services: ['web', 'checkout', 'payments', 'printer'],
  dependencies: [
    { from: 'web', to: 'checkout', strength: 'hard' },
    { from: 'checkout', to: 'payments', strength: 'hard' },
    { from: 'payments', to: 'checkout', strength: 'hard' },
  ],
  businessServices: [{ id: 'buy', services: ['web'] }],
  watched: (id) => id !== 'printer',
  nameOf: (id) => id.toUpperCase(),
};

const open: Database.Database[] = [];
afterEach(() => open.splice(0).forEach((db) => db.close()));

function bench(options: { db?: Database.Database; clock?: ManualClock; estate?: BoardEstate } = {}) {
  const clock = options.clock ?? new ManualClock();
  const db = options.db ?? new Database(':memory:');
  if (!options.db) open.push(db);
  const appended: HealthChange[][] = [];
  const state = { fail: false };
  const board = new SignalBoard({
    clock,
    titleOf: (source) => (source === 'prom' ? 'Prometheus' : source),
    local: new LocalSignals(db),
    onHealth: (changes) => {
      if (state.fail) throw new Error('disk full');
      appended.push(changes);
    },
    onChange: () => {},
  });
  board.restore();
  board.setEstate(options.estate ?? ESTATE);
  const run = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1000) {
      await clock.pass(1000);
      board.tick();
      board.flush();
    }
  };
  const seen = (service: string, health: Health | null, more: Partial<Observation> = {}): Observation => ({
    key: `metric:${service}`,
    subject: { service },
    kind: 'metric',
    title: 'error rate',
    text: '12 %',
    value: 0.12,
    unit: 'ratio',
    health,
    tier: null,
    since: null,
    observedAt: clock.now(),
    validForMs: VALID,
    ...more,
  });
  const all = (health: Health) => ['web', 'checkout', 'payments'].map((service) => seen(service, health));
  return { clock, db, board, appended, run, seen, all, state };
}

describe('the signal board', () => {
  it('shows health with its source and age, and rolls it up with the reason', async () => {
    const { board, all, seen, clock, run } = bench();
    expect(board.serviceHealth('web')).toEqual({
      health: 'unknown',
      since: null,
      source: null,
      observedAt: null,
      reason: 'Nothing reports on it',
      last: null,
    });
    expect(board.businessHealth('buy').health).toMatchObject({ health: 'unknown' });
    board.apply('prom', all('healthy'));
    expect(board.serviceHealth('web')).toMatchObject({ health: 'healthy', source: 'prom', observedAt: clock.now() });
    expect(board.businessHealth('buy')).toMatchObject({
      health: { health: 'healthy', source: 'roll-up', observedAt: clock.now() },
      hurtBy: [],
    });
    const failedAt = clock.now();
    board.apply('prom', [seen('web', 'healthy'), seen('checkout', 'healthy'), seen('payments', 'failing')]);
    await run(40_000);
    expect(board.businessHealth('buy')).toMatchObject({
      health: { health: 'failing', since: failedAt, reason: 'PAYMENTS failing (Prometheus, 40 s ago)' },
      hurtBy: ['payments'],
    });
    // What depends on it is not itself marked as failing.
    expect(board.serviceHealth('checkout').health).toBe('healthy');
  });

  it('turns unknown by time alone, says what it last was, and knows again with the next signal', async () => {
    const { board, all, run, clock, appended } = bench();
    board.apply('prom', all('failing'));
    const heard = clock.now();
    await run(VALID);
    expect(board.serviceHealth('web').health).toBe('failing');
    await run(2_000);
    expect(board.serviceHealth('web')).toMatchObject({
      health: 'unknown',
      last: 'failing',
      observedAt: heard,
      reason: expect.stringContaining('Nothing new from Prometheus'),
    });
    expect(board.businessHealth('buy').health).toMatchObject({
      health: 'unknown',
      last: 'failing',
      reason: expect.stringMatching(/CHECKOUT unknown \(Prometheus, last heard 1 min ago\) and 2 more/),
    });
    expect(board.signals('web')[0]).toMatchObject({ stale: true, health: 'failing' });
    board.apply('prom', all('healthy'));
    expect(board.serviceHealth('web')).toMatchObject({ health: 'healthy', last: null });
    // That a source was silent is not the log's business; that they failed and are healthy again is.
    await run(1_000);
    expect(
      appended
        .flat()
        .map(({ service, health }) => `${service} ${health}`)
        .sort(),
    ).toEqual([
      'checkout failing',
      'checkout healthy',
      'payments failing',
      'payments healthy',
      'web failing',
      'web healthy',
    ]);
  });

  it('appends changes of health coalesced and once, and again when the disk did not take them', async () => {
    const { board, seen, run, appended, state, clock } = bench();
    board.apply('prom', [seen('web', 'healthy'), seen('checkout', 'healthy')]);
    const wellSince = clock.now();
    await run(2_000);
    expect(appended).toEqual([]);
    board.apply('prom', [seen('web', 'failing'), seen('checkout', 'failing')]);
    const since = clock.now();
    state.fail = true;
    await run(3_000);
    state.fail = false;
    await run(3_000);
    expect(appended).toEqual([
      [
        { service: 'web', health: 'failing', since, source: 'prom', reason: 'error rate: 12 %', wellSince },
        { service: 'checkout', health: 'failing', since, source: 'prom', reason: 'error rate: 12 %', wellSince },
      ],
    ]);
    board.apply('prom', [seen('web', 'failing'), seen('checkout', 'failing')]);
    await run(3_000);
    expect(appended.length).toBe(1);
  });

  it('waits before it shows a recovery and says so meanwhile', async () => {
    const { board, seen, run } = bench();
    board.apply('prom', [seen('web', 'failing')]);
    await run(5_000);
    board.apply('prom', [seen('web', 'healthy')]);
    await run(20_000);
    expect(board.serviceHealth('web')).toMatchObject({
      health: 'failing',
      reason: 'error rate: 12 %; healthy for 20 s, shown when it holds 40 s more',
    });
    board.apply('prom', [seen('web', 'healthy')]);
    await run(41_000);
    expect(board.serviceHealth('web')).toMatchObject({ health: 'healthy' });
  });

  it('begins after a restart with what it knew, at its age', async () => {
    const first = bench();
    first.board.apply('prom', [
      ...first.all('failing'),
      first.seen('web', null, { key: 'lost', subject: null, kind: 'alert', title: 'Lonely' }),
    ]);
    first.board.close();
    const heard = first.clock.now();
    await first.clock.pass(30_000);
    const soon = bench({ db: first.db, clock: first.clock });
    expect(soon.board.serviceHealth('web')).toMatchObject({ health: 'failing', observedAt: heard, source: 'prom' });
    expect(soon.board.unmatched().map(({ title }) => title)).toEqual(['Lonely']);
    await first.clock.pass(3_600_000);
    const late = bench({ db: first.db, clock: first.clock });
    expect(late.board.serviceHealth('web')).toMatchObject({ health: 'unknown', last: 'failing', observedAt: heard });
    expect(late.board.lastObservedAt('prom')).toBe(heard);
  });

  it('says from the log what it last was when no signal is kept, and believes another console for a while', async () => {
    const { board, clock, run, seen, appended } = bench();
    board.hear('web', {
      health: 'degraded',
      since: clock.now() - 7_200_000,
      source: 'prom',
      reason: 'slow',
      at: clock.now() - 7_200_000,
      own: true,
    });
    expect(board.serviceHealth('web')).toMatchObject({ health: 'unknown', last: 'degraded' });
    board.hear('checkout', {
      health: 'failing',
      since: clock.now() - 60_000,
      source: 'prom-eu',
      reason: 'no orders',
      at: clock.now() - 60_000,
      own: false,
    });
    expect(board.serviceHealth('checkout')).toMatchObject({
      health: 'failing',
      source: 'prom-eu',
      reason: 'no orders',
    });
    await run(600_000);
    expect(board.serviceHealth('checkout')).toMatchObject({ health: 'unknown', last: 'failing' });
    board.apply('prom', [seen('checkout', 'failing')]);
    await run(2_000);
    expect(appended).toEqual([]);
  });

  it('counts a silenced alert no more than one that is not there, but shows it', () => {
    const { board, seen } = bench();
    board.apply('am', [
      seen('web', 'failing', { key: 'a1', kind: 'alert', title: 'Down', muted: 'silenced' }),
      seen('web', 'healthy', { key: 'q', kind: 'alert', weak: true, title: 'alerts', text: 'none fires' }),
    ]);
    expect(board.serviceHealth('web').health).toBe('healthy');
    expect(board.signals('web').map(({ title, text }) => `${title} ${text}`)).toEqual([
      'alerts none fires',
      'Down (silenced) 12 %',
    ]);
  });

  it('drops an alert that is over, and everything of a source that is removed', () => {
    const { board, seen, db } = bench();
    board.apply('am', [seen('web', 'failing', { key: 'a1' }), seen('web', 'degraded', { key: 'a2' })]);
    board.apply('prom', [seen('web', 'healthy')]);
    board.apply('am', [seen('web', 'degraded', { key: 'a2' })]);
    expect(board.signals('web').map(({ id }) => id)).toEqual(['am:a2', 'prom:metric:web']);
    board.flush();
    board.drop('am');
    expect(board.signals('web').map(({ id }) => id)).toEqual(['prom:metric:web']);
    expect(db.prepare("SELECT count(*) FROM signal WHERE source = 'am'").pluck().get()).toBe(0);
  });

  it('does not let a service that nothing watches make a business service unknown', () => {
    const { board, all } = bench({
      estate: { ...ESTATE, dependencies: [...ESTATE.dependencies, { from: 'web', to: 'printer', strength: 'hard' }] },
    });
    board.apply('prom', all('healthy'));
    expect(board.serviceHealth('printer').health).toBe('unknown');
    expect(board.businessHealth('buy').health).toMatchObject({
      health: 'healthy',
      reason: expect.stringContaining('1 of 4 not watched by anything'),
    });
  });

  it('keeps signals when the estate changes, also those of services that come later', () => {
    const { board, seen } = bench();
    board.apply('prom', [seen('web', 'failing'), seen('newcomer', 'degraded')]);
    expect(board.unmatched().map(({ id }) => id)).toEqual(['prom:metric:newcomer']);
    board.setEstate({
      ...ESTATE,
      services: ['web', 'newcomer'],
      businessServices: [{ id: 'buy', services: ['newcomer'] }],
    });
    expect(board.serviceHealth('newcomer').health).toBe('degraded');
    expect(board.serviceHealth('web').health).toBe('failing');
    expect(board.serviceHealth('checkout').reason).toBe('Nothing reports on it');
    expect(board.businessHealth('buy')).toMatchObject({ health: { health: 'degraded' }, hurtBy: ['newcomer'] });
  });

  it('lets ages stand when the wall clock is set back', async () => {
    const { board, all, clock, run } = bench();
    board.apply('prom', all('healthy'));
    await run(30_000);
    clock.set(clock.now() - 3_600_000);
    await run(29_000);
    expect(board.serviceHealth('web').health).toBe('healthy');
    expect(clock.now() - board.serviceHealth('web').observedAt!).toBe(59_000);
    await run(3_000);
    expect(board.serviceHealth('web').health).toBe('unknown');
  });

  it('keeps one sample a minute in a ring', async () => {
    const { board, seen, run, db, clock } = bench();
    const start = clock.now();
    for (let n = 0; n < 400; n++) {
      board.apply('prom', [seen('web', 'healthy', { value: n })]);
      await run(30_000);
    }
    const samples = board.samples('prom', 'metric:web', 0);
    expect(samples.length).toBe(180);
    expect(samples.at(-1)).toMatchObject({ value: 399, at: start + 399 * 30_000 });
    expect(samples.at(-1)!.at - samples[0]!.at).toBeLessThan(180 * 60_000);
    expect(
      samples.every(({ at }, n) => n === 0 || Math.floor(at / 60_000) === Math.floor(samples[n - 1]!.at / 60_000) + 1),
    ).toBe(true);
    expect(db.prepare('SELECT count(*) FROM sample').pluck().get()).toBe(180);
  });

  it('goes on when the disk takes no cache', async () => {
    const { board, db, seen, run } = bench();
    db.pragma('query_only = ON');
    board.apply('prom', [seen('web', 'failing')]);
    await run(2_000);
    board.drop('other');
    expect(board.serviceHealth('web').health).toBe('failing');
  });

  it('takes 5,000 services with three signals each, and one change among them, quickly', () => {
    const services = Array.from({ length: 5000 }, (_, n) => `s${n}`);
    const { board, clock, seen } = bench({
      estate: {
        ...ESTATE,
        services,
        dependencies: services.flatMap((from, n) =>
          [1, 2, 3].map((step) => ({ from, to: `s${(n * 7 + step * 131) % 5000}`, strength: 'hard' as const })),
        ),
        businessServices: Array.from({ length: 50 }, (_, n) => ({ id: `b${n}`, services: [`s${n * 97}`] })),
        watched: () => true,
      },
    });
    const poll = (bad: string | null) =>
      services.flatMap((service) =>
        ['a', 'b', 'c'].map((key) =>
          seen(service, service === bad ? 'failing' : 'healthy', { key: `${key}:${service}` }),
        ),
      );
    board.apply('prom', poll(null));
    expect(board.businessHealth('b0').health.health).toBe('healthy');
    const observations = poll(null);
    const started = performance.now();
    board.apply('prom', observations);
    // Generous: 60 ms were seen on two busy cores.
    expect(performance.now() - started).toBeLessThan(1500);
    const times: number[] = [];
    for (let n = 0; n < 100; n++) {
      const change = seen(`s${n}`, 'failing', { key: 'only' });
      const before = performance.now();
      board.apply('am', [change]);
      times.push(performance.now() - before);
    }
    expect(times.sort((a, b) => a - b)[98]).toBeLessThan(50);
    expect(board.counts().failing).toBeGreaterThan(0);
    const sinking = performance.now();
    clock.sleep(3_600_000);
    board.tick();
    expect(performance.now() - sinking).toBeLessThan(3000);
    expect(board.counts().unknown).toBe(5000);
  });
});
