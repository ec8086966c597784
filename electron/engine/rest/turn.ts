/**
 * Encrypting a data folder, and decrypting it. Invariants: nobody has the folder open meanwhile; the new database stands whole
 * beside the old and was checked before it takes its place in one step; and wherever it is broken off, the next opening finds one
 * good database, undoes what did not take place yet and finishes what did.
 *
 * The key file says what is under way. Before the database has changed its place nothing else has changed either, so that going
 * back is forgetting the copy; afterwards the remaining files follow one by one, and each is looked at by itself.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { FOLDER_SEALER, rawKey, sealKeys, unsealKeys, type Identity } from '../access/identity.ts';
import { sealPepper, unsealPepper } from '../access/pepper.ts';
import { listBackups, replaceBackup } from '../record/backups.ts';
import { backupFolders } from '../record/keeper.ts';
import { verify } from '../record/verify.ts';
import { plainSealer, resealCredentials, type Sealer } from '../sources/credentials.ts';
import { DATABASE_FILE, lockFolder, type Sqlite } from '../store/database.ts';
import { onDisk, SEALED, sealFile, unsealFile } from './files.ts';
import { mark, removeKeyFile, writeKeyFile, type KeyFile } from './key-file.ts';
import {
  decryptFile,
  isPlain,
  KEY_FILE,
  openForRekey,
  PLAIN,
  setKey,
  vaultWith,
  type FolderSealer,
  type Vault,
} from './vault.ts';

/** What is done, and with which key. */
export interface Turn {
  what: 'encrypt' | 'decrypt';
  /** With the key closed in it. */
  content: KeyFile;
  key: Buffer;
}

/** Hears of each step that is on the disk; for tests. */
export type Step = (step: string) => void;

const COPY = `${DATABASE_FILE}.turning`;
const ENDINGS = ['', '-wal', '-shm', '-journal'];

const REPORT_FILE = 'folder-turned.json';
export const TurnReport = z.object({
  what: z.enum(['encrypt', 'decrypt']),
  at: z.int(),
  /** Why it was not done, or null. */
  failure: z.string().nullable(),
  /** Paths that could not be turned and stay as they were. */
  left: z.array(z.string()),
});
export type TurnReport = z.infer<typeof TurnReport>;

/** What came of the last turn, or null. */
export function turnReport(data: string): TurnReport | null {
  try {
    return TurnReport.parse(JSON.parse(readFileSync(join(data, REPORT_FILE), 'utf8')));
  } catch {
    return null;
  }
}

function keepReport(data: string, report: TurnReport): void {
  writeFileSync(join(data, REPORT_FILE), JSON.stringify(report), { mode: 0o600, flush: true });
}

/**
 * Carries out `turn` on the folder `data`, which nobody may have open, and keeps a report of it there. What fails before the
 * database has changed its place leaves everything as it was.
 */
export async function carryOut(
  data: string,
  { what, content, key }: Turn,
  identity: Identity,
  now: number,
  step: Step = () => {},
): Promise<TurnReport> {
  const lock = lockFolder(data);
  const report: TurnReport = { what, at: now, failure: null, left: [] };
  try {
    writeKeyFile(data, { ...content, state: what === 'encrypt' ? 'turning-on' : 'turning-off' });
    step('announced');
    try {
      await turnDatabase(data, what, key, step);
    } catch (error) {
      giveUp(data, content, what);
      report.failure = error instanceof Error ? error.message : String(error);
      keepReport(data, report);
      return report;
    }
    report.left = await finish(data, { what, content, key }, identity, step);
    keepReport(data, report);
    return report;
  } finally {
    lock.close();
  }
}

/** Forgets a turn that did not come to changing the database. */
export function giveUp(data: string, content: KeyFile, what: Turn['what']): void {
  for (const ending of ENDINGS) rmSync(join(data, COPY + ending), { force: true });
  if (what === 'encrypt') removeKeyFile(data);
  else writeKeyFile(data, { ...content, state: 'on' });
}

/**
 * Turns what belongs to a database that was turned. Can be done again after it was broken off.
 * @param identity signs the notes of backups; null where there is none, and then they are sealed as they are
 * @returns paths that could not be turned
 */
export async function finish(
  data: string,
  turn: Turn,
  identity: Identity | null,
  step: Step = () => {},
): Promise<string[]> {
  const { what, content, key } = turn;
  const vault = await vaultWith(key);
  const sealer = vault.sealer!;
  const on = what === 'encrypt';
  if (on) mark(data, content.check);
  (on ? sealKeys : unsealKeys)(data, sealer);
  (on ? sealPepper : unsealPepper)(data, sealer);
  step('keys');
  await (on
    ? resealCredentials(data, plainSealer, credentialSealer(sealer))
    : resealCredentials(data, credentialSealer(sealer), plainSealer));
  step('credentials');
  const left: string[] = [];
  for (const folder of backupFolders(data)) {
    const own = folder === join(data, 'backups');
    left.push(...(await turnBackups(folder, own, turn, vault, identity, step)));
  }
  left.push(...(await turnStray(data, turn)));
  step('files');
  for (const name of readdirSync(data).filter((one) => one.startsWith('aside-'))) {
    left.push(...(await turnAside(join(data, name), turn, step)));
  }
  if (on) writeKeyFile(data, { ...content, state: 'on' });
  else removeKeyFile(data);
  onDisk(data);
  step('done');
  return left;
}

