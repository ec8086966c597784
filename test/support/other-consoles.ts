/** Other consoles of a test: each with a key and a log of its own, from which a folder takes what they wrote. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadIdentity, rawKey, type Identity } from '../../electron/engine/access/identity.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import type { Incoming } from '../../electron/engine/store/ingest.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { Store, type Transaction } from '../../electron/engine/store/store.ts';
import { ESTATE } from '../../shared/ops/op.ts';

export interface Other {
  store: Store;
  identity: Identity;
}

/** Runs `work` with the store of a data folder that nobody has open. */
export function withStore<T>(data: string, work: (store: Store) => T, now: () => number = Date.now): T {
  const opened = openDatabase(data);
  try {
    return work(new Store(opened, loadIdentity(data), now));
  } finally {
    opened.close();
  }
}

/** Runs `work` with a console that exists only meanwhile, whose clock shows `now`. */
export function withOther<T>(work: (other: Other) => T, now: () => number = Date.now): T {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-other-'));
  const opened = openDatabase(directory);
  try {
    const identity = loadIdentity(directory);
    return work({ store: new Store(opened, identity, now), identity });
  } finally {
    opened.close();
    rmSync(directory, { recursive: true });
  }
}

export function writeOps(store: Store, work: (tx: Transaction) => unknown, zone = 'Europe/Vienna'): void {
  store.commit({ actor: 'system', zone }, work);
}

/** Lets `here` believe what `other` signs. */
export function enrol(here: Store, other: Other, name: string): void {
  const key = rawKey(other.identity.publicKey).toString('base64url');
  writeOps(here, (tx) =>
    tx.append({ scope: ESTATE, type: 'console.enrol', payload: { console: other.store.console, key, name } }),
  );
}

/** All that a console wrote, as it travels. */
export function segmentsOf({ store, identity }: Other): Incoming[] {
  const key = rawKey(identity.publicKey).toString('base64url');
  return store.segments
    .of(store.console)
    .map((seal) => ({ ...seal, key, ops: store.log.range(store.console, seal.first, seal.last).map(bare) }));
}
