/**
 * Backups of the log. Invariant: a backup counts only after it was read back and its heads compared; beside each lies a
 * signed note of the heads it holds, which is the witness that shows later whether the end of the log was cut off.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { ConsoleId, OpId } from '../../../shared/ops/op.ts';
import { expired } from '../../../shared/domain/rotation.ts';
import { isSigned, keyFromRaw, rawKey, signText, type Identity } from '../access/identity.ts';
import { isPlain, PLAIN, type Vault } from '../rest/vault.ts';
import type { Sqlite } from '../store/database.ts';
import { Log } from '../store/log.ts';
import type { Witness } from './verify.ts';

export const BackupReason = z.enum([
  'scheduled',
  'by-hand',
  'before-migration',
  'before-restore',
  'before-import',
  'before-encryption',
  'at-close',
]);
export type BackupReason = z.infer<typeof BackupReason>;

const Note = z.object({
  format: z.literal(1),
  file: z.string(),
  /** ms since 1970 UTC. */
  at: z.int(),
  reason: BackupReason,
  ops: z.int(),
  schema: z.int(),
  bytes: z.int(),
  /** SHA-256 of the file, hex. */
  sha256: z.string(),
  heads: z.array(z.object({ console: ConsoleId, seq: z.int(), head: OpId })),
  /** Who made it: raw public key, base64url. */
  key: z.string(),
  signature: z.string(),
});
type Note = z.infer<typeof Note>;

export interface Backup extends Omit<Note, 'format' | 'key' | 'signature'> {
  /** Full path of the database file. */
  path: string;
  /** Raw public key of the console that made it, base64url; absent where no note says so. */
  key?: string;
  /** Why it can't be trusted, or null. */
  problem: string | null;
}

/** The part of a note that its signature is over. */
const signed = ({ signature: _signature, ...rest }: Note): string => `holdfast backup 1 ${canonical(rest)}`;

/** What a log holds of each console: what a note remembers. */
export function headsOf(db: Sqlite): Note['heads'] {
  const log = new Log(db);
  return log.consoles().map(({ id, seq }) => ({ console: id, seq, head: log.idAt(id, seq)! }));
}

/**
 * Writes a backup of an open database into `directory` while it is in use, reads it back and signs a note of it.
 * @throws Refusal `storage` when it can't be written, or when what was read back is not what is in the log.
 */
export async function writeBackup(
  db: Sqlite,
  directory: string,
  identity: Identity,
  reason: BackupReason,
  now: number,
  vault: Vault = PLAIN,
  copy: (to: string) => Promise<unknown> = (to) => copyDatabase(db, to, vault),
): Promise<Backup> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = `holdfast-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z-${randomBytes(2).toString('hex')}${vault.key ? ENCRYPTED : '.db'}`;
  const path = join(directory, file);
  const part = `${path}.part`;
  try {
    const before = headsOf(db);
    await copy(part);
    const { heads } = inspect(part, vault);
    for (const head of before) {
      const kept = heads.find(({ console }) => console === head.console);
      if (!kept || kept.seq < head.seq)
        throw new Refusal('storage', `The backup ${file} does not hold what the log holds; it was thrown away.`);
    }
    sync(part);
    return await keep(part, { directory, file, at: now, reason }, identity, vault);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(part + suffix, { force: true });
  }
}

/** What the name of an encrypted backup ends with, so that it can lie beside the same one that is not. */
const ENCRYPTED = '-e.db';

/** Copies an open database of this folder into a file like it. */
export async function copyDatabase(db: Sqlite, to: string, vault: Vault): Promise<void> {
  // Between two encrypted databases pages cannot be copied one by one.
  if (vault.key) db.prepare('VACUUM INTO ?').run(to);
  else await db.backup(to);
}

/** Puts the database file `part` in its place as a backup, with a signed note of what it holds. */
async function keep(
  part: string,
  { directory, file, at, reason }: { directory: string } & Pick<Note, 'file' | 'at' | 'reason'>,
  identity: Identity,
  vault: Vault,
): Promise<Backup> {
  const path = join(directory, file);
  sync(part);
  const body = {
    ...{ format: 1 as const, file, at, reason, ...inspect(part, vault) },
    bytes: statSync(part).size,
    sha256: await hashFile(part),
    key: rawKey(identity.publicKey).toString('base64url'),
    signature: '',
  };
  const note: Note = { ...body, signature: signText(identity.privateKey, signed(body)).toString('base64url') };
  writeFileSync(`${path}.json`, `${JSON.stringify(note, null, 1)}\n`, { flush: true, mode: 0o600 });
  renameSync(part, path);
  sync(directory);
  return toBackup(directory, note, null);
}

/**
 * Replaces a backup by one of the same content that `convert` makes, under another name; `vault` opens it. The old one goes when
 * the new one was read back.
 */
