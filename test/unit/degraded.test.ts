/** When a controlled degradation is called for and when it may end; what its policy refuses; what it does to figures. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HealthCondition, MetricCondition, StoresCondition } from '../../shared/domain/degraded/conditions.ts';
import { eased } from '../../shared/domain/degraded/figures.ts';
import {
  asksAgain,
  healthHold,
  metricHold,
  storesHold,
  weigh,
  type StoreTrack,
  type Track,
} from '../../shared/domain/degraded/hold.ts';
import { degradedPolicy } from '../../shared/domain/policy/degraded.ts';

const MINUTE = 60_000;
const at = (minute: number): number => 1_780_000_000_000 + minute * MINUTE;

const backlog: MetricCondition = {
  on: 'metric',
  of: { kind: 'erp-connector' },
  metrics: ['orders waiting'],
  side: 'above',
  limit: 5000,
  clear: 4000,
  minutes: 10,
  line: 1,
};

/** Values by minute; null was not sampled. The last is the signal as it stands. */
function track(values: (number | null)[], more: Partial<Track> = {}): Track {
  const samples = values.flatMap((value, minute) => (value === null ? [] : [{ at: at(minute), value }]));
  const last = samples.at(-1)!;
  return { unit: 'orders', samples, value: last.value, observedAt: last.at, stale: false, ...more };
}
const flat = (length: number, value: number): number[] => Array<number>(length).fill(value);

describe('a hold on a metric', () => {
  it('is met once the samples themselves span its minutes, not when somebody asks', () => {
    expect(metricHold(backlog, track([24, ...flat(10, 6000)]))).toMatchObject({ state: 'holding', since: at(1) });
    expect(metricHold(backlog, track([24, ...flat(11, 6000)]))).toMatchObject({
      state: 'met',
      since: at(1),
      clearedAt: at(0),
      now: '6,000 orders',
    });
  });

  it('does not flap between the limit and where it is clear, and begins anew once it was clear', () => {
    const between = [...flat(4, 5200), 4600, 4100, ...flat(6, 5100)];
    expect(metricHold(backlog, track(between))).toMatchObject({ state: 'met', since: at(0) });
    const cleared = [...flat(4, 5200), 4600, 3900, ...flat(6, 5100)];
    expect(metricHold(backlog, track(cleared))).toMatchObject({ state: 'holding', since: at(6), clearedAt: at(5) });
    // Between both without ever having been past the limit it is no breach.
    expect(metricHold(backlog, track(flat(20, 4600)))).toMatchObject({ state: 'not-met', clearedAt: at(19) });
  });

  it('begins anew after more than five minutes of silence, and hysteresis does not reach over them', () => {
    const five = [...flat(6, 6000), ...flat(4, 0).map(() => null), ...flat(2, 6000)];
    expect(metricHold(backlog, track(five))).toMatchObject({ state: 'met', since: at(0) });
    const six = [...flat(6, 6000), ...flat(5, 0).map(() => null), ...flat(2, 6000)];
    expect(metricHold(backlog, track(six))).toMatchObject({ state: 'holding', since: at(11) });
    const below = [...flat(6, 6000), ...flat(5, 0).map(() => null), ...flat(2, 4500)];
    expect(metricHold(backlog, track(below))).toMatchObject({ state: 'not-met', since: null });
  });

  it('is unknown when the newest word is stale or no answer, however long it held before', () => {
    const held = track(flat(30, 6000));
    expect(metricHold(backlog, { ...held, stale: true })).toMatchObject({
      state: 'unknown',
      since: null,
      now: 'last 6,000 orders',
    });
    expect(metricHold(backlog, { ...held, value: null })).toMatchObject({ state: 'unknown', now: 'no answer' });
    const exit = { ...backlog, side: 'below' as const, limit: 500, clear: 800 };
    expect(metricHold(exit, track(flat(30, 3), { stale: true }))).toMatchObject({ state: 'unknown' });
  });

  it('counts for an exit from the beginning of the mode only', () => {
    const exit = { ...backlog, side: 'below' as const, limit: 500, clear: 800 };
    expect(metricHold(exit, track(flat(30, 24)), at(25))).toMatchObject({ state: 'holding', since: at(25) });
    expect(metricHold(exit, track(flat(30, 24)), at(19))).toMatchObject({ state: 'met', since: at(19) });
    expect(metricHold(exit, track([...flat(10, 24), 700, ...flat(4, 24)]))).toMatchObject({
      state: 'met',
      since: at(0),
    });
    expect(metricHold(exit, track([...flat(10, 24), 900, ...flat(4, 24)]))).toMatchObject({
      state: 'holding',
      since: at(11),
    });
  });
});

