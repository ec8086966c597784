/**
 * Invariant: one process writes a data folder at a time, and a commit that was answered is on the disk (WAL,
 * `synchronous=FULL`). The lock is a lock of the operating system on `lock.db`, so it goes with the process that held it.
 */
import {
  close as closeFile,
  closeSync,
  copyFileSync,
  existsSync,
  fdatasync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Refusal } from '../../../shared/contract/spec.ts';
import { PLAIN, type Vault } from '../rest/vault.ts';
import { readOnlyBecause, storageRefusal } from './failure.ts';
import { MIGRATIONS, SCHEMA_VERSION, type Migration } from './migrations.ts';

export type Sqlite = Database.Database;

export interface Opened {
  db: Sqlite;
  /** The file that it is in. */
  file: string;
  /** False when the folder can't be written: everything can be read, nothing is saved. */
  writable: boolean;
  /** Why it is not writable. */
  warning: string | null;
  /** Migrations that were run now. */
  migrated: Migration[];
  close(): void;
}

/** Another process has the data folder open; it may go away, and it may be asked instead. */
export class FolderInUse extends Refusal {
  constructor(directory: string) {
    super('storage', `Another Holdfast has the data folder ${directory} open.`, { retryable: true });
  }
}

export const DATABASE_FILE = 'holdfast.db';

/**
 * Opens the database of `directory`, making it when there is none and migrating it when it is older.
 * @throws Refusal when another process has it open, it comes from the future, or it can't be read at all.
 */
export function openDatabase(
  directory: string,
  migrations: readonly Migration[] = MIGRATIONS,
  vault: Vault = PLAIN,
): Opened {
  let lock: Sqlite | null = null;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    lock = lockFolder(directory);
    const unclean = isLeftOver(join(directory, `${DATABASE_FILE}-wal`));
    const db = vault.open(join(directory, DATABASE_FILE), { timeout: 2000 });
    try {
      configure(db);
      const migrated = migrate(db, directory, migrations);
      if (unclean) emptyLog(db);
      return {
        ...{ db, file: db.name, writable: true, warning: null, migrated },
        close: () => (close(db), lock?.close()),
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    lock?.close();
    if (error instanceof Refusal) throw error;
    const why = existsSync(join(directory, DATABASE_FILE)) ? readOnlyBecause(directory, error) : null;
    if (why !== null) return openCopy(directory, why, vault);
    throw storageRefusal(error) ?? error;
  }
}

/**
 * Holds a data folder until the result is closed or this process ends.
 * @throws FolderInUse
 */
export function lockFolder(directory: string): Sqlite {
  const lock = new Database(join(directory, 'lock.db'), { timeout: 0 });
  try {
    // Nothing is ever written to it, so that it can be had on a full disk too.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY')) {
      throw new FolderInUse(directory);
    }
    throw error;
  }
}

/** Pages that the write-ahead log holds before they are moved into the database. */
const LOG_PAGES = 4000;
/** What the write-ahead log grows to, bytes: its header, and each page with a header. */
const LOG_BYTES = 32 + LOG_PAGES * (4096 + 24);
/** Room that has to be left on the disk, bytes. */
const ROOM_LEFT = 32 * LOG_BYTES;

/**
 * Gives the write-ahead log its full length ahead of time, so that a commit writes over bytes that the file has already:
 * a commit that makes the file longer waits for the file system's own log as well, which takes twice as long. SQLite
 * reads a log up to the first frame that is not of it, so zeros behind the last one are nothing to it.
 * Call from the thread that writes: nothing may be written between reading the length and adding to it.
 */
export function reserveLog({ file, writable }: Pick<Opened, 'file' | 'writable'>): void {
  if (!writable) return;
  let handle: number | null = null;
  try {
    const room = statfsSync(dirname(file));
    if (room.bavail * room.bsize < ROOM_LEFT) return;
    handle = openSync(`${file}-wal`, 'r+');
    const zeros = Buffer.alloc(1024 * 1024);
    for (let at = fstatSync(handle).size; at < LOG_BYTES; at += zeros.length)
      writeSync(handle, zeros, 0, Math.min(zeros.length, LOG_BYTES - at), at);
    const written = handle;
    handle = null;
    fdatasync(written, () => closeFile(written, () => {}));
  } catch {
    // Commits are slower without it, and as safe.
    if (handle !== null) closeSync(handle);
  }
}

function configure(db: Sqlite): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -16384');
  db.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
}

/** Runs what is missing of `migrations`, with a backup first when the database holds anything. */
function migrate(db: Sqlite, directory: string, migrations: readonly Migration[]): Migration[] {
  const present = db.pragma('user_version', { simple: true }) as number;
  const newest = migrations.at(-1)?.version ?? 0;
  if (present > newest) {
    throw new Refusal(
      'storage',
      `This data folder was written by a newer Holdfast (format ${present}, this one knows ${newest}). Install the newer version; nothing was changed.`,
    );
  }
  const missing = migrations.filter((migration) => migration.version > present);
  if (missing.length > 0 && present > 0) {
    const backups = join(directory, 'backups');
    mkdirSync(backups, { recursive: true, mode: 0o700 });
    db.prepare('VACUUM INTO ?').run(join(backups, `before-format-${newest}-from-${present}-${Date.now()}.db`));
  }
  for (const migration of missing) {
    db.transaction(() => {
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.version}`);
    }).immediate();
  }
  return missing;
}

/** A folder that can't be written can't hold the files that WAL needs, so a copy is read instead. */
function openCopy(directory: string, warning: string, vault: Vault): Opened {
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-read-'));
  const discard = () => rmSync(copy, { recursive: true, force: true });
  try {
    for (const suffix of ['', '-wal']) {
      const from = join(directory, DATABASE_FILE + suffix);
      if (existsSync(from)) copyFileSync(from, join(copy, DATABASE_FILE + suffix));
    }
    const db = vault.open(join(copy, DATABASE_FILE));
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version !== SCHEMA_VERSION) {
      db.close();
      throw new Refusal('storage', `${warning} And its format (${version}) is not this program's (${SCHEMA_VERSION}).`);
    }
    db.pragma('query_only = ON');
    return {
      ...{ db, file: db.name, writable: false, warning, migrated: [] },
      close: () => (db.close(), discard()),
    };
  } catch (error) {
    discard();
    throw storageRefusal(error) ?? error;
  }
}

function close(db: Sqlite): void {
  emptyLog(db);
  db.close();
}

/** Whether a process that ended without closing left a write-ahead log. */
function isLeftOver(wal: string): boolean {
  return (statSync(wal, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Moves the write-ahead log into the database, so that the next start has nothing to read and to check. */
function emptyLog(db: Sqlite): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // A full disk must not keep the console from opening or closing; the log is read at the next start.
  }
}
