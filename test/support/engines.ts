/** Engines on folders of their own, with nothing polled, and consoles that count each other's ops. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { loadIdentity, rawKey } from '../../electron/engine/access/identity.ts';
import { openEngine, type Engine, type EngineOptions } from '../../electron/engine/engine.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { ESTATE } from '../../shared/ops/op.ts';

const assets = new URL('../../assets/', import.meta.url).pathname;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

export function newFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-engine-'));
  cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export async function openOn(data: string, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await openEngine({ data, assets, version: 'test', zone: 'Europe/Vienna', modules: [], ...options });
  cleanups.push(() => engine.close());
  return engine;
}

export function reply<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Reply<Output<K>>> {
  return engine.call(name, input) as Promise<Reply<Output<K>>>;
}

/** Calls and expects it to be done. */
export async function done<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Output<K>> {
  const answer = await reply(engine, name, input);
  if (!answer.ok) throw new Error(`${name}: ${answer.message}`);
  return answer.value;
}

/** Calls and expects it to be refused; the sentence. */
export async function refused<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<string> {
  const answer = await reply(engine, name, input);
  if (answer.ok) throw new Error(`${name} was done`);
  return answer.message;
}

/** Works on the store of a folder that no engine has open. */
export function inStore<T>(data: string, work: (store: Store) => T): T {
  const opened = openDatabase(data);
  try {
    return work(new Store(opened, loadIdentity(data), Date.now));
  } finally {
    opened.close();
  }
}

/** Lets the console of `here` count the ops of that of `other`; no engine may have either open. */
export function enrolIn(here: string, other: string): string {
  const { console, publicKey } = loadIdentity(other);
  const payload = { console, key: rawKey(publicKey).toString('base64url'), name: 'store 112' };
  inStore(here, (store) =>
    store.commit({ actor: 'ana', zone: 'UTC' }, (tx) => tx.append({ scope: ESTATE, type: 'console.enrol', payload })),
  );
  return console;
}
