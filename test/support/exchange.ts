/** Two or more stores that exchange ops, each with a folder and a key of its own, under a clock that the test moves. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach } from 'vitest';
import { consoleIdOf, loadIdentity, rawKey, type Identity } from '../../electron/engine/access/identity.ts';
import { verify, type VerifyReport, type Witness } from '../../electron/engine/record/verify.ts';
import { openDatabase, type Opened } from '../../electron/engine/store/database.ts';
import type { Incoming } from '../../electron/engine/store/ingest.ts';
import { ProofSource, slicesOf } from '../../electron/engine/bundles/slices.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { MIGRATIONS } from '../../electron/engine/store/migrations.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import type { Slice } from '../../shared/ops/segment.ts';

export const AUTHOR = { actor: 'ana', zone: 'Europe/Vienna' };

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

export interface Peer {
  directory: string;
  store: Store;
  identity: Identity;
  opened: Opened;
  /** Checks the whole record as the engine does. */
  check(witnesses?: Witness[]): VerifyReport;
}

let now = 1_780_000_000_000;
/** The clock of all peers, ms; every reading moves it on by a second. */
export const tick = (): number => (now += 1000);

/** A folder for this test. */
export function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-exchange-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** @param clock wall clock, ms */
export function peer(clock: () => number = tick): Peer {
  const directory = folder();
  const opened = openDatabase(directory);
  const identity = loadIdentity(directory);
  cleanups.unshift(() => opened.close());
  const store = new Store(opened, identity, clock);
  return {
    directory,
    store,
    identity,
    opened,
    check: (witnesses = []) =>
      verify(opened.db, witnesses, tick, () => {}, store.console, undefined, store.keyring.copy()),
  };
}

/** A peer that lives in memory alone, for tests that need hundreds of them. */
export function memoryPeer(): Peer {
  const db = new Database(':memory:');
  for (const migration of MIGRATIONS) db.exec(migration.sql);
  const opened: Opened = { db, file: ':memory:', writable: true, warning: null, migrated: [], close: () => db.close() };
  cleanups.unshift(() => db.close());
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const identity: Identity = { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
  const store = new Store(opened, identity, tick);
  return {
    directory: '',
    store,
    identity,
    opened,
    check: (witnesses = []) => verify(db, witnesses, tick, () => {}, store.console, undefined, store.keyring.copy()),
  };
}

/** Lets `here` count the ops of `other`. */
export function enrol(here: Peer, other: Peer, name = 'store 112'): void {
  const key = rawKey(other.identity.publicKey).toString('base64url');
  here.store.commit(AUTHOR, (tx) =>
    tx.append({ scope: ESTATE, type: 'console.enrol', payload: { console: other.store.console, key, name } }),
  );
}

export function declare({ store }: Peer, id: string, title = id, number = 1): void {
  const payload = { number, title, severity: 'SEV2', services: [], businessServices: [] };
  store.commit(AUTHOR, (tx) => tx.append({ scope: id, type: 'incident.declare', payload }));
}

export function note({ store }: Peer, scope: string, text: string): string {
  return store.commit(AUTHOR, (tx) => tx.append({ scope, type: 'entry.note', payload: { text } }).id);
}

/** `count` notes in one commit. */
export function notes({ store }: Peer, scope: string, count: number): void {
  store.commit(AUTHOR, (tx) => {
    for (let n = 1; n <= count; n++)
      tx.append({ scope, type: 'entry.note', payload: { text: `note ${n} in ${scope}` } });
  });
}

/** All of a peer's own segments, as they travel. */
export function segmentsOf({ store, identity }: Peer): Incoming[] {
  const key = rawKey(identity.publicKey).toString('base64url');
  return store.segments
    .of(store.console)
    .map((seal) => ({ ...seal, key, ops: store.log.range(store.console, seal.first, seal.last).map(bare) }));
}

/** The slices that prove all ops of one scope that `from` has, of every console. */
export function slicesAbout({ store, opened }: Peer, scope: string): Slice[] {
  const wanted = new Map<string, number[]>();
  for (const op of store.log.all()) {
    if (op.scope !== scope) continue;
    const seqs = wanted.get(op.console);
    if (seqs) seqs.push(op.seq);
    else wanted.set(op.console, [op.seq]);
  }
  const sources = new ProofSource(opened.db);
  return [...wanted].flatMap(([console, seqs]) => [...slicesOf(sources, console, seqs)]);
}
