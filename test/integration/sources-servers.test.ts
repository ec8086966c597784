import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../electron/engine/sources/http.ts';
import type { HttpRequest } from '../../electron/engine/sources/source.ts';
import { rig, type EstateSketch, type Rig } from '../support/sources.ts';
import {
  loadRules,
  missing,
  postAlerts,
  startAlertmanager,
  startPrometheus,
  until,
  type Server,
} from '../support/servers.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

function started(server: Server): Server {
  cleanups.push(() => server.stop());
  return server;
}

function opened(options: Parameters<typeof rig>[0] = {}): Rig {
  const made = rig(options);
  cleanups.push(() => made.close());
  return made;
}

const THRESHOLDS = { early: '>0.01', degraded: '>0.03', failing: '>0.1' };
const errors = (service: string) => ({
  name: 'error rate',
  query: `shop:errors{service="${service}"}`,
  unit: 'ratio',
  ...THRESHOLDS,
});

const SHOP: EstateSketch = {
  services: {
    web: { title: 'Web shop', metrics: [errors('web')] },
    checkout: { title: 'Checkout API', metrics: [errors('checkout')] },
    payments: {
      title: 'Payments API',
      alertMatch: [
        [
          { label: 'service', op: '=', value: 'payments' },
          { label: 'alertname', op: '=~', value: 'Pay.*' },
        ],
      ],
    },
    search: { title: 'Search', metrics: [errors('search')] },
  },
  dependencies: ['web → checkout', 'checkout → payments', 'web ⇢ search'],
  businessServices: {
    buy: {
      title: 'Online checkout',
      services: ['web'],
      throughput: [{ name: 'throughput', query: 'shop:orders', measures: 'orders' }],
    },
  },
};

const record = (service: string, value: number) =>
  `- {record: "shop:errors", labels: {service: ${service}}, expr: "vector(${value})"}`;
const rules = (values: Record<string, number>, more = '') =>
  [
    ...Object.entries(values).map(([service, value]) => record(service, value)),
    '- {record: "shop:orders", expr: "vector(1.5)"}',
    more,
  ]
    .filter((line) => line !== '')
    .join('\n');

