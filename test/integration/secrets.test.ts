/**
 * The grep for secrets: a story with every kind of secret, after which each is looked for, as text and in digits of base 16 and 64,
 * in everything that a window was told, that was printed, logged, exported or kept.
 */
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterEach, expect, it, vi } from 'vitest';
import type { Caller } from '../../electron/engine/access/session.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { sourceModules } from '../../electron/engine/sources/modules.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import { table, type Input, type Name, type Output } from '../../shared/contract/table.ts';
import { cli } from '../support/cli.ts';
import { newFolder, openOn } from '../support/engines.ts';
import { freePort } from '../support/servers.ts';

const ANA = 'ana-kovac';
const RAJ = 'raj-menon';
const WINDOW: Caller = { id: 'the window of the war room', kind: 'window' };
const TITLE = 'Checkout-fails-marker-4711';
const ASSETS = new URL('../../assets/', import.meta.url).pathname;

/** What is typed in the story. */
const TYPED = {
  source: 'source-token-Zx81-quartz',
  endpoint: 'endpoint-token-Lw47-basalt',
  update: 'update-token-Bn29-granite',
  hub: 'hub-password-Tf63-marble',
  sso: 'sso-client-Vd52-slate',
  passphrase: 'seven lemons on a tram',
  changed: 'eleven geese in a row of boats',
  pin: '4839201756',
  mistyped: 'severn lemons on a trum',
  folder: 'nine herons under glass',
};

/** A secret as it may stand somewhere. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const digits = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Without the digits that its neighbours have a part in.
    const core = digits.replaceAll('=', '').slice(offset === 0 ? 0 : offset + 1, -2);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
  ]
    .map((text) => Buffer.from(text))
    .concat(Buffer.from(secret, 'utf16le'));
}

/** The secrets that stand in `bytes`, by name. */
function found(bytes: Buffer | string, secrets: Readonly<Record<string, string>>): string[] {
  const text = Buffer.from(bytes);
  return Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).some((form) => text.includes(form)) ? [name] : [],
  );
}

