/** Changes from a real HTTP server, as deployment tools and what stands before them answer. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { changesJson, follow } from '../../electron/engine/sources/changes-json.ts';
import { createHttp } from '../../electron/engine/sources/http.ts';
import type { SourceView } from '../../shared/contract/sources.ts';
import { rig, type Rig } from '../support/sources.ts';
import { until } from '../support/servers.ts';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(): Promise<{
  url: string;
  say: (status: number, body: string, type?: string) => void;
  seen: string[];
}> {
  let answer: Answer = (_, response) => response.end('[]');
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? '-'}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}/api/changes?limit=50`,
    seen,
    say: (status, body, type = 'application/json') => {
      answer = (_, response) => {
        response.writeHead(status, { 'content-type': type });
        response.end(body);
      };
    },
  };
}

function opened(): Rig {
  const made = rig({ modules: [changesJson], http: createHttp({ maxBytes: 100_000 }) });
  cleanups.push(() => made.close());
  made.sketch({ services: { 'checkout-api': {}, 'payments-api': {} } });
  return made;
}

const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
const recorded = (from: Rig) => from.systemOps().filter(({ type }) => type === 'change.record');
const messageOf = async (from: Rig): Promise<string> =>
  ((await from.run('sources.list', {})) as SourceView[]).find(({ id }) => id === 'deploys')!.message;

describe('changes of a tool that answers JSON', () => {
  it('are recorded once each, with duplicates, what is to come and what makes no sense said and left out', async () => {
    const server = await serve();
    const source = opened();
    server.say(
      200,
      JSON.stringify([
        {
          id: 'd1',
          at: ago(5),
          kind: 'release',
          title: 'checkout-api 4.18',
          services: ['Checkout-API'],
          by: 'Felix',
          url: 'https://git.example/1',
        },
        { id: 'd1', at: ago(4), kind: 'release', title: 'the same again', services: ['checkout-api'] },
        {
          id: 'f1',
          at: Math.round(Date.now() / 1000 - 120),
          kind: 'flag',
          title: 'one-click on',
          services: 'payments-api, nobody-knows',
          url: 'javascript:alert(1)',
        },
        { id: 'later', at: new Date(Date.now() + 3_600_000).toISOString(), title: 'a release tonight', services: [] },
        { id: 'naive', at: '2026-03-02 18:02', title: 'no zone', services: [] },
        { id: 'old', at: '2020-01-01T00:00:00Z', title: 'long ago', services: [] },
        { id: 'empty', at: ago(1), title: '  \u202e ' },
        'not a change',
        null,
      ]),
    );
    source.sources.start();
    await source.run('sources.add', {
      id: 'deploys',
      type: 'changes-json',
      config: { url: server.url, intervalSeconds: 1 },
      credential: 'tell-nobody',
    });
    await until('several reads', () => server.seen.length > 2);
    expect(server.seen.at(-1)).toBe('/api/changes?limit=50 Bearer tell-nobody');
    const ops = recorded(source);
    expect(
      ops.map(({ payload }) => [payload['title'], payload['kind'], payload['services'], payload['by'], payload['url']]),
    ).toEqual(
      expect.arrayContaining([
        ['checkout-api 4.18', 'deployment', ['checkout-api'], 'Felix', 'https://git.example/1'],
        ['one-click on (nobody-knows)', 'feature-flag', ['payments-api'], undefined, undefined],
      ]),
    );
    expect(ops).toHaveLength(2);
    const message = await messageOf(source);
    for (const part of [
      '2 changes of 9',
      '1 named twice',
      '1 still to come',
      '1 without a time',
      '1 older than 72 h',
      '1 without a title',
      '2 not in the shape',
      'nobody-knows',
    ])
      expect(message).toContain(part);
  });

  it('fit by paths when the tool has a shape of its own', async () => {
    const server = await serve();
    const source = opened();
    const config = {
      url: server.url,
      items: '/result/deployments',
      id: 'uid',
      at: '/finished',
      kind: '/what/type',
      title: '/release/name',
      services: '/components/*/ref',
      by: '/author/login',
      link: '/web',
      kinds: 'ROLL=scaling',
      names: 'shop=checkout-api',
    };
    server.say(
      200,
      JSON.stringify({
        result: {
          deployments: [
            {
              uid: 7,
              finished: Date.now() - 2 * MINUTE,
              what: { type: 'roll' },
              release: { name: 'more pods' },
              components: [{ ref: 'shop' }, { ref: 'payments-api' }],
              author: { login: 'jo' },
              web: 'https://x.example/7',
            },
          ],
        },
      }),
    );
    const tested = await source.run('sources.test', { type: 'changes-json', config });
    expect(tested).toMatchObject({ ok: true, message: expect.stringContaining('1 change, the newest') });
    expect((tested as { seen: string[] }).seen[0]).toContain('scaling: more pods (checkout-api, payments-api)');
    expect(
      await source.run('sources.test', { type: 'changes-json', config: { ...config, items: '/nowhere' } }),
    ).toMatchObject({
      ok: false,
      message: expect.stringContaining('there is no list at "/nowhere"'),
    });
  });

  it('leaves everything as it was when the answer is hostile, and says what is wrong', async () => {
    const server = await serve();
    const source = opened();
    const test = () =>
      source.run('sources.test', { type: 'changes-json', config: { url: server.url } }) as Promise<{
        ok: boolean;
        message: string;
      }>;
    for (const [status, body, type, said] of [
      [200, '<html>Sign in</html>', 'text/html', 'a web page instead of data'],
      [200, '[{"id":"d1","at":"2026', 'application/json', 'not whole JSON'],
      [401, '{"message":"no token"}', 'application/json', 'wants a credential'],
      [503, 'later', 'text/plain', 'not ready to serve'],
      [200, `["${'x'.repeat(200_000)}"]`, 'application/json', 'larger than'],
      [200, '{"hello":"world"}', 'application/json', 'no list of changes'],
      [200, '42', 'application/json', 'no list of changes'],
      [200, '', 'application/json', 'answered with nothing'],
    ] as const) {
      server.say(status, body, type);
      const report = await test();
      expect(report.ok, said).toBe(false);
      expect(report.message).toContain(said);
    }
    expect(recorded(source)).toEqual([]);
  });

  it('refuses an address that carries a secret', async () => {
    const source = opened();
    const report = await source.run('sources.test', {
      type: 'changes-json',
      config: { url: 'https://x.example/changes?private_token=abc' },
    });
    expect(report).toMatchObject({ ok: false, message: expect.stringContaining('belongs in the credential') });
  });

  it('follows paths as they are written', () => {
    const value = { a: [{ b: 1 }, { b: 2 }, { c: 3 }], 'x/y': { '~': 'tilde' }, constructor: 4 };
    expect(follow(value, '/a/*/b')).toEqual([1, 2]);
    expect(follow(value, 'a/1/b')).toEqual([2]);
    expect(follow(value, '/x~1y/~0')).toEqual(['tilde']);
    expect(follow(value, '/toString')).toEqual([]);
    expect(follow(value, '/a/9/b')).toEqual([]);
    expect(follow(value, '=deployment')).toEqual(['deployment']);
    expect(follow(value, '')).toEqual([value]);
  });
});
