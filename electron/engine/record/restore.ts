/**
 * Making a good data folder out of a backup and what is left of a damaged one. Invariant: nothing is deleted and nothing
 * readable is left behind: the new database is built beside the old, every genuine op of both is in it, and the old files
 * are moved aside, not away. The report names every op that is known to have existed and could not be read.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ESTATE, type Op } from '../../../shared/ops/op.ts';
import { sealedText, type Seal } from '../../../shared/ops/segment.ts';
import { isSigned, keyFromRaw, loadIdentity, rawKey, retireIdentity, type Identity } from '../access/identity.ts';
import { PLAIN, type Vault } from '../rest/vault.ts';
import { DATABASE_FILE, openDatabase } from '../store/database.ts';
import { MIGRATIONS } from '../store/migrations.ts';
import { Store } from '../store/store.ts';
import type { Backup } from './backups.ts';
import { salvage, type Salvaged } from './salvage.ts';
import { statedGaps, type Witness } from './verify.ts';

export interface Missing {
  console: string;
  first: number;
  last: number;
}

export interface RestoreReport {
  /** The backup that it was made from; null when there was none. */
  backup: { file: string; at: number; ops: number } | null;
  /** Ops in the restored log. */
  ops: number;
  /** Ops that only the damaged folder had. */
  salvaged: number;
  /** Rows of the damaged folder that were no longer what was written, or that stand after the last signature. */
  damaged: { console: string; seq: number }[];
  /** Why the damaged folder could not be read at all, or null. */
  failure: string | null;
  /** Ops known to have existed that nobody has. */
  missing: Missing[];
  /** Id of the console before, when its last ops are missing: it goes on under a new key, so that no number is used twice. */
  retiredConsole: string | null;
  /** Where the old files lie. */
  replaced: string | null;
}

/**
 * Builds a restored database for `data` from `backup` and from what is readable in `data` itself, and swaps it in unless
 * `dryRun`. With `take` the backup's file may be moved instead of copied. Nobody may have the folder open.
 * @throws Refusal `storage` when the disk does not take it; the old files are then where they were.
 */
export function restore(
  data: string,
  identity: Identity,
  backup: Backup | null,
  witnesses: readonly Witness[],
  now: number,
  { dryRun = false, take = false, vault = PLAIN }: { dryRun?: boolean; take?: boolean; vault?: Vault } = {},
): RestoreReport {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  const target = join(data, `restored-${stamp}Z`);
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const left = existsSync(join(data, DATABASE_FILE)) ? salvage(data, vault) : nothing();
  if (backup) {
    putInPlace(backup.path, join(target, DATABASE_FILE), take);
    vault.adopt(join(target, DATABASE_FILE));
  }

  const opened = openDatabase(target, MIGRATIONS, vault);
  let report: RestoreReport;
  try {
    const store = new Store(opened, identity, () => now);
    const had = store.opCount;
    const salvaged = takeBack(store, left);
    store.takeBackLocal(left.local);
    store.hearAll();
    const missing = missingFrom(store, left, witnesses);
    const tail = missing.some(
      ({ console, last }) => console === identity.console && last > (store.log.head(console)?.seq ?? 0),
    );
    report = {
      backup: backup && { file: backup.file, at: backup.at, ops: had },
      ops: store.opCount,
      salvaged,
      damaged: left.damaged,
      failure: left.failure,
      missing,
      retiredConsole: tail ? identity.console : null,
      replaced: null,
    };
  } finally {
    opened.close();
  }
  try {
    if (dryRun) return report;
    if (report.retiredConsole) continueUnderNewKey(data, identity, target, now, vault);
    report.replaced = swap(data, target, stamp);
    return report;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

function putInPlace(from: string, to: string, take: boolean): void {
  try {
    if (take) return renameSync(from, to);
  } catch {
    // It lies on another disk.
  }
  copyFileSync(from, to);
}

function nothing(): Salvaged {
  const local = { meta: [], requests: [], unlocks: null };
  return {
    ops: new Map(),
    seals: [],
    keys: new Map(),
    local,
    damaged: [],
    unreadable: [],
    failure: 'There was no database.',
  };
}

/** Puts the ops that only the damaged folder had into the log; returns how many. */
function takeBack(store: Store, left: Salvaged): number {
  const seals = left.seals.filter((seal) => isVouched(seal, left));
  const ops: Op[] = [];
  for (const [console, ofConsole] of left.ops) {
    const signedTo = Math.max(0, ...seals.filter((seal) => seal.console === console).map(({ last }) => last));
    for (const op of [...ofConsole.values()].sort((a, b) => a.seq - b.seq)) {
      if (store.log.idAt(console, op.seq) !== null) continue;
      if (signedTo > 0 && op.seq > signedTo) left.damaged.push({ console, seq: op.seq });
      else ops.push(op);
    }
  }
  store.takeBack(ops, seals, left.keys);
  return ops.length;
}

function isVouched(seal: Seal, left: Salvaged): boolean {
  const key = left.keys.get(seal.console);
  return key !== undefined && isSigned(keyFromRaw(key), sealedText(seal), Buffer.from(seal.signature, 'base64url'));
}

function missingFrom(store: Store, left: Salvaged, witnesses: readonly Witness[]): Missing[] {
  const known = new Map<string, number>();
  const learn = (console: string, seq: number) => known.set(console, Math.max(known.get(console) ?? 0, seq));
  for (const { id, seq } of store.log.consoles()) learn(id, seq);
  for (const { console, seq } of witnesses) learn(console, seq);
  for (const { console, last } of left.seals) learn(console, last);
  for (const { console, seq } of left.damaged) learn(console, seq);
  const missing: Missing[] = [];
  // What came in parts was never here; nobody lost it.
  const gaps = statedGaps(store.db, store.console);
  for (const [console, last] of [...known].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (store.log.countTo(console, last) === last) continue;
    for (let seq = 1; seq <= last; seq++) {
      if (store.log.idAt(console, seq) !== null || gaps.get(console)?.expected(seq, seq) === null) continue;
      const open = missing.at(-1);
      if (open && open.console === console && open.last === seq - 1) open.last = seq;
      else missing.push({ console, first: seq, last: seq });
    }
  }
  return missing;
}

function continueUnderNewKey(data: string, old: Identity, target: string, now: number, vault: Vault): void {
  retireIdentity(data, old.console);
  const identity = loadIdentity(data, vault);
  const opened = openDatabase(target, MIGRATIONS, vault);
  try {
    const store = new Store(opened, identity, () => now);
    store.commit({ actor: 'system', zone: 'UTC' }, (tx) =>
      tx.append({
        scope: ESTATE,
        type: 'console.enrol',
        payload: {
          console: old.console,
          key: rawKey(old.publicKey).toString('base64url'),
          name: `This console until ${new Date(now).toISOString()}`,
        },
      }),
    );
  } finally {
    opened.close();
  }
}

function swap(data: string, target: string, stamp: string): string | null {
  const files = readdirSync(data).filter((name) => name.startsWith(DATABASE_FILE));
  const aside = join(data, `replaced-${stamp}Z`);
  if (files.length > 0) mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const name of files) renameSync(join(data, name), join(aside, name));
  renameSync(join(target, DATABASE_FILE), join(data, DATABASE_FILE));
  return files.length > 0 ? aside : null;
}
