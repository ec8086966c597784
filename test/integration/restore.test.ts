import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { listBackups, rotate, witnessesIn, writeBackup, type Backup } from '../../electron/engine/record/backups.ts';
import { damageOf } from '../../electron/engine/record/damage.ts';
import { restore } from '../../electron/engine/record/restore.ts';
import { verify } from '../../electron/engine/record/verify.ts';
import { inspectWal } from '../../electron/engine/record/wal.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';

const NOW = 1_780_000_000_000;
const author = { actor: 'ana', zone: 'Europe/Vienna' };
const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-restore-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return directory;
}

/** Writes `count` notes and leaves the folder as a killed process would: the WAL is not checkpointed. */
async function story(data: string, before: number, after: number): Promise<{ backup: Backup; ids: string[] }> {
  const opened = openDatabase(data);
  const identity = loadIdentity(data);
  const store = new Store(opened, identity, () => NOW);
  const note = (n: number) =>
    store.commit(
      author,
      (tx) => tx.append({ scope: 'i1', type: 'entry.note', payload: { text: `note ${n} ${'x'.repeat(2000)}` } }).id,
    );
  const ids = Array.from({ length: before }, (_, n) => note(n));
  const backup = await writeBackup(opened.db, join(data, 'backups'), identity, 'by-hand', NOW);
  opened.db.pragma('wal_checkpoint(TRUNCATE)');
  opened.db.pragma('wal_autocheckpoint = 0');
  ids.push(...Array.from({ length: after }, (_, n) => note(before + n)));
  const files = ['holdfast.db', 'holdfast.db-wal'].map((name) => [name, readFileSync(join(data, name))] as const);
  opened.close();
  for (const [name, bytes] of files) writeFileSync(join(data, name), bytes);
  rmSync(join(data, 'holdfast.db-shm'), { force: true });
  return { backup, ids };
}

function flip(file: string, at: number): void {
  const bytes = readFileSync(file);
  bytes[at]! ^= 0x10;
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, at, 1, at);
  closeSync(handle);
}

function reopened(data: string) {
  const opened = openDatabase(data);
  cleanups.push(() => opened.close());
  return { opened, store: new Store(opened, loadIdentity(data), () => NOW) };
}

