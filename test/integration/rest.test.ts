/** The data folder at rest: encrypted, opened, decrypted, broken off anywhere, copied elsewhere, and with its key lost. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Keychain } from '../../electron/engine/access/keychain.ts';
import type { Engine, EngineOptions } from '../../electron/engine/engine.ts';
import type { ToKeychain } from '../../shared/contract/keychain.ts';
import { answer, cli } from '../support/cli.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';

const WORDS = 'seven lemons on a tram';
const OTHER_WORDS = 'nine herons under glass';
const TITLE = 'Checkout-fails-marker-4711';
const CREDENTIAL = 'hub-credential-marker-0815';
const CHILD = fileURLToPath(new URL('rest/child.ts', import.meta.url));

/** A guess that costs nothing: what is tested is what becomes of it. */
const guess = { measure: () => Promise.resolve({ cost: 1024, block: 8, lanes: 1 }), ms: 0 };

function open(data: string, passphrase: string | null = null, options: Partial<EngineOptions> = {}): Promise<Engine> {
  let asked = false;
  return openOn(data, {
    guess,
    passphrase: async () => {
      if (asked) return null;
      asked = true;
      return passphrase;
    },
    ...options,
  });
}

/** A keychain of a machine: what it sealed only one of the same name opens. */
function keychainOf(machine: string): Keychain {
  const seal = (text: string) => Buffer.from(`${machine}:${text}`).reverse().toString('base64');
  const unseal = (text: string) => Buffer.from(text, 'base64').reverse().toString();
  const chain: Keychain = new Keychain(({ id, what, text }: ToKeychain) => {
    const opened = what === 'open' ? unseal(text) : '';
    const ok = what !== 'open' || opened.startsWith(`${machine}:`);
    const value = what === 'available' ? 'yes' : what === 'seal' ? seal(text) : opened.slice(machine.length + 1);
    queueMicrotask(() => chain.receive({ type: 'keychain', id, ok, value: ok ? value : 'it is of another machine' }));
  });
  return chain;
}

