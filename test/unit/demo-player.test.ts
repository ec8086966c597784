import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { player } from '../../assets/demo/player.ts';
import { pictureAt, readScenario, ScenarioError } from '../../assets/demo/scenario.ts';
import type { Mapping, Observation, Source } from '../../electron/engine/sources/source.ts';
import { judge } from '../../shared/domain/health.ts';
import { MINUTE } from '../../shared/domain/times.ts';
import type { Health } from '../../shared/domain/words.ts';
import { DEMO, readDemoEstate } from '../support/demo-estate.ts';

const { mapping } = readDemoEstate();
const scenario = readScenario(readFileSync(join(DEMO, 'scenario.yaml'), 'utf8'), 'scenario.yaml');
/** A Tuesday, 18:00 in Berlin. */
const START = Date.UTC(2026, 2, 3, 17);

const signal = new AbortController().signal;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function play(config: Record<string, unknown> = {}, folder = DEMO, seen: Mapping = mapping) {
  const module = player(folder);
  const clock = { now: START };
  const source: Source = module.create(module.config.parse(config), {
    id: 'demonstration',
    mapping: () => seen,
    credential: null,
    now: () => clock.now,
    random: () => 0.5,
    http: { json: () => Promise.reject(new Error('the player has no business on the network')) },
  });
  return {
    source,
    async at(minutes: number): Promise<Observation[]> {
      clock.now = START + minutes * MINUTE;
      return (await source.poll(signal)).observations;
    },
  };
}

/** Every service's health by these observations alone. */
function healths(observations: Observation[], now: number): Map<string, Health> {
  return new Map(
    mapping.services.map(({ id }) => {
      const evidence = observations
        .filter(({ subject }) => subject !== null && 'service' in subject && subject.service === id)
        .map((one) => ({
          ...one,
          source: 'demonstration',
          since: one.since ?? now,
          muted: false,
          weak: one.weak ?? false,
          last: null,
        }));
      return [id, judge(evidence, now).health] as const;
    }),
  );
}

async function healthAt(minutes: number): Promise<Map<string, Health>> {
  return healths(await play().at(minutes), START + minutes * MINUTE);
}

const sick = (all: Map<string, Health>) =>
  [...all]
    .filter(([, health]) => health !== 'healthy')
    .map(([id, health]) => `${id} ${health}`)
    .sort();

