import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcp, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../electron/engine/sources/http.ts';
import type { SourceView } from '../../shared/contract/sources.ts';
import { rig, type Rig } from '../support/sources.ts';
import { freePort, until } from '../support/servers.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<{ url: string; host: string; say: (answer: Answer) => void }> {
  let current = answer;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => current(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}`, say: (next) => (current = next) };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const page =
  (body: string, status = 200, type = 'text/html'): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };
const vector = (...values: [Record<string, string>, string][]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map(([metric, value]) => ({ metric, value: [Date.now() / 1000, value] })),
  },
});

function opened(maxBytes = 200_000): Rig {
  const made = rig({ http: createHttp({ maxBytes }) });
  cleanups.push(() => made.close());
  made.sketch({
    services: {
      web: { metrics: [{ name: 'error rate', query: 'errors', unit: 'ratio', failing: '>0.1' }] },
      pos: { alertMatch: [[{ label: 'service', op: '=', value: 'pos' }]] },
    },
  });
  made.sources.start();
  return made;
}

const add = (made: Rig, type: string, url: string, more: Record<string, unknown> = {}) =>
  made.run('sources.add', { id: type, type, config: { url, intervalSeconds: 1, timeoutSeconds: 15, ...more } });
const answered = (made: Rig, id: string): Promise<SourceView> =>
  until(`${id} to be live`, () => made.sources.list().find((one) => one.id === id && one.state === 'live'));

/** Every way to be broken, with the sentence that a person reads. HOST stands for host and port. */
const BROKEN: [string, Answer, RegExp][] = [
  [
    'a web page',
    page('<!doctype html><title>Sign in</title>'),
    /^HOST answered with a web page instead of data; a proxy or a sign-in page may stand before it\.$/,
  ],
  [
    'half a JSON',
    json('{"status":"success","data":{"resultType":"vec'),
    /^HOST answered with something that is not whole JSON \(45 characters, they end in ".*resultType":"vec"\)\.$/,
  ],
  ['nothing at all', json(''), /^HOST answered with nothing\.$/],
  [
    'JSON of another shape',
    json({ hello: 'world' }),
    /^HOST answers JSON, but not as (Prometheus|Alertmanager) does; is the address right\?$/,
  ],
  ['a number', json('42'), /^HOST answers JSON, but not as/],
  ['null', json('null'), /^HOST answers JSON, but not as/],
  [
    'a deep nest',
    json('['.repeat(20_000) + ']'.repeat(20_000)),
    /^HOST answers JSON, but not as|^No alert fires|left out/,
  ],
  [
    '401',
    json({ message: 'no token' }, 401),
    /^HOST wants a credential, or does not take this one \(401\): no token\.$/,
  ],
  ['403 with a page', page('<h1>Forbidden</h1>', 403), /^HOST does not allow this credential to read \(403\)\.$/],
  [
    '404',
    page('404 page not found\n', 404, 'text/plain'),
    /^HOST has nothing at this address; is a path missing or too much\? \(404\): 404 page not found\.$/,
  ],
  ['500', json({ error: 'out of memory' }, 500), /^HOST has an internal error \(500\): out of memory\.$/],
  [
    '503 while it starts',
    page('Service Unavailable', 503, 'text/plain'),
    /^HOST is not ready to serve \(503\): Service Unavailable\.$/,
  ],
  [
    '429 that asks for time',
    json({ error: 'slow down' }, 429, { 'retry-after': '30' }),
    /^HOST asks to be left alone for a while: too many requests \(429\): slow down\.$/,
  ],
  ['silence', () => {}, /^No answer within 400 ms\.$/],
  [
    'a drip',
    (_, response) => void (response.writeHead(200), setInterval(() => response.write(' '), 20).unref()),
    /^No answer within 400 ms\.$/,
  ],
  [
    'a body that breaks off',
    (request, response) => (
      response.writeHead(200, { 'content-length': '100' }),
      response.write('{"sta'),
      void setTimeout(() => request.socket.destroy(), 30)
    ),
    /^HOST broke the connection off\.$/,
  ],
  ['a hang-up', (request) => request.socket.destroy(), /^HOST broke the connection off\.$/],
  [
    'an endless answer',
    (_, response) => {
      const more = () => {
        while (response.write('x'.repeat(50_000)));
      };
      response.on('drain', more);
      response.on('close', () => response.removeAllListeners('drain'));
      more();
    },
    /^The answer of HOST is larger than 0 MiB; it was not read\.$|the answer is too large to be read/,
  ],
  [
    'a small answer that unpacks to a large one',
    (_, response) => (
      response.writeHead(200, { 'content-encoding': 'gzip' }),
      response.end(gzipSync(Buffer.alloc(5_000_000, 0x20)))
    ),
    /larger than 0 MiB|too large to be read/,
  ],
  [
    'a packed answer that is none',
    (_, response) => (response.writeHead(200, { 'content-encoding': 'gzip' }), response.end('not gzip')),
    /^HOST can't be read: /,
  ],
  [
    'a redirect in a circle',
    (request, response) => (response.writeHead(302, { location: request.url! }), response.end()),
    /^HOST can't be read: redirect count exceeded\.$/,
  ],
];

describe('a hostile server', () => {
  it.each(BROKEN)(
    'that answers with %s is one sentence, for either kind, and harms nobody',
    async (_, answer, sentence) => {
      const made = opened();
      const bad = await serve(answer);
      const expected = new RegExp(sentence.source.replaceAll('HOST', bad.host.replaceAll('.', '\\.')));
      const good = await serve(json([]));
      await made.run('sources.add', {
        id: 'good',
        type: 'alertmanager',
        config: { url: good.url, intervalSeconds: 1 },
      });
      for (const type of ['prometheus', 'alertmanager']) {
        // Short only where it is the point: a busy machine needs more to answer at all.
        await add(made, type, bad.url, /within/.test(sentence.source) ? { timeoutSeconds: 0.4 } : {});
        const view = await until(`${type} to be read`, () =>
          made.sources.list().find((one) => one.id === type && (one.failures > 0 || one.lastSuccessAt !== null)),
        );
        expect(view.message).toMatch(expected);
        const report = await made.run('sources.test', { source: type });
        expect(report.seen.join('\n') + report.message).toMatch(expected);
      }
      expect((await answered(made, 'good')).failures).toBe(0);
      expect(made.sources.board.serviceHealth('web').health).toBe('unknown');
    },
  );

  it('that does not speak HTTP, does not listen, or has no name is one sentence', async () => {
    const made = opened();
    const sockets = new Set<Socket>();
    const tcp = createTcp(
      (socket) => (sockets.add(socket), socket.on('error', () => {}), void socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
    );
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => (sockets.forEach((socket) => socket.destroy()), void tcp.close()));
    const test = async (url: string) =>
      (await made.run('sources.test', { type: 'prometheus', config: { url } })).message;
    const { port } = tcp.address() as { port: number };
    expect(await test(`http://127.0.0.1:${port}`)).toBe(`127.0.0.1:${port} does not speak HTTP.`);
    const closed = await freePort();
    expect(await test(`http://127.0.0.1:${closed}`)).toBe(
      `127.0.0.1:${closed} refuses the connection; nothing listens there.`,
    );
    expect(await test('http://prometheus.invalid:9090')).toMatch(
      /^prometheus\.invalid:9090 (is a name that nobody knows|can't be looked up: no name server answers)\.$/,
    );
    const plain = await serve(json([]));
    expect(await test(plain.url.replace('http:', 'https:'))).toMatch(
      /does not speak TLS; is it http:\/\/ instead of https:\/\/\?$/,
    );
  });

  it('whose numbers make no sense is unknown where it says nothing and failing where it says too much', async () => {
    const made = opened();
    const server = await serve(json(vector([{}, 'NaN'])));
    await add(made, 'prometheus', server.url);
    const shown = (text: string) =>
      until(`"${text}"`, () => made.sources.board.signals('web').find((signal) => signal.text === text));
    expect(await shown('not a number')).toMatchObject({ health: 'unknown', value: null });
    server.say(json(vector([{}, '+Inf'])));
    expect(await shown('infinite, failing above 10 %')).toMatchObject({ health: 'failing', value: null });
    server.say(json(vector([{ pod: 'a' }, 'NaN'], [{ pod: 'b' }, '0.5'], [{ pod: 'c' }, 'garbage'])));
    expect(await shown('50 %, failing above 10 %, worst of 3 (pod=b)')).toMatchObject({
      health: 'failing',
      value: 0.5,
    });
    server.say(
      json({
        status: 'success',
        data: { resultType: 'vector', result: [null, 7, { value: 'x' }, { metric: [], value: [] }] },
      }),
    );
    expect(await shown('not a number')).toMatchObject({ health: 'unknown' });
    server.say(
      json({
        status: 'success',
        warnings: ['PromQL warning: one store did not answer'],
        data: { resultType: 'vector', result: [{ metric: {}, value: [Date.now() / 1000 - 3600, '0.01'] }] },
      }),
    );
    await shown('1 %');
    expect(made.sources.list()[0]!.message).toBe(
      '1 of 1 query answered; its clock is 1 h 00 behind ours; it warns: PromQL warning: one store did not answer.',
    );
  });

  it('that returns 100,000 series is read for the worst of them', async () => {
    const made = opened(32 * 1024 * 1024);
    const series = Array.from({ length: 100_000 }, (_, n): [Record<string, string>, string] => [
      { pod: `checkout-${n}`, namespace: 'shop' },
      n === 77_777 ? '0.9' : '0.001',
    ]);
    const server = await serve(json(vector(...series)));
    await add(made, 'prometheus', server.url, { intervalSeconds: 60, timeoutSeconds: 20 });
    await answered(made, 'prometheus');
    expect(made.sources.board.signals('web')[0]).toMatchObject({
      health: 'failing',
      text: '90 %, failing above 10 %, worst of 100000 (pod=checkout-77777 namespace=shop)',
    });
  });

  it('whose alerts are partly rubbish gives the good ones and counts the rest', async () => {
    const made = opened();
    const alert = (labels: Record<string, string>, more: Record<string, unknown> = {}) => ({
      fingerprint: JSON.stringify(labels),
      labels,
      annotations: {},
      startsAt: '2026-01-01T00:00:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      status: {
        state: 'active',
        silencedBy: [],
        inhibitedBy: [],
      },
      ...more,
    });
    const server = await serve(
      json([
        null,
        'alert',
        { labels: { service: 'pos' } },
        alert({ service: 'pos', alertname: 'PosDown', severity: 'critical' }),
        alert({ service: 'pos', alertname: 'PosOver', severity: 'critical' }, { endsAt: '2026-01-01T01:00:00Z' }),
        alert(
          { service: 'pos', alertname: 'FutureStart', severity: 'error' },
          { startsAt: '2999-01-01T00:00:00Z', annotations: 7, status: { state: 'active' } },
        ),
        alert({ service: 'pos', alertname: 'PosDown', severity: 'critical' }),
        alert({ service: 'p'.repeat(10_000), alertname: 'n'.repeat(10_000) }),
      ]),
    );
    await add(made, 'alertmanager', server.url);
    expect((await answered(made, 'alertmanager')).message).toBe(
      '3 alerts for 1 service; 1 of no service of the estate; 3 left out: too many, or not in the shape of an alert.',
    );
    const signals = made.sources.board.signals('pos');
    expect(signals.map(({ title, health }) => `${title} ${health}`)).toEqual([
      'PosDown failing',
      'FutureStart degraded',
    ]);
    expect(signals[1]!.since).toBeLessThanOrEqual(Date.now());
    expect(made.sources.board.unmatched()[0]!.title.length).toBe(200);
  });

  it('that comes back is live again and what it says counts at once', async () => {
    const made = opened();
    const server = await serve(page('Service Unavailable', 503, 'text/plain'));
    await add(made, 'prometheus', server.url);
    await until('it to be down', () => made.state('prometheus') === 'down');
    server.say(json(vector([{}, '0.5'])));
    await answered(made, 'prometheus');
    expect(made.sources.board.serviceHealth('web')).toMatchObject({ health: 'failing' });
  });
});

