/** Facts of single stores: from the real Prometheus with one query for the chain, and from people, until their word expires. */
import { afterEach, describe, expect, it } from 'vitest';
import { StoreClock } from '../../electron/engine/estate/store-clock.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { rig, type Rig } from '../support/sources.ts';
import { loadRules, missing, startPrometheus, until, type Server } from '../support/servers.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

function opened(options: Parameters<typeof rig>[0] = {}): Rig {
  const made = rig(options);
  cleanups.push(() => made.close());
  made.store.commit({ actor: 'test', zone: 'UTC' }, (tx) => {
    const put = (kind: string, id: string, fields: Record<string, unknown>) =>
      tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind, id, fields } });
    put('region', 'west', { name: 'west', title: 'West', timezone: 'Europe/Dublin' });
    put('service', 'wan-west', {
      ref: 'resource:default/wan-west',
      name: 'wan-west',
      title: 'Line West',
      kind: 'network',
    });
    for (const number of ['007', '112', '113'])
      put('store', `store-${number}`, {
        name: `store-${number}`,
        title: `Shop ${number}`,
        region: 'west',
        timezone: 'Europe/Dublin',
        services: ['wan-west'],
        phone: `+353 20 910 0${number}`,
      });
  });
  return made;
}

describe('a report by phone', () => {
  it('counts until it expires, member by member, and can be withdrawn', async () => {
    const clock = new ManualClock();
    const { run, call } = opened({ clock });
    const at = clock.now();
    expect((await run('store.show', { store: '112' })).state).toMatchObject({ selling: 'unknown' });
    await run('store.report', { store: '112', reason: 'manager called', wan: 'down', pos: 'works', minutes: 60 });
    await run('store.report', {
      store: 'Shop 112',
      reason: 'again',
      buffered: 41,
      fallback: true,
      minutes: 10,
      by: 'Mo',
    });
    const page = await run('store.show', { store: 'store-112' });
    expect(page.state).toMatchObject({
      selling: 'fallback',
      wan: { value: 'down', from: 'report', reason: 'manager called', until: at + 3_600_000 },
      buffered: { value: 41, by: 'Mo' },
      edge: { value: null, from: 'none' },
    });
    expect(page.reports.map(({ text }) => text)).toEqual([
      expect.stringContaining('41 transactions waiting'),
      expect.stringContaining('line down, tills works'),
    ]);
    await clock.pass(11 * 60_000);
    expect((await run('store.show', { store: '112' })).state).toMatchObject({
      buffered: { value: null, last: 41, reason: 'the report has expired' },
      wan: { value: 'down' },
    });
    const list = await run('store.list', { only: 'reported' });
    expect(list.stores.map(({ id }) => id)).toEqual(['store-112']);
    expect(list.counts).toMatchObject({ total: 3, fallback: 1, unknown: 2 });
    await run('store.withdraw', { store: '112', reason: 'was the wrong store' });
    expect((await run('store.show', { store: '112' })).state).toMatchObject({
      selling: 'unknown',
      wan: { value: null, from: 'shared' },
    });
    await clock.pass(3_600_000);
    expect((await run('store.list', { only: 'reported' })).stores).toEqual([]);

    expect(await call('store.report', { store: '112', reason: 'nothing said' })).toMatchObject({
      ok: false,
      code: 'bad_input',
    });
    expect(await call('store.report', { store: '999', reason: 'x', wan: 'down' })).toMatchObject({
      ok: false,
      code: 'not_found',
    });
    expect(await call('store.report', { store: '112', reason: 'x', oldestAt: clock.now() + 60_000 })).toMatchObject({
      ok: false,
      code: 'bad_input',
    });
  });
});