describe('the demonstration as it is played', () => {
  it('begins healthy, but for one early warning and one service that was never heard of', async () => {
    for (const minutes of [0, 1, 2]) {
      expect(sick(await healthAt(minutes))).toEqual(['island-freight unknown', 'odoo-postgres-replica early-warning']);
    }
    const heard = new Set(
      (await play().at(1)).flatMap(({ subject }) => (subject && 'service' in subject ? [subject.service] : [])),
    );
    expect(mapping.services.map(({ id }) => id).filter((id) => !heard.has(id))).toEqual(['island-freight']);
  });

  it('hurts the database before payments, payments before checkout', async () => {
    const first = async (service: string) => {
      for (let minutes = 0; minutes < 15; minutes += 0.25)
        if ((await healthAt(minutes)).get(service) !== 'healthy') return minutes;
      return Infinity;
    };
    const [database, payments, shop] = await Promise.all(['checkout-postgres', 'payments-api', 'web-shop'].map(first));
    expect(database).toBeGreaterThan(2);
    expect(payments).toBeGreaterThan(database!);
    expect(shop).toBeGreaterThan(payments!);
    expect(shop).toBeLessThan(10);
  });

  it('stands at its worst after twenty minutes', async () => {
    const health = await healthAt(20);
    for (const id of ['checkout-api', 'payments-api', 'checkout-postgres', 'wan-ie-west'])
      expect(health.get(id), id).toBe('failing');
    expect(health.get('store-edge-ie-west')).toBe('degraded');
    expect(health.get('odoo-shop-connector')).toBe('degraded');
    expect(health.get('order-postgres')).toBe('healthy');
    expect(health.get('pos-ie-east')).toBe('healthy');
  });

  it('does not hear the tills of a region whose line is down: unknown, with the time since when', async () => {
    const tills = (await play().at(20)).filter(
      ({ subject }) => subject && 'service' in subject && subject.service === 'pos-ie-west',
    );
    expect(tills.length).toBeGreaterThan(0);
    for (const one of tills) expect(one).toMatchObject({ value: null, health: 'unknown', since: START + 9 * MINUTE });
  });

  it('tells of single stores: eleven sell on their own and keep what the region’s figure says, of three nothing is heard', async () => {
    const { source } = play({ from: 'PT20M' });
    const { stores = [] } = await source.poll(signal);
    expect(stores).toHaveLength(117);
    const alone = stores.filter(({ fallback }) => fallback);
    expect(alone).toHaveLength(11);
    for (const store of alone) {
      expect(store).toMatchObject({ wan: 'down', edge: 'works' });
      expect(store.pos).toBeUndefined();
      expect(store.oldestAt).toBe(store.since);
    }
    const waiting = alone.reduce((sum, { buffered }) => sum + buffered!, 0);
    expect(waiting).toBeGreaterThan(2000);
    expect(waiting).toBeLessThan(2600);
    const well = stores.filter(({ fallback }) => !fallback);
    for (const store of well) expect(store).toMatchObject({ wan: 'works', pos: 'works', edge: 'works' });
    const later = await play({ from: 'PT38M' }).source.poll(signal);
    expect(later.stores).toHaveLength(120);
    expect(later.stores!.some(({ fallback }) => fallback)).toBe(false);
    const left = later.stores!.reduce((sum, { buffered }) => sum + buffered!, 0);
    expect(left).toBeGreaterThan(1500);
    expect(left).toBeLessThan(3000);
  });

  it('has recovered an hour later, and begins again after four', async () => {
    expect(sick(await healthAt(75))).toEqual(['island-freight unknown']);
    expect(sick(await healthAt(241))).toEqual(['island-freight unknown', 'odoo-postgres-replica early-warning']);
    expect((await healthAt(260)).get('checkout-api')).toBe('failing');
  });

  it('plays the same again for the same start, and another noise for another seed', async () => {
    expect(await play().at(11)).toEqual(await play().at(11));
    const other = { ...scenario, seed: 'other' };
    expect(pictureAt(other, 60_000).metric('cart-api', 'latency p95')).not.toBe(
      pictureAt(scenario, 60_000).metric('cart-api', 'latency p95'),
    );
  });

  it('plays faster, later in the story, or from a fixed start, with times that fit the clock', async () => {
    const release = (observations: Observation[]) => observations.find(({ kind }) => kind === 'change')?.change?.at;
    expect(release(await play().at(3))).toBe(START + 2 * MINUTE);
    expect(release(await play({ speed: 10 }).at(0.3))).toBe(START + 0.2 * MINUTE);
    expect(release(await play({ from: 'PT8M' }).at(0))).toBe(START - 6 * MINUTE);
    expect(release(await play({ start: new Date(START - 5 * MINUTE).toISOString() }).at(0))).toBe(START - 3 * MINUTE);
  });

  it('has not begun when its start lies ahead', async () => {
    const early = play({ start: new Date(START + 5 * MINUTE).toISOString() });
    expect(sick(healths(await early.at(0), START))).toEqual([
      'island-freight unknown',
      'odoo-postgres-replica early-warning',
    ]);
  });

  it('tells a change once, under a key of its own in every round', async () => {
    const story = play();
    const keys = async (minutes: number) =>
      (await story.at(minutes)).filter(({ kind }) => kind === 'change').map(({ key }) => key);
    const [early, later, again] = [await keys(3), await keys(9), await keys(243)];
    expect(early).toHaveLength(1);
    expect(later).toContain(early[0]);
    expect(again).toHaveLength(1);
    expect(again).not.toEqual(early);
  });

  it('never says the same key twice in one reading', async () => {
    for (const minutes of [1, 10, 20, 30]) {
      const keys = (await play().at(minutes)).map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('gives alerts to the services that claim them, with their own onset', async () => {
    const alerts = (await play().at(20)).filter(({ kind }) => kind === 'alert');
    const of = (title: string) => alerts.filter((alert) => alert.title === title);
    expect(of('CheckoutErrors')).toMatchObject([
      {
        subject: { service: 'checkout-api' },
        health: 'failing',
        tier: 'customer-impacting',
        since: START + 6 * MINUTE,
      },
    ]);
    expect(of('StoreLinesDown')).toMatchObject([{ subject: { service: 'wan-ie-west' } }]);
    expect(of('OdooReplicaLag')).toMatchObject([{ health: null, tier: null }]);
    expect(alerts.filter(({ subject }) => subject === null)).toEqual([]);
  });

  it('lets a vendor speak for itself', async () => {
    const word = (observations: Observation[], service: string) =>
      observations.find(({ key }) => key === `vendor:${service}`);
    const during = await play().at(12);
    expect(word(during, 'fraud-screening')).toMatchObject({
      health: 'early-warning',
      since: START + 10 * MINUTE,
      text: expect.stringContaining('score requests'),
    });
    expect(word(during, 'payment-gateway')).toMatchObject({ health: 'healthy', weak: true });
  });

  it('does business as the hour of the week brings it, times what the story leaves of it', async () => {
    const perHour = async (minutes: number) => {
      const one = (await play().at(minutes)).find(
        ({ subject }) => subject && 'businessService' in subject && subject.businessService === 'checkout',
      );
      expect(one).toMatchObject({ measures: 'orders', unit: 'orders/s', health: null });
      return one!.value! * 3600;
    };
    // Tuesday 18:00 in Berlin.
    const expected = mapping.businessServices.find(({ id }) => id === 'checkout')!.baseline!.orders![24 + 18]!;
    expect(await perHour(1)).toBeGreaterThan(expected * 0.93);
    expect(await perHour(1)).toBeLessThan(expected * 1.07);
    expect(await perHour(15)).toBeGreaterThan(expected * 0.28);
    expect(await perHour(15)).toBeLessThan(expected * 0.38);
  });

  it('sells more while a promotion lasts, so that a promotion alone is no loss', async () => {
    const perSecond = async (seen: Mapping) =>
      (await play({}, DEMO, seen).at(1)).find(
        ({ subject }) => subject && 'businessService' in subject && subject.businessService === 'checkout',
      )!.value!;
    const promoted = mapping.businessServices.map((one) => ({
      ...one,
      calendar: [
        {
          from: '2026-03-03',
          to: '2026-03-03',
          title: 'Sale',
          multiplier: 1.6,
          businessServices: ['checkout'],
          regions: [],
        },
      ],
    }));
    expect((await perSecond({ ...mapping, businessServices: promoted })) / (await perSecond(mapping))).toBeCloseTo(
      1.6,
      5,
    );
  });

  it('keeps counted things whole and shares within one', async () => {
    const counted = ['orders', 'receipts', 'jobs', 'clients', 'messages'];
    for (const minutes of [1, 10, 20, 30]) {
      const values = (await play().at(minutes)).filter(({ kind, value }) => kind === 'metric' && value !== null);
      expect(values.filter(({ unit, value }) => unit === 'ratio' && value! > 1)).toEqual([]);
      expect(values.filter(({ unit, value }) => counted.includes(unit) && value! % 1 !== 0)).toEqual([]);
    }
  });

  it('tells nothing but names of the estate, and its test says so', async () => {
    expect(await play().source.test(signal)).toMatchObject({
      ok: true,
      message: '"A release, a line and a backlog" can be played.',
    });
    const poorer = { ...mapping, services: mapping.services.filter(({ id }) => id !== 'cdn') };
    const report = await play({}, DEMO, poorer).source.test(signal);
    expect(report).toMatchObject({ ok: true, message: expect.stringContaining('2 of its names') });
    expect(report.seen).toContain('not in the estate: cdn: 5xx share');
  });
});

describe('a scenario that cannot be played', () => {
  const good = [
    'apiVersion: holdfast.dev/v1',
    'kind: Scenario',
    'metadata: {name: small, title: Small}',
    'spec:',
    '  seed: a',
    '  repeat: PT1H',
    '  noise: {relative: 0.1}',
    '  steady:',
    '    cart-api: {error rate: 0.1}',
    '  acts:',
    '    - title: One',
    '      metrics:',
    '        cart-api:',
    '          error rate: {PT1M: 0.2, PT2M: 0.3}',
  ];
  const problems = (lines: string[]) => {
    try {
      readScenario(lines.join('\n'), 'small.yaml');
    } catch (error) {
      if (error instanceof ScenarioError)
        return error.problems.map(({ line, field, message }) => `${line} ${field} ${message}`);
      throw error;
    }
    return [];
  };
  const changed = (line: number, text: string) => good.with(line - 1, text);

  it('is played when it is right', () => {
    expect(problems(good)).toEqual([]);
    const small = readScenario(good.join('\n'), 'small.yaml');
    expect(pictureAt({ ...small, noise: 0 }, 90_000).metric('cart-api', 'error rate')).toBeCloseTo(0.25, 9);
  });

  it.each([
    ['broken YAML', changed(9, '    cart-api: {error rate: 0.1'), '10  '],
    [
      'an unknown field',
      changed(7, '  noise: {relative: 0.1, colour: pink}'),
      '7 spec.noise.colour is no field of a scenario',
    ],
    ['a wrong type', changed(9, '    cart-api: {error rate: high}'), '9 spec.steady.cart-api.error rate '],
    [
      'a time that is none',
      changed(14, '          error rate: {1m: 0.2}'),
      '14 spec.acts.0.metrics.cart-api.error rate.1m "1m" is no duration such as PT2M30S',
    ],
    [
      'points out of order',
      changed(14, '          error rate: {PT2M: 0.2, PT1M: 0.3}'),
      '14 spec.acts.0.metrics.cart-api.error rate.PT1M PT1M does not come after the point before it',
    ],
    [
      'a metric without a steady value',
      changed(14, '          latency: {PT1M: 1}'),
      '14 spec.acts.0.metrics.cart-api.latency has no steady value to start from',
    ],
    [
      'a point after the end',
      changed(14, '          error rate: {PT2H: 0.2}'),
      '14 spec.acts.0.metrics.cart-api.error rate comes after the story has begun again',
    ],
    [
      'an alert that ends before it begins',
      [
        ...good,
        '      alerts:',
        '        - {name: A, from: PT5M, until: PT4M, severity: info, labels: {}, summary: s}',
      ],
      '16 spec.acts.0.alerts.0.until does not come after "from"',
    ],
    [
      'a severity that nobody knows',
      [
        ...good,
        '      alerts:',
        '        - name: A',
        '          from: PT5M',
        '          until: PT6M',
        '          severity: red',
        '          labels: {}',
        '          summary: s',
      ],
      '19 spec.acts.0.alerts.0.severity ',
    ],
    [
      'a metric told twice',
      [...good, '    - title: Two', '      metrics: {cart-api: {error rate: {PT3M: 1}}}'],
      '16 spec.acts.1.metrics.cart-api.error rate is already told in another act',
    ],
    ['no document at all', ['just a text'], '1  '],
  ])('names line and field of %s', (_, lines, expected) => {
    const found = problems(lines);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('is a sentence in the source, and is played once it is mended', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-scenario-'));
    folders.push(folder);
    const file = join(folder, 'scenario.yaml');
    const story = play({}, folder);
    await expect(story.at(0)).rejects.toThrow(`The scenario ${file} can't be read: there is no such file.`);
    writeFileSync(file, changed(6, '  repeat: tomorrow').join('\n'));
    await expect(story.at(0)).rejects.toThrow(
      'scenario.yaml:6: spec.repeat: "tomorrow" is no duration such as PT2M30S',
    );
    expect(await story.source.test(signal)).toMatchObject({
      ok: false,
      message: expect.stringContaining('scenario.yaml:6'),
    });
    writeFileSync(file, good.join('\n'));
    expect((await story.at(0)).find(({ key }) => key === 'metric:cart-api:error rate')).toBeDefined();
  });

  it('refuses a file that is no page of text', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-scenario-'));
    folders.push(folder);
    writeFileSync(join(folder, 'scenario.yaml'), `# ${'x'.repeat(2 * 1024 * 1024)}`);
    await expect(play({}, folder).at(0)).rejects.toThrow('is larger than 1 MiB');
  });

  it('refuses a configuration with a slip of the pen', () => {
    const { config } = player(DEMO);
    for (const wrong of [
      { speed: 0 },
      { speed: 'fast' },
      { from: '8 minutes' },
      { start: 'yesterday' },
      { tempo: 2 },
    ]) {
      expect(config.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
    expect(config.parse({ speed: '10' }).speed).toBe(10);
  });
});