/** As the store of credentials wants it. */
function credentialSealer(sealer: FolderSealer): Sealer {
  return {
    name: FOLDER_SEALER,
    seal: async (text) => sealer.seal(text),
    open: async (sealed) => sealer.open(sealed),
  };
}

async function turnDatabase(data: string, what: Turn['what'], key: Buffer, step: Step): Promise<void> {
  const file = join(data, DATABASE_FILE);
  const copy = join(data, COPY);
  const on = what === 'encrypt';
  if (!existsSync(file)) return;
  if (isPlain(file) !== on) return;
  for (const ending of ENDINGS) rmSync(copy + ending, { force: true });
  await convert(file, copy, key, on);
  step('copied');
  const vault = await vaultWith(key);
  const [from, to] = on ? ([PLAIN, vault] as const) : ([vault, PLAIN] as const);
  compare(from.open(file), to.open(copy, { readonly: true }), to);
  step('checked');
  if ((statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new Refusal(
      'storage',
      'The write-ahead log could not be moved into the database; free some space and try again.',
    );
  onDisk(copy);
  renameSync(copy, file);
  onDisk(data);
  step('swapped');
}

/** Writes what the database `from` holds into `to`, encrypted or not. */
async function convert(from: string, to: string, key: Buffer, on: boolean): Promise<void> {
  for (const ending of ENDINGS) rmSync(to + ending, { force: true });
  const db = await openForRekey(from);
  try {
    if (!on) setKey(db, key);
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
  if (on) (await vaultWith(key)).adopt(to);
  else await decryptFile(to, key);
}

/** Checks the whole copy, and that it holds what the original holds. Closes both. @throws Refusal */
function compare(original: Sqlite, copy: Sqlite, vault: Vault): void {
  try {
    const checked = verify(copy, [], Date.now, undefined, null, vault);
    const before = checked.ok ? null : verify(original, [], Date.now, undefined, null, vault);
    const same =
      JSON.stringify(tables(original)) === JSON.stringify(tables(copy)) &&
      (before === null || before.findingCount === checked.findingCount);
    if (!same)
      throw new Refusal('storage', 'The copy does not hold what the database holds; everything was left as it was.');
  } finally {
    copy.close();
    original.close();
  }
}

/** Every table with the number of its rows. */
function tables(db: Sqlite): [string, number][] {
  const names = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name")
    .pluck()
    .all();
  return names.map((name) => [
    name,
    db
      .prepare<[], number>(`SELECT count(*) FROM "${name.replaceAll('"', '""')}"`)
      .pluck()
      .get()!,
  ]);
}

/** @param own whether the folder is this data folder's alone: elsewhere other consoles' backups may lie, which stay as they are */
async function turnBackups(
  folder: string,
  own: boolean,
  { what, key }: Turn,
  vault: Vault,
  identity: Identity | null,
  step: Step,
): Promise<string[]> {
  const on = what === 'encrypt';
  const left: string[] = [];
  if (!existsSync(folder)) return on ? [folder] : [];
  for (const backup of listBackups(folder)) {
    if (isPlain(backup.path) !== on) continue;
    if (!own && (identity === null || backup.key !== rawKey(identity.publicKey).toString('base64url'))) continue;
    try {
      if (backup.problem !== null || identity === null) {
        if (on) await sealFile(backup.path, key);
        else await decryptFile(backup.path, key);
      } else {
        await replaceBackup(backup, (from, to) => convert(from, to, key, on), identity, on ? vault : PLAIN);
      }
    } catch {
      left.push(backup.path);
    }
    step('backup');
  }
  return left;
}

/** Databases that are kept and in nobody's use: what a restoration or a new format put aside. */
async function turnStray(data: string, { what, key }: Turn): Promise<string[]> {
  const on = what === 'encrypt';
  const left: string[] = [];
  const folders = [
    join(data, 'backups'),
    join(data, 'snapshots'),
    ...readdirSync(data)
      .filter((name) => name.startsWith('replaced-'))
      .map((name) => join(data, name)),
  ].filter((folder) => existsSync(folder));
  for (const folder of folders) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const database = /\.db(?:-wal|-shm|-journal)?$/.test(name);
      try {
        if (on && database && !/^holdfast-.*\.db$/.test(name) && !isSealedDatabase(path)) await sealFile(path, key);
        else if (!on && name.endsWith(SEALED)) await unsealFile(path, key);
        else if (!on && name.endsWith('.db') && statSync(path).size > 0 && !isPlain(path)) await decryptFile(path, key);
      } catch {
        left.push(path);
      }
    }
  }
  return left;
}

/** Of a database that was encrypted when it was put aside. */
function isSealedDatabase(path: string): boolean {
  const base = path.replace(/-(?:wal|shm|journal)$/, '');
  return existsSync(base) && !isPlain(base);
}

/** A folder that can be opened by itself stays one: it gets the key file too. */
async function turnAside(folder: string, turn: Turn, step: Step): Promise<string[]> {
  const { what, content, key } = turn;
  const own = existsSync(join(folder, KEY_FILE));
  if (what === 'decrypt' && !own) return [];
  writeKeyFile(folder, { ...content, state: what === 'encrypt' ? 'turning-on' : 'turning-off' });
  try {
    await turnDatabase(folder, what, key, step);
  } catch {
    giveUp(folder, content, what);
    return [folder];
  }
  return finish(folder, turn, null, step);
}