const absent = missing('prometheus');
describe('by the clock alone', () => {
  it('a store that closes at its own midnight and a report that is over are told, once each', async () => {
    // 23:58 in Dublin, where summer time holds.
    const clock = new ManualClock(Date.UTC(2026, 6, 4, 22, 58));
    const { run, store, context } = opened({ clock });
    const hours = { sat: ['08:00-24:00'] };
    store.commit({ actor: 'test', zone: 'UTC' }, (tx) =>
      tx.append({
        scope: ESTATE,
        type: 'estate.put',
        payload: { kind: 'store', id: 'store-112', fields: { name: 'store-112', timezone: 'Europe/Dublin', hours } },
      }),
    );
    await run('store.report', { store: '113', reason: 'one till of four', pos: 'hindered', minutes: 5 });
    let told = 0;
    const look = new StoreClock(context, () => told++);
    look.start();
    cleanups.push(async () => look.stop());
    const state = async (id: string) => (await run('store.show', { store: id })).state;
    const pass = async (ms: number): Promise<number> => {
      const before = told;
      await clock.pass(ms);
      look.look();
      look.look();
      return told - before;
    };
    expect(await pass(60_000)).toBe(0);
    expect(await state('112')).toMatchObject({ open: true, openUntil: '24:00' });
    expect(await pass(60_000)).toBe(1);
    expect(await state('112')).toMatchObject({ open: false });
    expect(await state('113')).toMatchObject({ selling: 'hindered' });
    expect(await pass(3 * 60_000)).toBe(1);
    expect(await state('113')).toMatchObject({ selling: 'unknown' });
    expect(await pass(60_000)).toBe(0);
  });
});

describe.skipIf(absent)('the real Prometheus', () => {
  const rules = (values: Record<string, [string, number][]>) =>
    Object.entries(values)
      .flatMap(([name, series]) =>
        series.map(([store, value]) => `- {record: "${name}", labels: {shop: "${store}"}, expr: "vector(${value})"}`),
      )
      .join('\n');

  it('is asked once for all stores, and a store that is in no answer any more becomes unknown', async () => {
    const server: Server = await startPrometheus({
      rules: rules({
        line: [
          ['7', 1],
          ['112', 0],
          ['elsewhere', 1],
        ],
        tills: [['7', 1]],
        alone: [['112', 1]],
        waiting: [['112', 41]],
        age: [['112', 900]],
      }),
    });
    cleanups.push(() => server.stop());
    const { run, sources } = opened();
    await run('sources.add', {
      id: 'prom',
      type: 'prometheus',
      config: {
        url: server.url,
        intervalSeconds: 1,
        timeoutSeconds: 10,
        storeLabel: 'shop',
        storeWan: 'line',
        storePos: 'tills',
        storeFallback: 'alone',
        storeBuffered: 'waiting',
        storeOldest: 'age',
      },
    });
    sources.start();
    await until(
      'both stores are heard of',
      async () => (await run('store.list', {})).stores.filter(({ heardAt }) => heardAt !== null).length === 2,
    );
    const list = await run('store.list', {});
    expect(list.counts).toMatchObject({ total: 3, sells: 1, fallback: 1, unknown: 1 });
    const page = await run('store.show', { store: '112' });
    expect(page.state).toMatchObject({
      selling: 'fallback',
      wan: { value: 'down', from: 'store', source: 'prom' },
      fallback: { value: true },
      buffered: { value: 41 },
    });
    expect(Date.now() - page.state.oldestAt.value!).toBeGreaterThan(890_000);
    expect((await run('sources.list', {}))[0]!.message).toContain(
      '2 of 3 stores answered; no store is called "elsewhere"',
    );
    await loadRules(server, rules({ line: [['7', 1]], tills: [['7', 1]] }));
    await until(
      'what is not said any more is unknown',
      async () => (await run('store.show', { store: '112' })).state.buffered.value === null,
    );
    expect((await run('store.show', { store: '112' })).state).toMatchObject({
      selling: 'unknown',
      buffered: { last: 41 },
      wan: { last: 'down' },
    });
    expect((await run('store.show', { store: '7' })).state.selling).toBe('sells');
  });
});