describe('what a person configures', () => {
  it.each([
    ['no address', {}, /^config\.url: /],
    [
      'no address at all',
      { url: 'prometheus' },
      /^config\.url: "prometheus" is no address; write it like http:\/\/prometheus\.example:9090\.$/,
    ],
    [
      'another scheme',
      { url: 'file:///etc/passwd' },
      /^config\.url: an address begins with http:\/\/ or https:\/\/, not file:\.$/,
    ],
    [
      'a password in the address',
      { url: 'http://admin:secret@prom:9090' },
      /^config\.url: an address holds no user or password/,
    ],
    ['an unknown setting', { url: 'http://prom:9090', token: 'x' }, /^config\..*token/],
    ['an interval of no time', { url: 'http://prom:9090', intervalSeconds: '0' }, /^config\.intervalSeconds: /],
  ])('%s is refused with the field', async (_, config, message) => {
    const made = opened();
    const reply = await made.call('sources.add', { type: 'prometheus', config });
    expect(reply).toMatchObject({ ok: false, code: 'bad_input', message: expect.stringMatching(message) });
    expect(JSON.stringify(reply)).not.toContain('secret');
    expect(await made.run('sources.list', {})).toEqual([]);
  });

  it('takes numbers as text and leaves out what was left blank, as forms send them', async () => {
    const made = opened();
    const server = await serve(json([]));
    const { id, config } = await made.run('sources.add', {
      type: 'alertmanager',
      config: {
        url: ` ${server.url}/ `,
        intervalSeconds: '1',
        watchdog: '',
        severities: 'Warning=operational-degradation, p4 = ignore',
        serviceLabels: 'app, service',
      },
    });
    expect({ id, config }).toEqual({
      id: 'alertmanager',
      config: {
        url: ` ${server.url}/ `,
        intervalSeconds: '1',
        severities: 'Warning=operational-degradation, p4 = ignore',
        serviceLabels: 'app, service',
      },
    });
    await answered(made, 'alertmanager');
    const labels = (severity: string) => ({
      fingerprint: severity,
      labels: { app: 'pos', alertname: severity, severity },
      annotations: {},
      startsAt: '',
      endsAt: '',
      status: { state: 'active' },
    });
    server.say(json([labels('WARNING'), labels('P4'), labels('customer-impacting')]));
    await until('the alerts', () => made.sources.board.signals('pos').length === 3);
    expect(made.sources.board.signals('pos').map(({ title, tier }) => [title, tier])).toEqual([
      ['customer-impacting', 'customer-impacting'],
      ['WARNING', 'operational-degradation'],
      ['P4', null],
    ]);
    expect((await made.run('sources.add', { type: 'alertmanager', config: { url: server.url } })).id).toBe(
      'alertmanager-2',
    );
    expect(
      await made.call('sources.add', { id: 'alertmanager', type: 'alertmanager', config: { url: server.url } }),
    ).toMatchObject({ ok: false, code: 'refused' });
  });

  it('shows a source whose kind or configuration this console does not understand as down, and reads the others', async () => {
    const made = opened();
    const server = await serve(json([]));
    made.store.commit({ actor: 'ana', zone: 'UTC' }, (tx) => {
      tx.append({
        scope: 'estate',
        type: 'estate.put',
        payload: { kind: 'source', id: 'new', fields: { name: 'new', type: 'graphite', config: {} } },
      });
      tx.append({
        scope: 'estate',
        type: 'estate.put',
        payload: { kind: 'source', id: 'odd', fields: { name: 'odd', type: 'prometheus', config: { url: 7 } } },
      });
    });
    await made.run('sources.add', { id: 'am', type: 'alertmanager', config: { url: server.url, intervalSeconds: 1 } });
    await answered(made, 'am');
    expect((await made.run('sources.list', {})).map(({ id, state, message }) => [id, state, message])).toEqual([
      ['new', 'down', 'This Holdfast has no source of the kind "graphite".'],
      ['odd', 'down', expect.stringMatching(/^url: .*\.$/)],
      ['am', 'live', 'No alert fires.'],
    ]);
    expect(
      (await made.run('sources.types', {})).map(({ type, fields }) => [
        type,
        fields.filter(({ required }) => required).map(({ name }) => name),
      ]),
    ).toEqual([
      ['prometheus', ['url']],
      ['alertmanager', ['url']],
    ]);
  });
});