export async function replaceBackup(
  backup: Backup,
  convert: (from: string, to: string) => Promise<void>,
  identity: Identity,
  vault: Vault,
): Promise<void> {
  const directory = dirname(backup.path);
  const bare = backup.file.replace(/(?:-e)?\.db$/, '');
  const file = vault.key ? `${bare}${ENCRYPTED}` : `${bare}.db`;
  if (file === backup.file) throw new Refusal('storage', `${file} has the name of what it should become.`);
  const part = join(directory, `${file}.part`);
  try {
    await convert(backup.path, part);
    const { heads } = inspect(part, vault);
    if (canonical(heads) !== canonical(backup.heads))
      throw new Refusal('storage', `The backup ${backup.file} does not hold what the note beside it says.`);
    await keep(part, { directory, file, at: backup.at, reason: backup.reason }, identity, vault);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(part + suffix, { force: true });
  }
  rmSync(backup.path, { force: true });
  rmSync(`${backup.path}.json`, { force: true });
}

/** What a database file holds. @throws when it is damaged. */
function inspect(path: string, vault: Vault): { heads: Note['heads']; ops: number; schema: number } {
  const db = open(path, vault);
  try {
    const check = db.pragma('quick_check(1)', { simple: true });
    if (check !== 'ok') throw new Refusal('storage', `${basename(path)} is damaged: ${String(check)}.`);
    return {
      heads: headsOf(db),
      ops: new Log(db).count(),
      schema: db.pragma('user_version', { simple: true }) as number,
    };
  } finally {
    db.close();
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function sync(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function toBackup(directory: string, note: Note, problem: string | null): Backup {
  const { format: _format, signature: _signature, ...rest } = note;
  return { ...rest, path: join(directory, note.file), problem };
}

/** The backups in `directory`, newest first; one whose note is missing, damaged or not signed is listed with its problem. */
export function listBackups(directory: string): Backup[] {
  if (!existsSync(directory)) return [];
  const backups: Backup[] = [];
  for (const name of readdirSync(directory)) {
    if (!/^holdfast-.*\.db$/.test(name)) continue;
    backups.push(readNote(directory, name));
  }
  return backups.sort((a, b) => b.at - a.at);
}

/** A backup of which no note tells more than its file does. Throws when the file is not there. */
export function unnoted(path: string, file: string, problem: string | null): Backup {
  const { mtimeMs, size } = statSync(path);
  return {
    ...{ file, path, at: Math.round(mtimeMs), bytes: size, problem },
    ...{ reason: 'by-hand', ops: 0, schema: 0, sha256: '', heads: [] },
  };
}

function readNote(directory: string, file: string): Backup {
  const path = join(directory, file);
  const unknown = (problem: string): Backup => unnoted(path, file, problem);
  if (!existsSync(`${path}.json`)) return unknown('The note beside it is missing.');
  let note: Note;
  try {
    note = Note.parse(JSON.parse(readFileSync(`${path}.json`, 'utf8')));
  } catch {
    return unknown('The note beside it is damaged.');
  }
  const genuine =
    note.file === file &&
    isSigned(keyFromRaw(Buffer.from(note.key, 'base64url')), signed(note), Buffer.from(note.signature, 'base64url'));
  if (!genuine) return unknown('The note beside it was changed.');
  return toBackup(directory, note, statSync(path).size === note.bytes ? null : 'The file was cut off.');
}

/**
 * Checks a backup file against its note by reading all of it.
 * @throws Refusal `storage` naming what is wrong.
 */
export async function checkBackup(backup: Backup, vault: Vault = PLAIN): Promise<void> {
  if (backup.sha256 !== '' && (await hashFile(backup.path)) !== backup.sha256) {
    throw new Refusal('storage', `The backup ${backup.file} was changed after it was made.`);
  }
  inspect(backup.path, vault);
}

/** @throws Refusal when it is encrypted and this folder's key does not open it */
function open(path: string, vault: Vault): Sqlite {
  const db = vault.openAny(path);
  try {
    db.pragma('user_version');
    return db;
  } catch (cause) {
    db.close();
    if (isPlain(path)) throw cause;
    throw new Refusal(
      'storage',
      `${basename(path)} is encrypted with the key of another data folder, or is no database any more.`,
      { cause },
    );
  }
}

/** The heads that the backups of `directory` remember. */
export function witnessesIn(directory: string): Witness[] {
  return listBackups(directory)
    .filter(({ problem }) => problem === null || problem === 'The file was cut off.')
    .flatMap(({ file, heads, at }) => heads.map((head) => ({ where: `Backup ${file}`, at, ...head })));
}

/** Deletes what the rotation lets go; returns the names. */
export function rotate(directory: string, now: number): string[] {
  const going = expired(
    listBackups(directory).map((backup) => ({
      ...backup,
      special: backup.reason !== 'scheduled' && backup.reason !== 'at-close',
    })),
    now,
  );
  for (const { path } of going) {
    rmSync(path, { force: true });
    rmSync(`${path}.json`, { force: true });
  }
  return going.map(({ file }) => file);
}
