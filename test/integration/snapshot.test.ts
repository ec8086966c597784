/** Snapshots: a new console begins from one, keeps what it wrote itself, and takes none that is forged, foreign or newer. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadIdentity, signText, type Identity } from '../../electron/engine/access/identity.ts';
import { labelText, type Label } from '../../electron/engine/snapshots/format.ts';
import { done, enrolIn, inStore, newFolder, openOn, refused } from '../support/engines.ts';

/** A console with some history, and a snapshot that it made. */
async function maker(folder: string): Promise<{ data: string; file: string; hash: string; ops: number }> {
  const data = join(folder, 'data');
  const engine = await openOn(data);
  for (let n = 1; n <= 3; n++) {
    const { id } = await done(engine, 'incident.declare', { title: `Checkout fails ${n}`, severity: 'SEV2' });
    for (let line = 0; line < 20; line++) await done(engine, 'incident.say', { incident: id, text: `line ${line}` });
  }
  await done(engine, 'settings.set', { theme: 'dark' });
  const file = join(folder, 'all.holdfast-snapshot');
  const { ops } = await done(engine, 'snapshot.make', { to: file });
  await engine.close();
  return { data, file, ops, hash: inStore(data, (store) => store.hash()) };
}

let made: Awaited<ReturnType<typeof maker>>;

/** Reads a snapshot, lets somebody change its database and label, and writes it again, signed by `signer`. */
function forge(
  signer: Identity | null,
  change: { database?: (db: Database.Database) => void; label?: (label: Label) => void },
): string {
  const bytes = readFileSync(made.file);
  const end = bytes.indexOf(10);
  const label = JSON.parse(bytes.toString('utf8', 0, end)) as Label;
  const folder = newFolder();
  const path = join(folder, 'inside.db');
  writeFileSync(path, zstdDecompressSync(bytes.subarray(end + 1)));
  const db = new Database(path);
  change.database?.(db);
  db.close();
  const inside = readFileSync(path);
  label.bytes = inside.length;
  label.sha256 = createHash('sha256').update(inside).digest('hex');
  change.label?.(label);
  if (signer) label.signature = signText(signer.privateKey, labelText(label)).toString('base64url');
  const file = join(folder, 'forged.holdfast-snapshot');
  writeFileSync(file, Buffer.concat([Buffer.from(`${JSON.stringify(label)}\n`), zstdCompressSync(inside)]));
  return file;
}

async function newcomer(): Promise<string> {
  const data = newFolder();
  await (await openOn(data)).close();
  enrolIn(data, made.data);
  return data;
}