describe('restoring', () => {
  it('brings a folder back whole when only its database is gone', async () => {
    const data = folder();
    const { backup } = await story(data, 30, 0);
    rmSync(join(data, 'holdfast.db'));
    rmSync(join(data, 'holdfast.db-wal'), { force: true });
    const report = restore(data, loadIdentity(data), backup, witnessesIn(join(data, 'backups')), NOW);
    expect(report).toMatchObject({ ops: 30, salvaged: 0, missing: [], retiredConsole: null });
    const { opened, store } = reopened(data);
    expect(store.opCount).toBe(30);
    expect(verify(opened.db, witnessesIn(join(data, 'backups')), () => NOW).ok).toBe(true);
  });

  it('keeps what was written after the backup when the newer database can still be read', async () => {
    const data = folder();
    const { backup, ids } = await story(data, 30, 25);
    const report = restore(data, loadIdentity(data), backup, [], NOW);
    expect(report).toMatchObject({ ops: 55, salvaged: 25, missing: [], damaged: [] });
    expect(readdirSync(report.replaced!)).toContain('holdfast.db');
    const { opened, store } = reopened(data);
    expect(ids.every((id) => store.log.has(id))).toBe(true);
    expect(verify(opened.db, [], () => NOW)).toMatchObject({ ok: true, ops: 55 });
  });

  it('reads past a torn place in the write-ahead log, which would hide every commit after it', async () => {
    const data = folder();
    const { backup, ids } = await story(data, 10, 60);
    const wal = join(data, 'holdfast.db-wal');
    flip(wal, Math.floor(statSync(wal).size / 2));
    const torn = inspectWal(readFileSync(wal))!;
    expect(torn.valid).toBeLessThan(torn.present);
    const report = restore(data, loadIdentity(data), backup, [], NOW);
    const lost = report.missing.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    expect(report.salvaged).toBeGreaterThan(55);
    expect(lost).toBeLessThanOrEqual(2);
    expect(report.ops + lost).toBe(70);
    const { store } = reopened(data);
    expect(ids.filter((id) => store.log.has(id)).length).toBe(70 - lost);
  });

  it('takes a commit that a dying process left half written for no damage, nor what a shorter one leaves of it', async () => {
    const data = folder();
    const { ids } = await story(data, 5, 10);
    const wal = join(data, 'holdfast.db-wal');
    flip(wal, statSync(wal).size - 100);
    expect(damageOf(data)).toBeNull();
    // As a start does that dies before it has emptied the log.
    const length = statSync(wal).size;
    const next = new Database(join(data, 'holdfast.db'));
    next.prepare("INSERT INTO meta (key, value) VALUES ('small', 'one page')").run();
    const bytes = readFileSync(wal);
    next.close();
    expect(bytes.length).toBe(length);
    writeFileSync(wal, bytes);
    expect(damageOf(data)).toBeNull();
    const { store } = reopened(data);
    expect(ids.map((id) => store.log.has(id))).toEqual(ids.map((id) => id !== ids.at(-1)));
    expect(store.meta('small')).toBe('one page');
    expect(statSync(wal).size).toBe(0);
  });

  it('remembers which requests were answered, so that one sent again is not carried out again', async () => {
    const data = folder();
    const { opened, store } = reopened(data);
    await writeBackup(opened.db, join(data, 'backups'), loadIdentity(data), 'by-hand', NOW);
    store.commit(author, () => 'done', 'request-1');
    opened.close();
    restore(data, loadIdentity(data), listBackups(join(data, 'backups'))[0]!, [], NOW);
    expect(reopened(data).store.reply('request-1')).toBe('"done"');
  });

  it('recovers an op whose bytes were flipped from the backup and says which it was', async () => {
    const data = folder();
    const { backup, ids } = await story(data, 30, 5);
    const file = join(data, 'holdfast.db');
    flip(file, readFileSync(file).indexOf(Buffer.from('note 12 xxxx')) + 5);
    const report = restore(data, loadIdentity(data), backup, [], NOW);
    expect(report.damaged).toMatchObject([{ seq: 13 }]);
    expect(report).toMatchObject({ ops: 35, missing: [] });
    const { opened, store } = reopened(data);
    expect(ids.every((id) => store.log.has(id))).toBe(true);
    expect(verify(opened.db, [], () => NOW).ok).toBe(true);
  });

  it('names exactly what is missing after the file was cut off, and goes on under a new key so that no number is used twice', async () => {
    const data = folder();
    const { backup } = await story(data, 30, 25);
    const before = loadIdentity(data).console;
    rmSync(join(data, 'holdfast.db-wal'));
    truncateSync(join(data, 'holdfast.db'), 30_000);
    const witness = { where: 'the hub', console: before, seq: 55, head: 'A'.repeat(43), at: NOW };
    const report = restore(data, loadIdentity(data), backup, [witness], NOW);
    expect(report).toMatchObject({
      ops: 30,
      missing: [{ console: before, first: 31, last: 55 }],
      retiredConsole: before,
    });
    const { opened, store } = reopened(data);
    expect(store.console).not.toBe(before);
    expect(store.standing(before).access).toBe('enrolled');
    expect(verify(opened.db, [], () => NOW).ok).toBe(true);
  });

  it('shows what it would do without doing it', async () => {
    const data = folder();
    const { backup } = await story(data, 3, 2);
    const files = readdirSync(data).sort();
    expect(restore(data, loadIdentity(data), backup, [], NOW, { dryRun: true })).toMatchObject({
      ops: 5,
      replaced: null,
    });
    expect(readdirSync(data).sort()).toEqual(files);
  });
});

describe('backups', () => {
  it('are listed with what is wrong with them', async () => {
    const data = folder();
    const { backup } = await story(data, 5, 0);
    const directory = join(data, 'backups');
    expect(listBackups(directory)).toMatchObject([{ ops: 5, problem: null }]);
    truncateSync(backup.path, 5000);
    expect(listBackups(directory)).toMatchObject([{ problem: 'The file was cut off.' }]);
    const note = readFileSync(`${backup.path}.json`, 'utf8');
    writeFileSync(`${backup.path}.json`, note.replace('"ops": 5', '"ops": 6'));
    expect(listBackups(directory)).toMatchObject([{ problem: 'The note beside it was changed.' }]);
    rmSync(`${backup.path}.json`);
    expect(listBackups(directory)).toMatchObject([{ problem: 'The note beside it is missing.' }]);
  });

  it('are thinned, never to nothing', async () => {
    const data = folder();
    const opened = openDatabase(data);
    const identity = loadIdentity(data);
    cleanups.push(() => opened.close());
    const directory = join(data, 'backups');
    for (let day = 0; day < 120; day += 10)
      await writeBackup(opened.db, directory, identity, 'scheduled', NOW + day * 86_400_000);
    expect(rotate(directory, NOW + 115 * 86_400_000).length).toBeGreaterThan(1);
    expect(listBackups(directory)[0]).toMatchObject({ at: NOW + 110 * 86_400_000, problem: null });
    expect(rotate(directory, NOW + 9000 * 86_400_000).length).toBeGreaterThan(1);
    expect(listBackups(directory)).toHaveLength(1);
  });
});