/** Every file below `folder`. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Files in which `text` stands, as it is or in hexadecimal or base64 digits. */
function filesWith(folder: string, text: string): string[] {
  const forms = [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64').slice(0, -4)];
  return filesOf(folder).filter((file) => forms.some((form) => readFileSync(file).includes(form)));
}

/** Whether the first bytes of a file are those of a database that anybody can read. */
const isPlain = (file: string): boolean => readFileSync(file).subarray(0, 15).toString('latin1') === 'SQLite format 3';

/** A folder with all that can lie in one: an incident, a credential, something to unlock with, backups, what was put aside. */
async function filled(): Promise<string> {
  const data = newFolder();
  const engine = await open(data);
  const { id } = await done(engine, 'incident.declare', { title: TITLE, severity: 'SEV2' });
  await done(engine, 'incident.say', { incident: id, text: `what ${TITLE} is about` });
  await done(engine, 'endpoint.add', {
    endpoint: 'deployer',
    url: 'https://deploy.example/api',
    credential: CREDENTIAL,
  });
  await done(engine, 'backup.create', {});
  await engine.close();
  cpSync(join(data, 'holdfast.db'), join(data, 'backups', 'before-format-900-from-800-1.db'));
  mkdirSync(join(data, 'replaced-2026-01-01T00-00-00Z'));
  cpSync(join(data, 'holdfast.db'), join(data, 'replaced-2026-01-01T00-00-00Z', 'holdfast.db'));
  for (const name of ['keys', 'backups', 'holdfast.db'])
    cpSync(join(data, name), join(data, 'aside-2026-01-01T00-00-00-000Z', name), { recursive: true });
  return data;
}

/** What a folder holds, as far as a person would miss it. */
async function held(data: string, passphrase: string | null = null): Promise<unknown> {
  const engine = await open(data, passphrase);
  try {
    const { console } = await done(engine, 'status', {});
    const { same } = await done(engine, 'rebuild', {});
    // That it is encrypted is an op of its own.
    const { lines } = await done(engine, 'audit.list', { everything: true, limit: 1000 });
    const ops = lines.filter(({ type }) => type !== 'console.at-rest').map(({ id }) => id);
    const { list } = (await done(engine, 'record.show', {})).backups;
    const backups = list.map(({ at, ops: kept, problem }) => ({ at, ops: kept, problem }));
    const endpoints = await done(engine, 'endpoint.list', {});
    return { ops, console, ok: same, incidents: await titles(engine), backups, endpoints };
  } finally {
    await engine.close();
  }
}

async function encrypted(data: string, by: 'passphrase' | 'both' = 'passphrase', options: Partial<EngineOptions> = {}) {
  const engine = await open(data, null, options);
  await done(engine, 'data.encrypt', { with: by, secret: WORDS });
  await engine.close();
}

describe('an encrypted data folder', () => {
  it('says nothing to whoever reads its files, and everything to whoever has the passphrase', async () => {
    const data = await filled();
    const before = (await held(data)) as { backups: unknown[] };
    expect(filesWith(data, TITLE).length).toBeGreaterThan(3);
    expect(filesWith(data, CREDENTIAL)).toHaveLength(1);
    await encrypted(data);
    for (const text of [TITLE, CREDENTIAL, WORDS, 'BEGIN PRIVATE KEY']) expect(filesWith(data, text)).toEqual([]);
    expect(filesOf(data).filter((file) => statSync(file).size > 0 && isPlain(file))).toEqual([]);
    expect(statSync(join(data, 'folder.key')).mode & 0o777).toBe(0o600);
    const after = (await held(data, WORDS)) as { backups: unknown[] };
    // One more: the backup that was made before.
    expect({ ...after, backups: after.backups.slice(1) }).toEqual(before);
    expect(await held(join(data, 'aside-2026-01-01T00-00-00-000Z'), WORDS)).toMatchObject({
      ok: true,
      incidents: [TITLE],
    });

    const engine = await open(data, WORDS);
    const { id } = await done(engine, 'incident.declare', { title: `second ${TITLE}` });
    await done(engine, 'backup.create', {});
    const forms = join(data, '..', `${id}.md`);
    await done(engine, 'incident.export', { incident: id, format: 'md', to: forms });
    expect(readFileSync(forms, 'utf8')).toContain(TITLE);
    rmSync(forms);
    // With a write-ahead log that nobody emptied.
    expect(statSync(join(data, 'holdfast.db-wal')).size).toBeGreaterThan(0);
    expect(filesWith(data, TITLE)).toEqual([]);
    await engine.close();
  });

  it('does not open without its passphrase, and lets nobody guess quickly', async () => {
    const data = newFolder();
    await encrypted(data);
    await expect(open(data)).rejects.toThrow('give its passphrase');
    await expect(openOn(data)).rejects.toThrow('give its passphrase');
    let now = Date.now();
    for (let n = 1; n <= 3; n++)
      await expect(open(data, OTHER_WORDS, { now: () => now })).rejects.toThrow('not this folder’s');
    await expect(open(data, OTHER_WORDS, { now: () => now })).rejects.toThrow('4 wrong tries in a row: wait 5 s');
    await expect(open(data, WORDS, { now: () => now })).rejects.toThrow('wait 5 s');
    now += 5000;
    const engine = await open(data, WORDS, { now: () => now });
    await engine.close();
    await expect(open(data, OTHER_WORDS, { now: () => now })).rejects.toThrow('not this folder’s passphrase.');
  });

  it('changes its passphrase for whoever knows the old one, and is decrypted by them alone', async () => {
    const data = await filled();
    const before = (await held(data)) as { backups: unknown[] };
    await encrypted(data);
    let engine = await open(data, WORDS);
    expect(await refused(engine, 'data.encrypt', { secret: WORDS })).toContain('encrypted already');
    expect(await refused(engine, 'data.passphrase', { secret: OTHER_WORDS })).toMatch(/^current: say/);
    expect(await refused(engine, 'data.passphrase', { secret: 'aaaaaaaaaaaaa', current: WORDS })).toMatch(/^secret: /);
    expect(await refused(engine, 'data.passphrase', { secret: OTHER_WORDS, current: OTHER_WORDS })).toMatch(
      /^current: that/,
    );
    await done(engine, 'data.passphrase', { secret: OTHER_WORDS, current: WORDS });
    expect(await refused(engine, 'data.decrypt', {})).toMatch(/^secret: say/);
    expect(await refused(engine, 'data.decrypt', { secret: WORDS })).toMatch(/^secret: that/);
    await engine.close();
    await expect(open(data, WORDS)).rejects.toThrow('not this folder’s');
    engine = await open(data, OTHER_WORDS);
    await done(engine, 'backup.create', {});
    await done(engine, 'data.decrypt', { secret: OTHER_WORDS });
    await engine.close();
    engine = await open(data);
    const { lines } = await done(engine, 'audit.list', {});
    const told = lines.filter(({ type }) => type === 'console.at-rest').map(({ summary }) => summary);
    expect(told.reverse()).toEqual([
      "this console's data folder is encrypted; a passphrase opens it",
      "what opens this console's data folder was changed",
      "this console's data folder is not encrypted any more",
    ]);
    await engine.close();
    expect(filesOf(data).filter((file) => /folder\.(key|tries)|sealed/.test(file))).toEqual([]);
    const after = (await held(data)) as { backups: { problem: string | null }[] };
    expect(after.backups.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(after.backups).toHaveLength(before.backups.length + 3);
    expect({ ...after, backups: null }).toEqual({ ...before, backups: null });
    expect(await held(join(data, 'aside-2026-01-01T00-00-00-000Z'))).toMatchObject({ ok: true, incidents: [TITLE] });
    expect(filesWith(join(data, 'replaced-2026-01-01T00-00-00Z'), TITLE)).toHaveLength(1);
  });

  it('turns its own backups on another disk, and leaves those of other consoles there alone', async () => {
    const disk = newFolder();
    const data = newFolder();
    for (const each of [newFolder(), data]) {
      const engine = await open(each);
      await done(engine, 'incident.declare', { title: `${each === data ? 'own' : 'another'}-${TITLE}` });
      await done(engine, 'backup.plan', { directory: disk });
      await done(engine, 'backup.create', {});
      await engine.close();
    }
    await encrypted(data);
    expect(filesWith(disk, `own-${TITLE}`)).toEqual([]);
    expect(filesWith(disk, `another-${TITLE}`)).toHaveLength(1);
    expect(filesOf(disk).filter((file) => file.endsWith('-e.db'))).toHaveLength(2);
  });

  it('comes back from its own backups, from one of before, and from damage', async () => {
    const data = newFolder();
    let engine = await open(data);
    await done(engine, 'incident.declare', { title: TITLE });
    const older = await done(engine, 'backup.create', {});
    const kept = join(newFolder(), 'stick.db');
    cpSync(older.path, kept);
    await engine.close();
    await encrypted(data);
    engine = await open(data, WORDS);
    await done(engine, 'incident.declare', { title: `second ${TITLE}` });
    const { path } = await done(engine, 'backup.create', {});
    await done(engine, 'incident.declare', { title: `third ${TITLE}` });
    for (const backup of [path, kept]) {
      expect((await done(engine, 'backup.preview', { backup })).ops).toBe(4);
      await done(engine, 'backup.restore', { backup });
      await engine.close();
      engine = await open(data, WORDS);
      expect((await done(engine, 'record.show', {})).restored).toMatchObject({ ops: 4, missing: [] });
    }
    await engine.close();
    const file = join(data, 'holdfast.db');
    const bytes = readFileSync(file);
    bytes.fill(0, 0, 4096);
    writeFileSync(file, bytes);
    engine = await open(data, WORDS);
    expect((await done(engine, 'record.show', {})).restored).toMatchObject({ ops: 3 });
    expect((await done(engine, 'incident.list', {})).map(({ title }) => title)).toEqual([`second ${TITLE}`, TITLE]);
    await engine.close();
    expect(filesWith(data, TITLE)).toEqual([]);

    const plain = newFolder();
    engine = await open(plain);
    expect(await refused(engine, 'backup.preview', { backup: path })).toContain('encrypted with the key of another');
    await engine.close();
  });

  it('writes a snapshot that a console without the key reads, and keeps none of its text while it goes on from one', async () => {
    const data = newFolder();
    await encrypted(data);
    let engine = await open(data, WORDS);
    await done(engine, 'organisation.found', { name: 'Acme', console: 'War room' });
    await done(engine, 'incident.declare', { title: TITLE });
    const file = join(newFolder(), 'all.holdfast-snapshot');
    const { ops } = await done(engine, 'snapshot.make', { to: file });
    expect(readdirSync(dirname(file))).toEqual(['all.holdfast-snapshot']);
    await done(engine, 'snapshot.load', { file });
    expect(readdirSync(join(data, 'snapshots'))).toEqual([expect.stringMatching(/^unpacked-.*\.db$/)]);
    expect(filesOf(data).filter((one) => statSync(one).size > 0 && isPlain(one))).toEqual([]);
    expect(filesWith(data, TITLE)).toEqual([]);
    await engine.close();
    engine = await open(data, WORDS);
    expect(await titles(engine)).toEqual([TITLE]);
    await engine.close();
    engine = await open(newFolder());
    expect(await done(engine, 'snapshot.check', { file })).toMatchObject({ ops });
    await engine.close();
  });

  it('sweeps what a kill left on its way through a folder, encrypted or not, and nothing else', async () => {
    const passing = [
      'sealing-1780000000000.part',
      'restored-2026-01-01T00-00-00Z/holdfast.db',
      'snapshots/fetched-1780000000000-1',
      'snapshots/unpacked-1780000000000-1.db-journal',
      'snapshots/.leaving-1780000000000-1.holdfast-snapshot.0badc0de.part.packed.db',
      'backups/holdfast-2026-01-01T00-00-00Z-0000.db.part',
    ];
    const staying = ['restored-2026-01-01T00-00-00Z.json', 'snapshots/mine.holdfast-snapshot', 'notes.part'];
    for (const passphrase of [null, WORDS]) {
      const data = newFolder();
      if (passphrase === null) await (await open(data)).close();
      else await encrypted(data);
      for (const name of [...passing, ...staying]) {
        mkdirSync(dirname(join(data, name)), { recursive: true });
        writeFileSync(join(data, name), TITLE);
      }
      await (await open(data, passphrase)).close();
      expect([...passing, ...staying].filter((name) => existsSync(join(data, name)))).toEqual(staying);
      expect(existsSync(join(data, 'restored-2026-01-01T00-00-00Z'))).toBe(false);
    }
  });

  it('opens by the keychain of its machine, and elsewhere says what to do', async () => {
    const data = await filled();
    const keychain = keychainOf('desk');
    let engine = await open(data, null, { keychain });
    await engine.protectKey();
    await done(engine, 'data.encrypt', { with: 'keychain' });
    await engine.close();
    expect(filesWith(data, TITLE)).toEqual([]);
    engine = await open(data, null, { keychain });
    expect(await done(engine, 'data.status', {})).toMatchObject({ encrypted: true, keychain: true, passphrase: false });
    await engine.close();
    const elsewhere = newFolder();
    cpSync(data, elsewhere, { recursive: true });
    const said = open(elsewhere, WORDS, { keychain: keychainOf('laptop') });
    await expect(said).rejects.toThrow('in the keychain of another machine or user');
    await expect(said).rejects.toThrow('join your organisation again with a code');
    await expect(open(data, WORDS)).rejects.toThrow('which only the window can open');

    engine = await open(data, null, { keychain });
    await done(engine, 'data.passphrase', { secret: WORDS });
    await engine.close();
    // Then the passphrase opens it, but not this console's key, which the keychain keeps.
    await expect(open(elsewhere, WORDS, { keychain: keychainOf('laptop') })).rejects.toThrow('keychain');
  });
});

describe('broken off', () => {
  const STEPS = ['announced', 'copied', 'checked', 'swapped', 'keys', 'credentials', 'backup', 'files', 'done'];

  it('at any step, leaves one good folder', async () => {
    const plain = await filled();
    const before = await held(plain);
    const sealed = newFolder();
    cpSync(plain, sealed, { recursive: true });
    turn(sealed, 'encrypt', 'never');
    for (const [template, what] of [
      [plain, 'encrypt'],
      [sealed, 'decrypt'],
    ] as const) {
      for (const step of STEPS) {
        const data = newFolder();
        cpSync(template, data, { recursive: true });
        expect(turn(data, what, step), `${what} ${step}`).toBe('SIGKILL');
        expect(await held(data, WORDS), `${what} ${step}`).toEqual(before);
        const on = existsSync(join(data, 'folder.key'));
        const swapped = STEPS.indexOf(step) >= STEPS.indexOf('swapped');
        expect(on, `${what} ${step}`).toBe((what === 'encrypt') === swapped);
        const plainFiles = filesOf(data).filter(
          (file) => file.endsWith('.db') && statSync(file).size > 0 && isPlain(file),
        );
        const sealedFiles = filesOf(data).filter((file) => file.endsWith('.sealed') || file.endsWith('-e.db'));
        if (on) expect(plainFiles, `${what} ${step}`).toEqual([]);
        else expect(sealedFiles, `${what} ${step}`).toEqual([]);
        expect(filesOf(data).filter((file) => /turning|\.part|\.new$/.test(file))).toEqual([]);
        if (on) expect(filesWith(data, TITLE)).toEqual([]);
      }
    }
  });

  function turn(data: string, what: string, step: string): NodeJS.Signals | null {
    const { signal, stderr } = spawnSync(process.execPath, [CHILD, data, what, step], {
      input: WORDS,
      encoding: 'utf8',
    });
    if (step === 'never' && stderr !== '') throw new Error(stderr);
    return signal;
  }
});

const titles = async (engine: Engine) => (await done(engine, 'incident.list', {})).map(({ title }) => title);

/** Carries everything that one console has to another. */
async function carry(from: Engine, to: Engine): Promise<void> {
  const { path } = await done(from, 'bundle.export', { to: join(newFolder(), 'all.holdfast') });
  await done(to, 'bundle.import', { file: path });
}

/** Lets a newcomer in by files alone. */
async function join_(newcomer: Engine, at: Engine, name: string): Promise<void> {
  const { code } = await done(at, 'console.invite', {});
  await done(newcomer, 'console.join', { code, name });
  await carry(newcomer, at);
  await done(at, 'console.accept', { console: name });
  await carry(at, newcomer);
}

describe('a lost key', () => {
  it('is said, harms nothing, and everything that was exported is in a new folder', async () => {
    const data = newFolder();
    await encrypted(data);
    let engine = await open(data, WORDS);
    await done(engine, 'organisation.found', { name: 'Acme', console: 'War room' });
    await done(engine, 'incident.declare', { title: TITLE });
    const bundle = join(newFolder(), 'all.holdfast');
    await done(engine, 'bundle.export', { to: bundle });
    const { console } = await done(engine, 'status', {});
    await engine.close();
    rmSync(join(data, 'folder.key'));
    const names = readdirSync(data).sort();
    for (const passphrase of [null, WORDS]) {
      const said = open(data, passphrase);
      await expect(said).rejects.toThrow('its key, the file folder.key, is gone');
      await expect(said).rejects.toThrow('Start a new data folder (--data DIR) and join your organisation again');
    }
    expect(readdirSync(data).sort()).toEqual(names);

    // With nobody else there, on the word of whoever has the bundle; never where there is somebody to ask.
    engine = await open(newFolder());
    const kept = await done(engine, 'bundle.import', { file: bundle });
    expect(kept.messages[1]).toContain(`--believe ${console}`);
    expect(await titles(engine)).toEqual([]);
    await done(engine, 'bundle.import', { file: bundle, believe: console });
    expect(await titles(engine)).toEqual([TITLE]);
    expect((await done(engine, 'record.verify', {})).ok).toBe(true);
    await done(engine, 'incident.declare', { title: 'Life goes on' });
    expect(await refused(engine, 'bundle.import', { file: bundle, believe: 'f'.repeat(16) })).toContain('was made by');
    await engine.close();
    engine = await open(newFolder());
    await done(engine, 'organisation.found', { name: 'Other', console: 'Elsewhere' });
    expect(await refused(engine, 'bundle.import', { file: bundle, believe: console })).toMatch(/another organisation/);
    await engine.close();
  });

  it('is made good by the others: a code, and everything that had reached them', async () => {
    const data = newFolder();
    await encrypted(data);
    const lost = await open(data, WORDS);
    await done(lost, 'organisation.found', { name: 'Acme', console: 'War room' });
    await done(lost, 'incident.declare', { title: TITLE });
    const store = await open(newFolder());
    await join_(store, lost, 'Store 112');
    await done(store, 'incident.declare', { title: 'In the store' });
    await carry(store, lost);
    await done(lost, 'incident.declare', { title: 'Never sent' });
    await lost.close();
    rmSync(join(data, 'folder.key'));
    await expect(open(data, WORDS)).rejects.toThrow('is gone');
    const again = await open(newFolder());
    await join_(again, store, 'War room 2');
    expect((await titles(again)).sort()).toEqual([TITLE, 'In the store'].sort());
    const ops = async (engine: Engine) =>
      (await done(engine, 'record.show', {})).consoles.map(({ id, ops }) => [id, ops]);
    expect(await ops(again)).toEqual(expect.arrayContaining(await ops(store)));
    for (const engine of [store, again]) await engine.close();
  });
});

describe('on the command line', () => {
  it('is encrypted, opened and decrypted with what is piped or in a file, never a word', async () => {
    const data = newFolder();
    const file = join(newFolder(), 'passphrase');
    writeFileSync(file, `${WORDS}\n`, { mode: 0o600 });
    await answer('incident.declare', [TITLE], { data });
    const state = await answer('data.status', [], { data });
    expect(state).toMatchObject({ encrypted: false, rescue: null });
    const words = await cli(['data', 'encrypt', '--secret', WORDS, '--data', data]);
    expect(words.status).toBe(2);
    const ran = await cli(['data', 'encrypt', '--data', data], { input: `${WORDS}\n` });
    expect(ran.stdout).toContain('The data folder is encrypted since');
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(WORDS);
    expect(filesWith(data, TITLE)).toEqual([]);
    expect((await answer('incident.list', ['--passphrase-file', file], { data }))[0]).toMatchObject({ title: TITLE });
    const unasked = await cli(['incident', 'list', '--data', data]);
    expect(unasked).toMatchObject({ status: 2 });
    expect(unasked.stderr).toContain('Passphrase of the data folder is missing');
    const wrong = await cli(['incident', 'list', '--data', data], { input: `${OTHER_WORDS}\n` });
    expect(wrong).toMatchObject({ status: 1, stdout: '' });
    const off = await cli(['data', 'decrypt', '--data', data], { input: `${WORDS}\n${WORDS}\n` });
    expect(off.stdout).toContain('not encrypted');
    expect((await answer('incident.list', [], { data }))[0]).toMatchObject({ title: TITLE });
  });
});