describe('a hold on health', () => {
  const failing: HealthCondition = { on: 'health', of: { service: 'x' }, health: 'degraded', minutes: 5, line: 1 };
  const seen = (health: 'healthy' | 'degraded' | 'failing' | 'unknown', since: number | null) => ({
    ...{ health, since },
    observedAt: at(9),
  });

  it('takes what is worse too, and never takes silence for well or for bad', () => {
    expect(healthHold(failing, 'when', seen('failing', at(4)), at(9)).state).toBe('met');
    expect(healthHold(failing, 'when', seen('degraded', at(5)), at(9)).state).toBe('holding');
    expect(healthHold(failing, 'when', seen('healthy', at(0)), at(9)).state).toBe('not-met');
    const well: HealthCondition = { ...failing, health: 'healthy' };
    for (const purpose of ['when', 'exit'] as const)
      expect(healthHold(purpose === 'when' ? failing : well, purpose, seen('unknown', at(0)), at(9)).state).toBe(
        'unknown',
      );
    expect(healthHold(well, 'exit', seen('healthy', at(0)), at(9)).state).toBe('met');
    // Since when is not known: it has only just begun.
    expect(healthHold(well, 'exit', seen('healthy', null), at(9)).state).toBe('holding');
  });
});

describe('a hold on stores', () => {
  const store = (
    selling: StoreTrack['selling'],
    since: number | null = at(0),
    open: boolean | null = true,
  ): StoreTrack => ({
    ...{ selling, since, open },
    observedAt: at(9),
  });
  const five: StoresCondition = { on: 'stores', selling: 'fallback', limit: { count: 2 }, minutes: 5, line: 1 };
  const none: StoresCondition = { ...five, limit: { count: 0 } };

  it('holds since the store that made it enough; closed ones do not call for it', () => {
    const stores = [
      store('fallback', at(1)),
      store('fallback', at(6)),
      store('sells'),
      store('fallback', at(0), false),
    ];
    expect(storesHold(five, 'when', stores, at(9))).toMatchObject({ state: 'holding', since: at(6), now: '2 of 3' });
    expect(storesHold(five, 'when', stores, at(11)).state).toBe('met');
  });

  it('is unknown where those that are not heard of could decide', () => {
    expect(storesHold(five, 'when', [store('fallback'), store('unknown')], at(9)).state).toBe('unknown');
    expect(storesHold(five, 'when', [store('fallback'), store('sells')], at(9)).state).toBe('not-met');
    expect(storesHold(none, 'exit', [store('sells'), store('unknown')], at(9)).state).toBe('unknown');
    expect(storesHold(none, 'exit', [store('sells'), store('fallback', at(0), false)], at(9)).state).toBe('not-met');
    expect(storesHold(none, 'exit', [store('sells', at(3)), store('sells', at(5))], at(9)).state).toBe('holding');
    expect(storesHold(none, 'exit', [store('sells', at(3)), store('sells', at(4))], at(9)).state).toBe('met');
    expect(storesHold(five, 'when', [], at(9)).state).toBe('unknown');
  });
});

describe('several of them', () => {
  it('call for it when one does, end it when all do, and ask again only after they were well in between', () => {
    expect(weigh(['not-met', 'met', 'unknown'], 'when')).toBe('met');
    expect(weigh(['not-met', 'unknown'], 'when')).toBe('unknown');
    expect(weigh(['met', 'unknown', 'holding'], 'exit')).toBe('unknown');
    expect(weigh(['met', 'not-met', 'unknown'], 'exit')).toBe('not-met');
    expect(weigh([], 'exit')).toBe('unknown');
    const met = { state: 'met' as const, clearedAt: at(3) };
    expect([asksAgain(met, null), asksAgain(met, at(2)), asksAgain(met, at(5))]).toEqual([true, true, false]);
    // A gap begins the hold anew, but nobody saw it well: a no stays a no.
    expect(asksAgain({ state: 'met', clearedAt: null }, at(5))).toBe(false);
  });
});

