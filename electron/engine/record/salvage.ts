/**
 * Reading what is left of a damaged database. Invariant: works on a copy, reads around what can't be read, and gives back
 * only ops whose id is the hash of their content; whatever else it saw is counted.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Op } from '../../../shared/ops/op.ts';
import type { Seal } from '../../../shared/ops/segment.ts';
import { PLAIN, type Vault } from '../rest/vault.ts';
import { DATABASE_FILE, type Sqlite } from '../store/database.ts';
import { bare, isGenuine, Log, type StoredOp } from '../store/log.ts';
import { mendWal } from './wal.ts';

export interface Salvaged {
  /** Genuine ops by console, by sequence number. */
  ops: Map<string, Map<number, Op>>;
  seals: Seal[];
  keys: Map<string, Buffer>;
  /** What never travels: the console's settings, the requests that were answered, and what it is unlocked with. */
  local: LocalRows;
  /** Rows that were read and are not what was written. */
  damaged: { console: string; seq: number }[];
  /** Ranges of local op numbers that could not be read at all. */
  unreadable: [from: number, to: number][];
  /** Why nothing at all could be read, or null. */
  failure: string | null;
}

export interface LocalRows {
  meta: { key: string; value: string }[];
  requests: { id: string; at: number; reply: string }[];
  /** What people unlock the console with; null when that could not be read, and then what a backup holds stays. */
  unlocks: Record<string, string | number | Buffer>[] | null;
}

/** Reads the database of `directory`, which nobody may have open. */
export function salvage(directory: string, vault: Vault = PLAIN): Salvaged {
  const result: Salvaged = {
    ops: new Map(),
    seals: [],
    keys: new Map(),
    local: { meta: [], requests: [], unlocks: null },
    damaged: [],
    unreadable: [],
    failure: null,
  };
  const copy = mkdtempSync(join(tmpdir(), 'holdfast-salvage-'));
  let db: Sqlite | null = null;
  try {
    copyFileSync(join(directory, DATABASE_FILE), join(copy, DATABASE_FILE));
    const wal = join(directory, `${DATABASE_FILE}-wal`);
    if (existsSync(wal)) writeFileSync(join(copy, `${DATABASE_FILE}-wal`), mendWal(readFileSync(wal)));
    db = vault.open(join(copy, DATABASE_FILE));
    db.pragma('cell_size_check = ON');
    readOps(db, result);
    readSeals(db, result);
    result.local = readLocal(db);
  } catch (error) {
    result.failure = (error as Error).message;
  } finally {
    db?.close();
    rmSync(copy, { recursive: true, force: true });
  }
  return result;
}

function readOps(db: Sqlite, result: Salvaged): void {
  const log = new Log(db);
  const last = Number(attempt(() => db.prepare('SELECT max(n) FROM op').pluck().get()) ?? 0) || countByHand(db);
  const read = (from: number, to: number): void => {
    if (from > to) return;
    const rows = attempt(() => log.between(from, to));
    if (rows) {
      for (const op of rows) keep(op, result);
      return;
    }
    if (from === to) {
      note(result.unreadable, from);
      return;
    }
    const middle = Math.floor((from + to) / 2);
    read(from, middle);
    read(middle + 1, to);
  };
  for (let from = 1; from <= last; from += 512) read(from, Math.min(from + 511, last));
}

/** When even the newest row is behind damage: the highest number that answers, by doubling and halving. */
function countByHand(db: Sqlite): number {
  const exists = (n: number) => attempt(() => db.prepare('SELECT 1 FROM op WHERE n >= ? LIMIT 1').pluck().get(n)) === 1;
  let high = 1;
  while (exists(high) && high < 2 ** 40) high *= 2;
  return high;
}

function keep(op: StoredOp, result: Salvaged): void {
  let genuine = false;
  try {
    genuine = isGenuine(bare(op));
  } catch {
    genuine = false;
  }
  if (!genuine) {
    result.damaged.push({ console: op.console, seq: op.seq });
    return;
  }
  const ofConsole = result.ops.get(op.console) ?? new Map<number, Op>();
  result.ops.set(op.console, ofConsole);
  ofConsole.set(op.seq, bare(op));
}

function readSeals(db: Sqlite, result: Salvaged): void {
  const rows = attempt(() =>
    db
      .prepare<
        [],
        { console: string; key: Buffer | null; first: number; last: number; head: Buffer; signature: Buffer }
      >(
        'SELECT console.id AS console, key, first, last, head, signature FROM segment JOIN console ON console.n = segment.console ORDER BY first',
      )
      .all(),
  );
  for (const { console, key, first, last, head, signature } of rows ?? []) {
    if (key) result.keys.set(console, key);
    result.seals.push({
      console,
      first,
      last,
      head: head.toString('base64url'),
      signature: signature.toString('base64url'),
    });
  }
}

/** What is remembered about this very database, and means nothing beside another. */
const OF_THIS_ONE = ['rules', 'clock', 'search.upto', 'verified'];

function readLocal(db: Sqlite): LocalRows {
  const meta = attempt(() =>
    db
      .prepare<[], LocalRows['meta'][number]>('SELECT key, value FROM meta')
      .all()
      .filter(({ key }) => !OF_THIS_ONE.includes(key)),
  );
  const requests = attempt(() =>
    db.prepare<[], LocalRows['requests'][number]>('SELECT id, at, reply FROM request').all(),
  );
  const unlocks = attempt(() => db.prepare<[], Record<string, string | number | Buffer>>('SELECT * FROM unlock').all());
  return { meta: meta ?? [], requests: requests ?? [], unlocks };
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

function note(ranges: [number, number][], n: number): void {
  const last = ranges.at(-1);
  if (last && last[1] === n - 1) last[1] = n;
  else ranges.push([n, n]);
}
