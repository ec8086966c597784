/** Calls that traces see, from a real Prometheus that scrapes a real exporter of service-graph series, into the estate. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { seenBetween } from '../../electron/engine/estate/drift.ts';
import { createHttp } from '../../electron/engine/sources/http.ts';
import { prometheus } from '../../electron/engine/sources/prometheus.ts';
import { MOST_EDGES } from '../../electron/engine/sources/service-graph.ts';
import { rig } from '../support/sources.ts';
import { missing, startPrometheus, until } from '../support/servers.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

/** Serves `body()` as metrics. */
async function exporter(body: () => string): Promise<string> {
  const server = createServer((_, response) => response.end(body()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.skipIf(missing('prometheus'))('service-graph series of a Prometheus', () => {
  it('show which calls are not declared, take one into the estate and out to the catalog, and list names that mean nothing', async () => {
    const started = Date.now();
    const target = await exporter(() => {
      const seconds = (Date.now() - started) / 1000;
      const line = (name: string, client: string, server: string, perSecond: number, more = '') =>
        `traces_service_graph_request_${name}{client="${client}",server="${server}"${more}} ${(perSecond * seconds).toFixed(3)}`;
      return [
        '# TYPE traces_service_graph_request_total counter',
        line('total', 'web', 'shop/checkout', 40),
        line('total', 'Web', 'stock-service', 10),
        line('total', 'checkout', 'orders', 5, ',connection_type="messaging_system"'),
        line('total', 'user', 'web', 60),
        '# TYPE traces_service_graph_request_failed_total counter',
        line('failed_total', 'Web', 'stock-service', 1),
        '',
      ].join('\n');
    });
    const server = await startPrometheus({ targets: [target] });
    cleanups.push(() => server.stop());
    const made = rig();
    cleanups.push(() => made.close());
    const { sketch, sources, run, call } = made;
    sketch({
      services: {
        web: {},
        checkout: {},
        stock: { annotations: { 'holdfast.dev/trace-names': 'stock-service, lager' } },
        orders: {},
        ledger: {},
      },
      dependencies: ['web → checkout', 'checkout → ledger'],
    });
    sources.start();
    await run('sources.add', {
      id: 'prom',
      type: 'prometheus',
      config: { url: server.url, intervalSeconds: 1, timeoutSeconds: 5, learnEdges: 'yes' },
    });
    const seen = await until('calls to be learned with their rates', async () => {
      const drift = await run('estate.drift', {});
      return drift.undeclared.length === 2 && drift.undeclared.every(({ rate }) => rate !== null && rate > 0)
        ? drift
        : null;
    });
    const [busiest, queued] = seen.undeclared;
    expect([busiest!.from.id, busiest!.to.id, busiest!.strength, busiest!.mode]).toEqual([
      'web',
      'stock',
      'hard',
      'sync',
    ]);
    expect(busiest!.errorShare).toBeCloseTo(0.1, 1);
    expect([queued!.from.id, queued!.to.id, queued!.connections, queued!.strength, queued!.mode]).toEqual([
      ...['checkout', 'orders', ['messaging_system']],
      ...['soft', 'async'],
    ]);
    expect(seen.counts).toMatchObject({ confirmed: 1, unseen: 0 });
    expect(seen.strangers).toMatchObject([{ name: 'user', as: 'client', calls: 1 }]);
    expect((await run('sources.list', {}))[0]!.message).toMatch(/Calls between services: 4 seen\./);

    expect(await run('estate.drift.accept', { from: 'web', to: 'stock', strength: 'soft' })).toMatchObject({
      kind: 'undeclared',
    });
    expect(made.estate.get('dependency', 'web->stock')).toMatchObject({ strength: 'soft', mode: 'sync' });
    expect(await call('estate.drift.accept', { from: 'web', to: 'stock' })).toMatchObject({
      ok: false,
      code: 'refused',
      message: expect.stringMatching(/agree/),
    });
    const [toCheckout, toStock] = ['checkout', 'stock'].map((to) => seenBetween(made.context, 'web', to)!);
    expect(toCheckout!.rate! / toStock!.rate!).toBeCloseTo(4, 0);
    expect(toCheckout!.errorShare).toBe(0);
    expect(toStock!.errorShare).toBeCloseTo(0.1, 1);
    expect(seenBetween(made.context, 'checkout', 'web')).toBeNull();
    await run('estate.drift.dismiss', { from: 'checkout', to: 'orders', reason: 'only in tests' });
    expect((await run('estate.drift', {})).counts).toMatchObject({ undeclared: 0, confirmed: 2, dismissed: 1 });
    expect((await run('estate.drift', { all: true })).undeclared).toMatchObject([
      { dismissed: { reason: 'only in tests' } },
    ]);

    const out = mkdtempSync(join(tmpdir(), 'holdfast-drift-'));
    cleanups.push(() => rmSync(out, { recursive: true, force: true }));
    await run('catalog.export', { directory: join(out, 'catalog') });
    const written = readdirSync(join(out, 'catalog'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(out, 'catalog', name), 'utf8'))
      .join('\n');
    expect(written).toMatch(/stock=soft/);
  });

  it('of 100,000 kinds of calls keep the busiest and say so', async () => {
    const body = Array.from(
      { length: 100_000 },
      (_, i) => `traces_service_graph_request_total{client="c${i % 400}",server="s${i}"} `,
    );
    const started = Date.now();
    const target = await exporter(() => {
      const value = Math.round(Date.now() - started);
      return `${body.map((line) => line + value).join('\n')}\n`;
    });
    const server = await startPrometheus({ targets: [target] });
    cleanups.push(() => server.stop());
    const config = prometheus.config.parse({ url: server.url, timeoutSeconds: 60, learnEdges: true });
    const polled = await until(
      '100,000 series to be scraped twice',
      async () => {
        const source = prometheus.create(config, {
          id: 'prom',
          mapping: () => ({ revision: 1, services: [], businessServices: [] }),
          credential: null,
          now: Date.now,
          random: Math.random,
          http: createHttp(),
        });
        const read = await source.poll(AbortSignal.timeout(60_000));
        return read.edges && read.edges.length > 0 ? read : null;
      },
      60_000,
    );
    expect(polled.edges).toHaveLength(MOST_EDGES);
    expect(polled.edgesCut).toBe(true);
    expect(polled.message).toMatch(/there are 100,000, of which the busiest are kept/);
  }, 120_000);
});