/** A file as it is, and as it is inside. */
function contents(file: string): Buffer {
  const bytes = readFileSync(file);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return Buffer.concat([bytes, gunzipSync(bytes)]);
  const line = bytes.indexOf(10) + 1;
  if (bytes.length >= line + 4 && bytes.readUInt32LE(line) === 0xfd2fb528)
    return Buffer.concat([bytes, zstdDecompressSync(bytes.subarray(line))]);
  return bytes;
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Which secrets stand in which files of `folder`. */
function inFiles(folder: string, secrets: Readonly<Record<string, string>>): Record<string, string[]> {
  return Object.fromEntries(
    filesOf(folder)
      .map((file) => [relative(folder, file), found(contents(file), secrets)] as const)
      .filter(([, names]) => names.length > 0),
  );
}

/** All that the window, the log and the terminal were given. */
const told: string[] = [];
const logged: string[] = [];
afterEach(() => vi.restoreAllMocks());

async function say<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Reply<Output<K>>> {
  const reply = (await engine.call(name, input, { request: crypto.randomUUID(), caller: WINDOW })) as Reply<Output<K>>;
  // What a person is to read out stands in the answer that makes it, and nowhere else.
  if (name !== 'console.invite') told.push(JSON.stringify(reply));
  return reply;
}

async function ok<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await say(engine, name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value;
}

/** Whatever a page can ask without knowing anything, and for an incident. */
async function askEverything(engine: Engine, incident: string): Promise<number> {
  let asked = 0;
  for (const [name, { kind, input }] of Object.entries(table)) {
    if (kind !== 'query') continue;
    for (const given of [
      {},
      { incident },
      { source: 'prom' },
      { endpoint: 'deployer' },
      { person: ANA },
      { policy: 'access' },
    ]) {
      if (!input.safeParse(given).success) continue;
      if (/\.(?:test|wait)$/.test(name)) continue;
      asked += (await say(engine, name as Name, given as never)).ok ? 1 : 0;
    }
  }
  return asked;
}

it('finds no secret in what is told, printed, logged, exported or kept', { timeout: 120_000 }, async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(
      (...words: unknown[]) => void logged.push(words.map(String).join(' ')),
    );
  const data = newFolder();
  const out = newFolder();
  const paper = newFolder();
  // Nobody listens there.
  const port = await freePort();
  const guess = { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 };
  const options = {
    ...{ guess, modules: sourceModules(ASSETS), machine: 'desk' },
    print: async (html: string) => Buffer.from(html),
  };
  let engine = await openOn(data, options);
  engine.onChanged((changed) => told.push(JSON.stringify(changed)));

  await ok(engine, 'catalog.import', { paths: [join(ASSETS, 'demo/estate')] });
  const { id: incident } = await ok(engine, 'incident.declare', {
    title: TITLE,
    severity: 'SEV2',
    services: ['checkout-api'],
  });
  await ok(engine, 'sources.add', {
    id: 'prom',
    type: 'prometheus',
    config: { url: `http://127.0.0.1:${port}` },
    credential: TYPED.source,
  });
  await say(engine, 'sources.test', { source: 'prom' } as never);
  await ok(engine, 'endpoint.add', {
    endpoint: 'deployer',
    url: `http://127.0.0.1:${port}/api`,
    credential: TYPED.endpoint,
  });
  await say(engine, 'endpoint.test', { endpoint: 'deployer' } as never);
  await ok(engine, 'update.endpoint', {
    audience: 'execs',
    url: `http://127.0.0.1:${port}/hook`,
    credential: TYPED.update,
  } as never);
  await ok(engine, 'organisation.found', { name: 'Acme Retail', organisation: 'acme', console: 'War room' });
  await ok(engine, 'hub.set', {
    url: `nats://127.0.0.1:${port}`,
    organisation: 'acme',
    user: 'holdfast',
    credential: TYPED.hub,
  } as never);
  await ok(engine, 'sso.set', { issuer: `http://127.0.0.1:${port}/`, client: 'holdfast' });
  await ok(engine, 'sso.secret', { secret: TYPED.sso });
  const { code } = await ok(engine, 'console.invite', { note: 'store 112' });
  const sheet = join(paper, 'sheet.html');
  await ok(engine, 'breakglass.prepare', { to: sheet, count: 2, label: 'safe' });
  const [sealed, unused] = readFileSync(sheet, 'utf8').match(/\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/g)! as [
    string,
    string,
  ];
  await ok(engine, 'access.grant', { to: ANA, role: 'keeper' });
  await ok(engine, 'access.secret', { person: ANA, secret: TYPED.passphrase });
  await ok(engine, 'access.secret', { person: RAJ, secret: TYPED.pin, kind: 'pin' });
  await ok(engine, 'access.secret', { person: ANA, secret: TYPED.changed, current: TYPED.passphrase });
  await ok(engine, 'access.lock', {});
  expect((await say(engine, 'access.unlock', { person: ANA, secret: TYPED.mistyped })).ok).toBe(false);
  await ok(engine, 'breakglass.use', {
    ...{
      holder: RAJ,
      reason: 'single sign-on is down',
      capabilities: ['command', 'declare'],
      incidents: [incident],
      code: sealed,
    },
  } as never);
  await ok(engine, 'incident.say', { incident, text: `under the glass: ${TITLE}` });
  expect(
    (
      await say(engine, 'breakglass.use', {
        holder: RAJ,
        reason: 'again',
        capabilities: ['command', 'declare'],
        incidents: [incident],
        code: sealed,
      } as never)
    ).ok,
  ).toBe(false);
  await ok(engine, 'access.unlock', { person: ANA, secret: TYPED.changed });

  for (const format of ['md', 'html', 'pdf', 'csv', 'json'] as const)
    await ok(engine, 'incident.export', { incident, format, to: join(out, `incident.${format}`) });
  await ok(engine, 'bundle.export', { to: join(out, 'all.holdfast') });
  await ok(engine, 'bundle.export', { to: join(out, 'one.holdfast'), incident });
  await ok(engine, 'snapshot.make', { to: join(out, 'all.holdfast-snapshot') });
  await ok(engine, 'audit.export', { to: join(out, 'audit.csv') } as never);
  mkdirSync(join(out, 'catalog'));
  await ok(engine, 'catalog.export', { directory: join(out, 'catalog') });
  await ok(engine, 'handover.print', { incident, to: join(out, 'handover.html') } as never);
  await ok(engine, 'calltree.print', { incident, to: join(out, 'calls.html') } as never);
  await ok(engine, 'backup.create', {});
  expect(await askEverything(engine, incident)).toBeGreaterThan(50);
  await ok(engine, 'record.verify', {});
  await engine.close();

  const pem = readFileSync(join(data, 'keys', 'console.pem'), 'utf8');
  const secrets: Record<string, string> = {
    ...TYPED,
    ...{ code, digits: code.replaceAll('-', '').replaceAll(' ', ''), sealed, unused },
    key: createPrivateKey(pem).export({ format: 'jwk' }).d!,
    pem: pem.split('\n')[1]!,
    pepper: readFileSync(join(data, 'keys', 'unlock.key'), 'utf8').trim(),
  };

  const printed: string[] = [];
  for (const words of [
    'status',
    'record',
    'sources list',
    'endpoint list',
    'hub',
    'user list',
    'audit list',
    'data status',
    'sso',
    'breakglass list',
    'console list',
    'organisation show',
  ])
    for (const more of [[], ['--json']]) {
      const { stdout, stderr } = await cli([...words.split(' '), ...more], { data });
      printed.push(stdout, stderr);
    }
  expect(printed.join('\n')).toContain('deployer');

  for (const [where, text] of [
    ['told', told.join('\n')],
    ['logged', logged.join('\n')],
    ['printed', printed.join('\n')],
  ] as const)
    expect(found(text, secrets), where).toEqual([]);
  expect(inFiles(out, secrets)).toEqual({});
  expect(filesOf(out).length).toBeGreaterThan(10);
  // Not encrypted, secrets lie in two places that only their owner may read; the database and its backups hold none.
  const kept = inFiles(data, secrets);
  expect(
    Object.keys(kept)
      .map((file) => (file.startsWith('keys') ? 'keys' : basename(file)))
      .sort(),
  ).toEqual(['credentials.json', 'keys', 'keys']);
  expect(kept['credentials.json']!.toSorted()).toEqual(['endpoint', 'hub', 'source', 'sso', 'update']);
  expect(inFiles(data, { TITLE })).toHaveProperty('holdfast.db');

  // Encrypted, none lies anywhere, and nothing that was written in an incident either.
  engine = await openOn(data, options);
  await ok(engine, 'access.unlock', { person: ANA, secret: TYPED.changed });
  await ok(engine, 'data.encrypt', { secret: TYPED.folder });
  await engine.close();
  engine = await openOn(data, { ...options, passphrase: async () => TYPED.folder });
  await ok(engine, 'access.unlock', { person: ANA, secret: TYPED.changed });
  await ok(engine, 'incident.say', { incident, text: `after it was encrypted: ${TITLE}` });
  await ok(engine, 'endpoint.change', { endpoint: 'deployer', credential: `${TYPED.endpoint}-2` } as never);
  await ok(engine, 'backup.create', {});
  await ok(engine, 'bundle.export', { to: join(out, 'later.holdfast') });
  await ok(engine, 'snapshot.make', { to: join(out, 'later.holdfast-snapshot') });
  expect(await askEverything(engine, incident)).toBeGreaterThan(50);
  expect(existsSync(join(data, 'holdfast.db-wal'))).toBe(true);
  expect(inFiles(data, { ...secrets, TITLE })).toEqual({});
  await engine.close();
  expect(inFiles(data, { ...secrets, TITLE })).toEqual({});
  expect(inFiles(out, secrets)).toEqual({});
  const file = join(paper, 'passphrase');
  writeFileSync(file, TYPED.folder);
  const { stdout, stderr } = await cli(['data', 'status', '--passphrase-file', file], { data });
  expect(stdout).toContain('is encrypted');
  expect(found(`${told.join('\n')}${logged.join('\n')}${stdout}${stderr}`, secrets)).toEqual([]);
});