describe('figures', () => {
  it('lose what is avoided and move what is buffered, with an honest range', () => {
    const { lost, buffered } = eased(
      { lost: { low: 0.1, likely: 0.3, high: 0.6 }, buffered: { low: 0, likely: 0, high: 0 } },
      [{ avoids: [0.1, 0.15, 0.2], buffers: [0.2, 0.3, 0.4] }],
    );
    expect(lost.low).toBeCloseTo(0.04);
    expect(lost.likely).toBeCloseTo(0.165);
    expect(lost.high).toBeCloseTo(0.42);
    expect([buffered.low, buffered.likely, buffered.high].map((one) => Number(one.toFixed(3)))).toEqual([
      0.02, 0.09, 0.24,
    ]);
    const untouched = { lost: { low: 0.1, likely: 0.3, high: 0.6 }, buffered: { low: 0, likely: 0, high: 0 } };
    expect(eased(untouched, [])).toEqual(untouched);
    expect(eased(untouched, [{ avoids: null, buffers: null }])).toEqual(untouched);
  });
});

const shipped = readFileSync(new URL('../../assets/policy/degraded.yaml', import.meta.url), 'utf8');
const ONE = `modes:
  - id: limit
    title: Limit
    effect: Less is promised.
    owner: operations
    when:
      - { kind: erp-connector, metric: orders waiting, above: 5000, clear: 4000, minutes: 10 }
    exit:
      - { kind: erp-connector, metric: orders waiting, below: 500, clear: 800, minutes: 10 }
    avoids: [5%, 15%]
`;
const firstOf = (text: string): string => {
  const { value, problems } = degradedPolicy.parse(text);
  expect(value).toBeNull();
  const [first] = problems;
  return `${first!.line}: ${first!.message}`;
};

describe('the policy', () => {
  it('ships without a mistake, and is read as a table', () => {
    const { value, problems } = degradedPolicy.parse(shipped);
    expect(problems).toEqual([]);
    expect(value!.map(({ id }) => id)).toEqual([
      'limit-order-promises',
      'pause-non-essential-sync',
      'prioritise-high-value',
      'stores-offline',
    ]);
    const [table] = degradedPolicy.tables(value!);
    expect(table!.rows[0]!.cells.join(' | ')).toContain('orders waiting of any erp-connector above 5,000 for 10 min');
    expect(table!.rows[0]!.cells[5]).toBe('avoids 5–15 % of an estimated loss and makes 10–30 % of it late instead');
    expect(degradedPolicy.parse(ONE).problems).toEqual([]);
  });

  it.each([
    ['an unknown kind', ONE.replace('kind: erp-connector', 'kind: teapot'), /^7: "teapot" is none of/],
    ['clear on the wrong side', ONE.replace('clear: 4000', 'clear: 6000'), /^7: 6000 is on the wrong side/],
    ['clear on the wrong side of an exit', ONE.replace('clear: 800', 'clear: 300'), /^9: 300 is on the wrong side/],
    ['no exit', ONE.replace(/ {4}exit:\n.*\n/, ''), /^2: Nothing ends the mode limit/],
    ['no trigger', ONE.replace(/ {4}when:\n.*\n/, ''), /^2: Nothing calls for the mode limit/],
    ['no owner', ONE.replace(/ {4}owner.*\n/, ''), /^2: The mode limit has no owner/],
    [
      'an exit where it is called for',
      ONE.replace('below: 500, clear: 800', 'below: 4500, clear: 4600'),
      /^9: It may end below 4500/,
    ],
    ['both sides', ONE.replace('above: 5000', 'above: 5000, below: 1'), /^7: A metric is "above" or "below"/],
    ['no minutes', ONE.replace(', minutes: 10 }\n    exit', ' }\n    exit'), /^7: Say for how many "minutes"/],
    ['nobody’s metric', ONE.replace('kind: erp-connector, ', ''), /^7: Say whose metric/],
    ['an estimate upside down', ONE.replace('[5%, 15%]', '[15%, 5%]'), /^10: The low end/],
    [
      'more than all',
      `${ONE.replace('[5%, 15%]', '[5%, 60%]')}    buffers: [5%, 50%]\n`,
      /^11: The mode limit avoids and buffers more/,
    ],
    [
      'healthy as a trigger',
      ONE.replace(/metric: orders.*10 }\n {4}exit/, 'health: healthy, minutes: 1 }\n    exit'),
      /^7: "healthy" is none of/,
    ],
    [
      'no number of stores',
      ONE.replace(/kind: erp.*10 }\n {4}exit/, 'stores: cannot, minutes: 1 }\n    exit'),
      /^7: Say how many/,
    ],
    ['an unknown word', ONE.replace('    title', '    weather: rain\n    title'), /^3: "weather" is none of/],
    ['no modes', 'rules: []\n', /"rules" is none of modes/],
  ])('refuses %s by its line', (_, text, message) => {
    expect(text).not.toBe(ONE);
    expect(firstOf(text)).toMatch(message);
  });
});
