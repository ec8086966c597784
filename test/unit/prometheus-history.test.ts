/** What business throughput was while nobody read it comes from the server's own memory, once, and never at the price of the reading. */
import { describe, expect, it } from 'vitest';
import { prometheus } from '../../electron/engine/sources/prometheus.ts';
import type { HttpRequest, Source } from '../../electron/engine/sources/source.ts';

const NOW = Date.parse('2026-11-23T20:00:00Z');
const KEY = 'throughput:checkout:throughput:orders';

/** A Prometheus that answers one query, and a range as `range` says. */
function source(last: number | null, range: () => unknown): { source: Source; ranges: URLSearchParams[] } {
  const ranges: URLSearchParams[] = [];
  const json = ({ url, body }: HttpRequest): Promise<unknown> => {
    if (url.endsWith('/query_range')) {
      ranges.push(new URLSearchParams(body));
      return Promise.resolve().then(range);
    }
    const result = [{ metric: {}, value: [NOW / 1000, '1.5'] }];
    return Promise.resolve({ status: 'success', data: { resultType: 'vector', result } });
  };
  const made = prometheus.create(prometheus.config.parse({ url: 'http://prometheus.test' }), {
    id: 'prom',
    mapping: () => ({
      revision: 1,
      services: [],
      businessServices: [
        {
          id: 'checkout',
          name: 'Checkout',
          throughput: [{ name: 'throughput', query: 'sum(rate(orders[5m]))', measures: 'orders' }],
          baseline: null,
          calendar: [],
        },
      ],
    }),
    credential: null,
    lastSampleAt: (key) => (key === KEY ? last : null),
    now: () => NOW,
    random: () => 0.5,
    http: { json },
  });
  return { source: made, ranges };
}

const matrix = (...series: [number, string][][]) => ({
  status: 'success',
  data: { resultType: 'matrix', result: series.map((values) => ({ metric: {}, values })) },
});
const read = (one: Source) => one.poll(new AbortController().signal);

describe('a Prometheus that was not read for a while', () => {
  it('is asked for the gap, and what several series say is added up', async () => {
    const at = NOW / 1000 - 120;
    const { source: prom, ranges } = source(NOW - 20 * 60_000, () =>
      matrix(
        [
          [at, '1'],
          [at + 60, '2'],
        ],
        [
          [at, '0.5'],
          [at + 60, 'NaN'],
        ],
      ),
    );
    const { observations } = await read(prom);
    expect(observations[0]).toMatchObject({
      key: KEY,
      value: 1.5,
      history: [
        { at: at * 1000, value: 1.5 },
        { at: (at + 60) * 1000, value: 2 },
      ],
    });
    expect(Number(ranges[0]!.get('start'))).toBe(NOW / 1000 - 19 * 60);
    expect(ranges[0]!.get('step')).toBe('60');
  });

  it('is asked for three hours when it was never read, for a day at most, and not at all when nothing is missing', async () => {
    const begin = async (last: number | null): Promise<number | null> => {
      const { source: prom, ranges } = source(last, () => matrix());
      await read(prom);
      return ranges[0] ? NOW / 1000 - Number(ranges[0].get('start')) : null;
    };
    expect(await begin(null)).toBe(3 * 3600);
    expect(await begin(NOW - 40 * 86_400_000)).toBe(86_400);
    expect(await begin(NOW - 60_000)).toBeNull();
  });

  it('is read all the same when it refuses the range or answers nonsense', async () => {
    const refuses = source(null, () => {
      throw new Error('422');
    });
    expect((await read(refuses.source)).observations[0]).toMatchObject({ value: 1.5 });
    const nonsense = source(null, () => ({ status: 'success', data: { resultType: 'vector', result: [] } }));
    const { observations } = await read(nonsense.source);
    expect(observations[0]!.value).toBe(1.5);
    expect(observations[0]!.history).toBeUndefined();
  });
});
