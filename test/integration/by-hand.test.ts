/** A person's word on health, and announced work: what they change, what they never change, and that both end by the clock. */
import { describe, expect, it } from 'vitest';
import { SignalBoard, type BoardEstate, type HealthChange } from '../../electron/engine/sources/board.ts';
import type { Observation } from '../../electron/engine/sources/source.ts';
import type { ByHand, Window } from '../../shared/domain/by-hand.ts';
import type { Health, SignalTier } from '../../shared/domain/words.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';
import { ManualClock } from '../support/manual-clock.ts';

const MINUTE = 60_000;

const ESTATE: BoardEstate = {
  services: ['web', 'payments', 'reports'],
  dependencies: [
    { from: 'web', to: 'payments', strength: 'hard' },
    { from: 'web', to: 'reports', strength: 'soft' },
  ],
  businessServices: [{ id: 'buy', services: ['web'] }],
  watched: () => true,
  nameOf: (id) => id,
};

function bench() {
  const clock = new ManualClock();
  const appended: HealthChange[] = [];
  let told = 0;
  const board = new SignalBoard({
    clock,
    titleOf: (source) => source,
    actorName: (actor) => (actor === 'ana' ? 'Ana K.' : actor),
    local: null,
    onHealth: (changes) => appended.push(...changes),
    onChange: (atOnce) => void (told += atOnce ? 1 : 0),
  });
  board.setEstate(ESTATE);
  const run = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1000) {
      await clock.pass(1000);
      board.tick();
      board.flush();
    }
  };
  const seen = (service: string, health: Health, tier: SignalTier | null = null): Observation => ({
    key: `metric:${service}`,
    subject: { service },
    kind: 'metric',
    title: 'error rate',
    text: '',
    value: null,
    unit: '',
    health,
    tier,
    since: null,
    observedAt: clock.now(),
    validForMs: 600 * MINUTE,
  });
  const report = (healths: Record<string, Health>, tier: SignalTier | null = null) =>
    board.apply(
      'prom',
      Object.entries(healths).map(([service, health]) => seen(service, health, health === 'healthy' ? null : tier)),
    );
  const word = (health: Health, minutes: number): ByHand => ({
    health,
    reason: 'declared by phone, store 112',
    until: clock.now() + minutes * MINUTE,
    by: 'ana',
    at: clock.now(),
  });
  const window = (services: string[], from: number, to: number): Window => ({
    id: 'w1',
    title: 'new disks',
    services,
    from: clock.now() + from * MINUTE,
    to: clock.now() + to * MINUTE,
    endedAt: null,
    reason: null,
    by: 'ana',
  });
  return { clock, board, run, report, word, window, appended, told: () => told };
}

describe('a word by hand', () => {
  it('stands instead of the sources until it expires, says whose it is, and leaves what they say beside it', async () => {
    const { board, report, word, run, clock, appended, told } = bench();
    report({ web: 'healthy', payments: 'healthy', reports: 'healthy' });
    const until = clock.now() + 30 * MINUTE;
    board.setByHand('service', 'payments', word('failing', 30));
    expect(board.serviceHealth('payments')).toMatchObject({
      health: 'failing',
      source: 'by-hand',
      reason: 'By hand, Ana K.: declared by phone, store 112; the sources say healthy',
      byHand: { by: { id: 'ana', name: 'Ana K.' }, until, sources: 'healthy' },
    });
    expect(board.businessHealth('buy').health).toMatchObject({
      health: 'failing',
      reason: 'payments failing (by hand, Ana K.)',
    });
    await run(29 * MINUTE);
    expect(board.serviceHealth('payments').health).toBe('failing');
    const before = told();
    await run(MINUTE + 1000);
    expect(board.serviceHealth('payments')).toMatchObject({ health: 'healthy', source: 'prom' });
    expect(board.serviceHealth('payments').byHand).toBeUndefined();
    expect(board.businessHealth('buy').health.health).toBe('healthy');
    expect(told()).toBeGreaterThan(before);
    // What sources report is what goes to the log, not what a person said over it.
    expect(appended.filter(({ health }) => health !== 'healthy')).toEqual([]);
  });

  it('on a business service stands over its roll-up, which goes on underneath', async () => {
    const { board, report, word, run } = bench();
    report({ web: 'failing', payments: 'healthy', reports: 'healthy' });
    board.setByHand('business-service', 'buy', word('degraded', 10));
    expect(board.businessHealth('buy')).toMatchObject({
      health: { health: 'degraded', byHand: { sources: 'failing' } },
      hurtBy: ['web'],
    });
    await run(10 * MINUTE + 1000);
    expect(board.businessHealth('buy').health).toMatchObject({ health: 'failing', source: 'roll-up' });
  });

  it('that was withdrawn ends at once', () => {
    const { board, report, word } = bench();
    report({ web: 'healthy', payments: 'healthy', reports: 'healthy' });
    board.setByHand('service', 'web', word('failing', 10));
    board.setByHand('service', 'web', null);
    expect(board.serviceHealth('web').health).toBe('healthy');
    expect(board.words()).toEqual([]);
  });
});