describe('a snapshot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-snapshot-'));
  beforeAll(async () => {
    made = await maker(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lets a new console begin with everything, and keeps what that wrote itself', async () => {
    const data = await newcomer();
    let engine = await openOn(data);
    await done(engine, 'incident.declare', { title: 'Ours alone', severity: 'SEV3' });
    const own = (await done(engine, 'status', {})).ops;
    expect((await done(engine, 'snapshot.check', { file: made.file })).ops).toBe(made.ops);
    await done(engine, 'snapshot.load', { file: made.file });
    await engine.close();

    engine = await openOn(data);
    const incidents = await done(engine, 'incident.list', {});
    expect(incidents.map(({ title }) => title).sort()).toEqual([
      ...['Checkout fails 1', 'Checkout fails 2', 'Checkout fails 3', 'Ours alone'],
    ]);
    const verified = await done(engine, 'record.verify', {});
    expect(verified).toMatchObject({ ok: true, findingCount: 0 });
    expect(verified.ops).toBe(made.ops + own);
    expect((await done(engine, 'settings.get', {})).theme).not.toBe('dark');
    await engine.close();
    expect(readdirSync(join(data, 'snapshots'))).toEqual([]);
    expect(inStore(data, (store) => store.rebuild().same)).toBe(true);
  });

  it('shows with the first check what its maker changed in the tables', async () => {
    const data = await newcomer();
    const file = forge(loadIdentity(made.data), {
      database: (db) => db.exec("UPDATE entity SET state = replace(state, 'Checkout fails 1', 'All is well')"),
    });
    let engine = await openOn(data);
    await done(engine, 'snapshot.load', { file });
    await engine.close();
    engine = await openOn(data);
    const verified = await done(engine, 'record.verify', {});
    expect(verified.ok).toBe(false);
    expect(verified.findings[0]!.message).toMatch(/tables differ from what the log says/);
    await done(engine, 'rebuild', {});
    expect((await done(engine, 'record.verify', {})).ok).toBe(true);
  });

  it('is refused when it is not what an enrolled console signed', async () => {
    const data = await newcomer();
    const stranger = loadIdentity(newFolder());
    const engine = await openOn(data);
    const load = (file: string) => refused(engine, 'snapshot.load', { file });
    const before = (await done(engine, 'status', {})).ops;

    expect(await load(forge(null, { label: (label) => void (label.ops = 1) }))).toMatch(/is not signed by console/);
    expect(
      await load(
        forge(stranger, {
          label: (label) => {
            label.console = stranger.console;
            label.key = stranger.publicKey.export({ format: 'jwk' }).x!;
          },
        }),
      ),
    ).toMatch(/which is not enrolled here/);
    // Nor when it put into somebody else's chain that it counts.
    const key = stranger.publicKey.export({ format: 'jwk' }).x!;
    const enrolment = JSON.stringify({ console: stranger.console, key, name: 'one of us' });
    const vouching = forge(stranger, {
      database: (db) => db.prepare("UPDATE op SET type = 'console.enrol', payload = ? WHERE n = 3").run(enrolment),
      label: (label) => Object.assign(label, { console: stranger.console, key }),
    });
    expect(await load(vouching)).toMatch(/nor by a console that counts here/);
    const own = loadIdentity(made.data);
    expect(await load(forge(own, { label: (label) => void (label.schema = 99_990) }))).toMatch(/newer Holdfast/);
    expect(await load(forge(own, { label: (label) => void label.bytes-- }))).toMatch(/more than its maker signed/);
    expect(
      await load(forge(own, { database: (db) => db.exec('CREATE TRIGGER t AFTER INSERT ON op BEGIN SELECT 1; END') })),
    ).toMatch(/other tables/);
    expect(
      await load(forge(own, { database: (db) => db.exec('DELETE FROM op WHERE n = (SELECT max(n) FROM op)') })),
    ).toMatch(/does not hold the ops/);
    expect(
      await load(forge(own, { database: (db) => db.exec('UPDATE segment SET signature = zeroblob(64)') })),
    ).toMatch(/wrong signature over the last ops/);
    const cut = join(newFolder(), 'cut');
    writeFileSync(cut, readFileSync(made.file).subarray(0, -100));
    expect(await load(cut)).toMatch(/cut off|damaged|changed/);
    writeFileSync(cut, 'PK\u0003\u0004');
    expect(await load(cut)).toMatch(/is no snapshot/);
    expect((await done(engine, 'status', {})).ops).toBe(before);
    expect(readdirSync(join(data, 'snapshots'))).toEqual([]);
  });

  it('carries nothing that is its maker’s alone', () => {
    const bytes = readFileSync(made.file);
    const path = join(newFolder(), 'inside.db');
    writeFileSync(path, zstdDecompressSync(bytes.subarray(bytes.indexOf(10) + 1)));
    const db = new Database(path, { readonly: true });
    const count = (table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect(db.prepare('SELECT key FROM meta').pluck().all()).toEqual(['rules']);
    for (const table of ['request', 'unlock', 'session', 'peer', 'quarantine', 'foreign_record'])
      expect([table, count(table)]).toEqual([table, 0]);
    db.close();
  });
});