describe.skipIf(missing('prometheus', 'prometheus-alertmanager'))('Prometheus and Alertmanager', () => {
  it('turn rules that fire into health, and their death into late, down and unknown, and their return into health again', async () => {
    const am = started(await startAlertmanager());
    const prom = started(
      await startPrometheus({
        rules: rules({ web: 0.001, checkout: 0.005, search: 0 }),
        alertmanagers: [`127.0.0.1:${am.port}`],
      }),
    );
    const { sketch, run, sources, state, systemOps, close, directory } = opened();
    sketch(SHOP);
    sources.start();
    await run('sources.add', {
      id: 'prom',
      title: 'Prometheus',
      type: 'prometheus',
      config: { url: prom.url, intervalSeconds: 1, timeoutSeconds: 5 },
    });
    await run('sources.add', {
      id: 'am',
      title: 'Alertmanager',
      type: 'alertmanager',
      config: { url: am.url, intervalSeconds: 1, timeoutSeconds: 5 },
    });
    const health = async () => {
      const { services, businessServices } = await run('health', {});
      return Object.fromEntries([...services, ...businessServices].map((one) => [one.id, one]));
    };
    const reaches = (what: string, wanted: Record<string, string>) =>
      until(what, async () => {
        const now = await health();
        return Object.entries(wanted).every(([id, word]) => now[id]!.health === word) ? now : null;
      });

    const calm = await reaches('all to be healthy', {
      web: 'healthy',
      checkout: 'healthy',
      payments: 'healthy',
      search: 'healthy',
      buy: 'healthy',
    });
    expect(calm['checkout']).toMatchObject({ source: 'prom', reason: 'error rate: 0.5 %' });
    expect(calm['payments']).toMatchObject({ source: 'am', reason: 'alerts: none fires' });
    expect(systemOps()).toEqual([]);

    const alert =
      '- {alert: PaymentsDown, expr: "vector(1)", for: 0s, labels: {service: payments, severity: critical}, annotations: {summary: "No authorisation succeeds"}}';
    await loadRules(prom, rules({ web: 0.001, checkout: 0.05, search: 0.5 }, alert));
    const hurt = await reaches('rules that fire to be seen', {
      web: 'healthy',
      checkout: 'degraded',
      payments: 'failing',
      search: 'failing',
      buy: 'failing',
    });
    expect(hurt['checkout']!.reason).toBe('error rate: 5 %, degraded above 3 %');
    expect(hurt['payments']!.reason).toBe('PaymentsDown: No authorisation succeeds');
    expect(hurt['buy']!.reason).toMatch(/^Payments API failing \(Alertmanager, \d+ s ago\)$/);
    await until('the changes to be in the log', () => systemOps().length >= 3);
    expect(
      systemOps()
        .map(
          ({ type, payload }) =>
            `${type} ${String(payload['service'])} ${String(payload['health'])} ${String(payload['source'])}`,
        )
        .sort(),
    ).toEqual([
      'health.change checkout degraded prom',
      'health.change payments failing am',
      'health.change search failing prom',
    ]);
    expect(sources.board.businessSignals('buy')).toMatchObject([
      { value: 1.5, unit: 'orders/s', text: '1.5 orders/s' },
    ]);

    await loadRules(prom, rules({ web: 0.001, checkout: 0.02, search: 0 }, alert));
    await reaches('what healed to be seen', { checkout: 'early-warning', search: 'healthy', payments: 'failing' });

    // A power cut.
    const seen: string[] = [];
    await prom.kill();
    await until('Prometheus to be down and its services unknown', async () => {
      const now = await health();
      const step = `${state('prom')} ${now['checkout']!.health} ${state('am')}`;
      if (seen.at(-1) !== step) seen.push(step);
      return state('prom') === 'down' && now['checkout']!.health === 'unknown';
    });
    expect(seen.map((step) => step.split(' ').slice(0, 2).join(' '))).toEqual([
      'live early-warning',
      'late early-warning',
      'down early-warning',
      'down unknown',
    ]);
    expect(seen.every((step) => step.endsWith('live'))).toBe(true);
    const dead = sources.list().find(({ id }) => id === 'prom')!;
    expect(dead).toMatchObject({
      state: 'down',
      message: `127.0.0.1:${prom.port} refuses the connection; nothing listens there.`,
    });
    expect(dead.nextTryAt).not.toBeNull();
    expect(sources.board.serviceHealth('checkout')).toMatchObject({
      health: 'unknown',
      last: 'early-warning',
      reason: expect.stringContaining('Nothing new from Prometheus; it last was early warning'),
    });

    // The console is closed and opened while it is dead: what it knew is still there, with its age.
    await close(true);
    cleanups.pop();
    const again = opened({ at: directory });
    again.sources.start();
    expect(again.sources.board.serviceHealth('checkout')).toMatchObject({ health: 'unknown', last: 'early-warning' });
    expect(again.state('prom')).toBe('down');

    await prom.restart();
    await until(
      'its services to be known again',
      () => again.state('prom') === 'live' && again.sources.board.serviceHealth('search').health === 'healthy',
    );
    expect(again.systemOps().some(({ payload }) => payload['health'] === 'unknown')).toBe(false);
  });

  it('show a server that is frozen as late and then down, while the other goes on', async () => {
    const am = started(await startAlertmanager());
    const prom = started(await startPrometheus({ rules: rules({ web: 0 }) }));
    const { sketch, run, sources, state } = opened();
    sketch(SHOP);
    sources.start();
    await run('sources.add', {
      id: 'prom',
      type: 'prometheus',
      config: { url: prom.url, intervalSeconds: 1, timeoutSeconds: 0.7 },
    });
    await run('sources.add', { id: 'am', type: 'alertmanager', config: { url: am.url, intervalSeconds: 1 } });
    await until('both to be live', () => state('prom') === 'live' && state('am') === 'live');
    prom.freeze();
    await until('it to be down', () => state('prom') === 'down');
    expect(sources.list().find(({ id }) => id === 'prom')!.message).toMatch(
      /No answer within 700 ms\.|Waiting for an answer/,
    );
    expect(state('am')).toBe('live');
    prom.thaw();
    await until('it to be live again', () => state('prom') === 'live');
  });

  it('asks many queries in few requests, and a broken one harms nobody else', async () => {
    const many = Array.from({ length: 150 }, (_, n) => `s${n}`);
    const prom = started(await startPrometheus({ rules: many.map((id, n) => record(id, n / 1000)).join('\n') }));
    const requests: HttpRequest[] = [];
    const http = createHttp();
    const { sketch, run, sources } = opened({
      http: { json: (request) => (requests.push(request), http.json(request)) },
    });
    const odd: Record<string, string> = {
      broken: 'sum(shop:errors',
      nonsense: 'sum(shop:errors) by by (x)',
      range: 'shop:errors[5m]',
      scalar: 'scalar(shop:errors{service="s7"})',
      comment: 'shop:errors{service="s7"} # of seven) or',
      empty: 'shop:errors{service="nobody"}',
      nan: 'vector(0) / vector(0)',
      infinite: 'vector(1) / vector(0)',
      several: 'shop:errors{service=~"s1|s149|s2"}',
      escape: 'vector(1), "x", "", "") or label_replace((vector(2)',
    };
    sketch({
      services: Object.fromEntries([
        ...many.map((id) => [id, { metrics: [errors(id)] }]),
        ...Object.entries(odd).map(([id, query]) => [
          id,
          { metrics: [{ name: 'value', query, unit: '', ...THRESHOLDS }] },
        ]),
      ]),
    });
    await until('the rules to be evaluated', async () => {
      const { data } = (await http.json({
        url: `${prom.url}/api/v1/query?query=count(shop:errors)`,
        signal: AbortSignal.timeout(5000),
      })) as { data: { result: { value: [number, string] }[] } };
      return data.result[0]?.value[1] === '150';
    });
    sources.start();
    await run('sources.add', { id: 'prom', type: 'prometheus', config: { url: prom.url, intervalSeconds: 1 } });
    const live = await until('the first read', () =>
      sources.list().find(({ id, state }) => id === 'prom' && state === 'live'),
    );
    expect(live.message).toMatch(
      /^154 of 160 queries answered; no data for empty value, nan value; refused: broken value: a \( is not closed and 3 more/,
    );
    const value = (id: string) => sources.board.signals(id)[0]!;
    expect(many.map((id) => value(id).value)).toEqual(many.map((_, n) => n / 1000));
    expect(value('s149')).toMatchObject({ health: 'failing', text: '14.9 %, failing above 10 %' });
    expect(value('scalar')).toMatchObject({ value: 0.007, health: 'healthy' });
    expect(value('comment')).toMatchObject({ value: 0.007, health: 'healthy' });
    expect(value('several')).toMatchObject({
      value: 0.149,
      health: 'failing',
      text: '0.149, failing above 0.1, worst of 3 (service=s149)',
    });
    expect(value('infinite')).toMatchObject({ value: null, health: 'failing', text: 'infinite, failing above 0.1' });
    expect(value('empty')).toMatchObject({ value: null, health: 'unknown', text: 'no data' });
    expect(value('nan')).toMatchObject({ value: null, health: 'unknown', text: 'not a number' });
    expect(value('broken')).toMatchObject({ health: 'unknown', text: 'the query is refused: a ( is not closed' });
    expect(value('nonsense').text).toMatch(/the query is refused: 1:\d+: parse error/);
    expect(value('range').text).toMatch(/the query is refused: it gives a matrix/);
    expect(value('escape').text).toMatch(/the query is refused: a \) closes nothing/);

    // Once the odd ones are known, a read is one request for 40 queries, and one for the scalar.
    const reads = sources.list().find(({ id }) => id === 'prom')!.lastSuccessAt!;
    await until('a second read', () => sources.list().find(({ id }) => id === 'prom')!.lastSuccessAt! > reads);
    requests.length = 0;
    const second = sources.list().find(({ id }) => id === 'prom')!.lastSuccessAt!;
    await until('a third read', () => sources.list().find(({ id }) => id === 'prom')!.lastSuccessAt! > second);
    await sources.stop();
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  it('takes a credential, keeps it on this machine only, and sends it nowhere else', async () => {
    // "test", with a cost of 12.
    const prom = started(
      await startPrometheus({ users: { admin: '$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay' } }),
    );
    const other = started(await startPrometheus());
    const { sketch, run, call, sources, state, directory } = opened();
    sketch(SHOP);
    sources.start();
    const config = { url: prom.url, intervalSeconds: 1 };
    expect(await run('sources.test', { type: 'prometheus', config })).toMatchObject({
      ok: false,
      message: `127.0.0.1:${prom.port} wants a credential, or does not take this one (401): Unauthorized.`,
    });
    expect(await run('sources.test', { type: 'prometheus', config, credential: 'admin:wrong' })).toMatchObject({
      ok: false,
    });
    expect(await run('sources.test', { type: 'prometheus', config, credential: 'admin:test' })).toMatchObject({
      ok: true,
      seen: expect.arrayContaining(['version 2.42.0+ds']),
    });

    const added = await run('sources.add', { id: 'prom', type: 'prometheus', config, credential: 'admin:test' });
    expect(added).toMatchObject({ credential: true, config });
    await until('it to be live', () => state('prom') === 'live');
    expect(statSync(join(directory, 'credentials.json')).mode & 0o777).toBe(0o600);
    expect(sources.warnings()).toEqual([expect.stringContaining('unencrypted')]);
    const holding = readdirSync(directory).filter(
      (file) => statSync(join(directory, file)).isFile() && readFileSync(join(directory, file)).includes('admin:test'),
    );
    expect(holding).toEqual(['credentials.json']);
    expect(JSON.stringify(await run('sources.list', {}))).not.toContain('admin:test');

    // Neither trying nor setting another address makes it send the credential there.
    expect(await run('sources.test', { source: 'prom', config: { url: other.url } })).toMatchObject({
      ok: false,
      message: expect.stringContaining('was entered for'),
    });
    await run('sources.change', { source: 'prom', config: { url: other.url, intervalSeconds: 1 } });
    const refused = await until('the changed source to be read', () =>
      sources.list().find(({ id, failures }) => id === 'prom' && failures > 0),
    );
    expect(refused.message).toBe(`Its credential was entered for ${prom.url}, not for ${other.url}; enter it again.`);
    await run('sources.change', { source: 'prom', credential: null });
    await until('it to be live without one', () => state('prom') === 'live');
    expect(readFileSync(join(directory, 'credentials.json'), 'utf8')).not.toContain('admin');
    expect(sources.warnings()).toEqual([]);

    await run('sources.change', { source: 'prom', enabled: false });
    expect(await run('sources.list', {})).toMatchObject([
      { id: 'prom', state: 'off', message: 'Switched off.', signals: 0 },
    ]);
    expect(sources.board.serviceHealth('web')).toMatchObject({ health: 'unknown' });
    await run('sources.remove', { source: 'prom' });
    expect(await run('sources.list', {})).toEqual([]);
    expect(await call('sources.remove', { source: 'prom' })).toMatchObject({ ok: false, code: 'not_found' });
  });

  it('shows silenced and inhibited alerts without counting them, and lists those that belong to nobody', async () => {
    const am = started(
      await startAlertmanager(
        '[{source_matchers: ["alertname=DatacentreDown"], target_matchers: ["alertname=PodDown"], equal: [site]}]',
      ),
    );
    const { sketch, run, sources, state } = opened();
    const by = (...sets: [string, string, string][][]) => ({
      alertMatch: sets.map((set) => set.map(([label, op, value]) => ({ label, op, value }))),
    });
    sketch({
      services: {
        web: by([['service', '=', 'web']]),
        pods: by([
          ['alertname', '=~', 'Pod.*'],
          ['site', '!=', 'lab'],
        ]),
        search: { title: 'Search' },
        careless: by([['service', '=~', '(a+)+$']]),
      },
    });
    const soon = new Date(Date.now() - 300_000).toISOString();
    await postAlerts(am, [
      {
        labels: { alertname: 'WebSlow', service: 'web', severity: 'warning' },
        annotations: { summary: 'Pages take 4 s' },
        startsAt: soon,
      },
      { labels: { alertname: 'WebDown', service: 'web', severity: 'critical' }, startsAt: soon },
      { labels: { alertname: 'DatacentreDown', site: 'graz', severity: 'critical' } },
      { labels: { alertname: 'PodDown', site: 'graz', severity: 'critical' } },
      { labels: { alertname: 'PodDown', site: 'lab', severity: 'critical' } },
      { labels: { alertname: 'IndexOld', service: 'search' } },
      { labels: { alertname: 'Note', service: 'search', severity: 'info' } },
    ]);
    const silenced = await fetch(`${am.url}/api/v2/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        matchers: [{ name: 'alertname', value: 'WebDown', isRegex: false, isEqual: true }],
        startsAt: soon,
        endsAt: new Date(Date.now() + 3_600_000).toISOString(),
        createdBy: 'ana',
        comment: 'known',
      }),
    });
    expect(silenced.ok).toBe(true);
    await until(
      'the alert to be inhibited',
      async () =>
        JSON.stringify(await (await fetch(`${am.url}/api/v2/alerts?inhibited=false`)).json()).includes(
          '"site":"graz"',
        ) &&
        !(await (await fetch(`${am.url}/api/v2/alerts?inhibited=false`)).text()).match(
          /PodDown[^}]*graz|graz[^}]*PodDown/,
        ),
    );
    sources.start();
    await run('sources.add', { id: 'am', type: 'alertmanager', config: { url: am.url, intervalSeconds: 1 } });
    await until(
      'the silence to be seen',
      () =>
        state('am') === 'live' &&
        sources.board.signals('web').some(({ title, text }) => title === 'WebDown' && text.startsWith('(silenced)')),
    );
    const { board } = sources;
    expect(board.serviceHealth('web')).toMatchObject({ health: 'early-warning', reason: 'WebSlow: Pages take 4 s' });
    expect(board.signals('web').map(({ title, tier, text }) => [title, tier, text])).toEqual([
      ['WebSlow', 'early-warning', 'Pages take 4 s'],
      ['WebDown', 'customer-impacting', '(silenced) critical'],
    ]);
    expect(
      board
        .signals('pods')
        .map(({ title, text }) => `${title} ${text}`)
        .sort(),
    ).toEqual(['PodDown (inhibited by another alert) critical', 'alerts 1 that does not count']);
    expect(board.serviceHealth('pods').health).toBe('healthy');
    // By the label `service`, and taken seriously because it does not say how bad it is.
    expect(board.serviceHealth('search')).toMatchObject({ health: 'degraded', reason: 'IndexOld' });
    expect(
      board
        .unmatched()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['DatacentreDown', 'PodDown']);
    expect(sources.list()[0]).toMatchObject({
      state: 'live',
      message:
        "7 alerts for 3 services; 2 of no service of the estate; 2 silenced or inhibited; 1 matcher can't be used: careless: service=~(a+)+$: it repeats a group that repeats or branches, which could take for ever.",
    });
    const report = await run('sources.test', { source: 'am' });
    expect(report).toMatchObject({
      ok: true,
      seen: expect.arrayContaining(['version 0.25.0', 'WebSlow: web', 'PodDown: belongs to no service']),
    });

    // It ends: the alert is over although its end still lies in the future in what the API says of others.
    await postAlerts(am, [
      {
        labels: { alertname: 'WebSlow', service: 'web', severity: 'warning' },
        startsAt: soon,
        endsAt: new Date().toISOString(),
      },
    ]);
    await until('the service to be healthy', () => board.serviceHealth('web').health === 'healthy');
  });

  it('trusts silence only while the watchdog barks', async () => {
    const am = started(await startAlertmanager());
    const { sketch, run, sources } = opened();
    sketch({ services: { web: { alertMatch: [[{ label: 'service', op: '=', value: 'web' }]] } } });
    await postAlerts(am, [{ labels: { alertname: 'Watchdog', severity: 'none' } }]);
    sources.start();
    await run('sources.add', {
      id: 'am',
      type: 'alertmanager',
      config: { url: am.url, intervalSeconds: 1, watchdog: 'Watchdog' },
    });
    await until('the service to be healthy', () => sources.board.serviceHealth('web').health === 'healthy');
    expect(sources.board.unmatched()).toEqual([]);
    await postAlerts(am, [{ labels: { alertname: 'Watchdog', severity: 'none' }, endsAt: new Date().toISOString() }]);
    await until('the service to be unknown', () => sources.board.serviceHealth('web').health === 'unknown');
    expect(sources.board.serviceHealth('web')).toMatchObject({
      last: 'healthy',
      reason: 'alerts: "Watchdog", which always fires, is missing: alerts do not arrive',
    });
  });
});