describe('announced work', () => {
  it('hides that a service is not healthy while it lasts, and not that a business service is hurt', async () => {
    const { board, report, window, run } = bench();
    report({ web: 'healthy', payments: 'degraded', reports: 'failing' }, 'operational-degradation');
    board.setWindow('w1', window(['payments', 'reports'], 5, 10));
    expect(board.serviceHealth('payments').maintenance).toBeUndefined();
    await run(5 * MINUTE + 1000);
    expect(board.serviceHealth('payments')).toMatchObject({
      health: 'degraded',
      maintenance: { title: 'new disks', hides: true },
    });
    expect(board.businessHealth('buy').health.health).toBe('degraded');
    await run(5 * MINUTE);
    expect(board.serviceHealth('payments').maintenance).toBeUndefined();
  });

  it('never hides what a customer feels, nor what a person said', () => {
    const { board, report, window, word } = bench();
    report({ web: 'healthy', payments: 'failing', reports: 'failing' }, 'customer-impacting');
    board.setWindow('w1', window(['payments', 'reports'], 0, 10));
    expect(board.serviceHealth('payments').maintenance?.hides).toBe(false);
    // No business service stands on it by hard dependencies only.
    expect(board.serviceHealth('reports').maintenance?.hides).toBe(true);
    board.setByHand('service', 'reports', word('failing', 5));
    expect(board.serviceHealth('reports').maintenance?.hides).toBe(false);
  });

  it('that somebody ended is over', () => {
    const { board, report, window, clock } = bench();
    report({ web: 'healthy', payments: 'degraded', reports: 'healthy' });
    const planned = window(['payments'], -5, 10);
    board.setWindow('w1', planned);
    expect(board.serviceHealth('payments').maintenance).toBeDefined();
    board.setWindow('w1', { ...planned, endedAt: clock.now() });
    expect(board.serviceHealth('payments').maintenance).toBeUndefined();
  });
});

describe('the console', () => {
  it('takes a word and a window by command, keeps both over a restart, and tells them in the timeline', async () => {
    const data = newFolder();
    let now = Date.UTC(2026, 10, 22, 13, 0);
    const options = { now: () => now };
    const first = await openOn(data, options);
    await done(first, 'estate.load-demonstration', {});
    const { id: incident } = await done(first, 'incident.declare', {
      title: 'Orders stuck',
      severity: 'SEV2',
      services: ['order-api'],
    });
    const declared = await done(first, 'health.declare', {
      subject: 'Order API',
      health: 'failing',
      reason: 'declared by phone, store 112',
      minutes: 90,
    });
    expect(declared).toMatchObject({ kind: 'service', id: 'order-api', until: now + 90 * MINUTE });
    await done(first, 'maintenance.plan', { title: 'new disks', services: ['order-postgres'], minutes: 60 });
    expect(await refused(first, 'health.declare', { subject: 'order-apy', health: 'failing', reason: 'x' })).toMatch(
      /Did you mean "order-api"/,
    );
    const { entries } = await done(first, 'incident.timeline', { incident });
    expect(entries.map(({ summary }) => summary)).toContainEqual(
      expect.stringMatching(/^Order API failing by hand until .*: declared by phone, store 112$/),
    );
    await first.close();

    now += MINUTE;
    const second = await openOn(data, options);
    expect((await done(second, 'estate.service', { service: 'order-api' })).health).toMatchObject({
      health: 'failing',
      source: 'by-hand',
    });
    expect(await done(second, 'maintenance.list', {})).toMatchObject([
      { title: 'new disks', state: 'open', services: [{ id: 'order-postgres' }] },
    ]);
    await done(second, 'rebuild', {});
    expect(await done(second, 'health.by-hand', {})).toMatchObject([{ id: 'order-api', health: 'failing' }]);

    // Work takes longer, or less long.
    expect(await done(second, 'maintenance.move', { window: 'new disks', endsInMinutes: 120 })).toMatchObject({
      state: 'open',
      from: now - MINUTE,
      to: now + 120 * MINUTE,
    });
    expect(await refused(second, 'maintenance.move', { window: 'new disks', to: now - 2 * MINUTE })).toMatch(/before/);
    expect(await refused(second, 'maintenance.move', { window: 'new disks', from: now + 60_000 })).toMatch(/has begun/);
    expect(await done(second, 'maintenance.list', {})).toHaveLength(1);
    await done(second, 'maintenance.end', { window: 'new disks' });
    expect(await refused(second, 'maintenance.end', { window: 'new disks' })).toMatch(/is over already/);
    expect(await done(second, 'maintenance.list', {})).toEqual([]);
    now += 89 * MINUTE;
    expect(await done(second, 'health.by-hand', {})).toEqual([]);
    expect(await refused(second, 'health.withdraw', { subject: 'order-api' })).toMatch(/Nobody's word/);

    // A replay of that time tells both.
    const began = Date.UTC(2026, 10, 22, 13, 0);
    const history = await done(second, 'health.history', { from: began - MINUTE });
    expect(
      history.changes
        .filter(({ service }) => service === 'order-api')
        .map(({ at, health, byHand }) => [at, health, byHand]),
    ).toEqual([
      [began, 'failing', true],
      [began + 90 * MINUTE, 'unknown', false],
    ]);
    expect(history.windows).toEqual([
      expect.objectContaining({ title: 'new disks', services: ['order-postgres'], from: began, to: began + MINUTE }),
    ]);
    expect((await done(second, 'health.history', { from: began + 2 * MINUTE })).start).toEqual([
      expect.objectContaining({ service: 'order-api', health: 'failing', byHand: true }),
    ]);
  });
});
