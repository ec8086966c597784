/**
 * A data folder filled before a console opens on it: histories that would take minutes to click. Written through the very
 * store of the engine, many entries in one transaction.
 */
import { Store, type Transaction } from '../../electron/engine/store/store.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { join } from 'node:path';
import type { Input, Name, Output } from '../../shared/contract/table.ts';

const ASSETS = join(import.meta.dirname, '..', '..', 'assets');

/** Runs commands on the folder as a console without a window would; the demonstration is loaded. */
export async function withEngine<T>(
  folder: string,
  work: (done: <K extends Name>(name: K, input: Input<K>) => Promise<Output<K>>, engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await openEngine({ data: folder, assets: ASSETS, version: 'test', demonstration: true, poll: false });
  try {
    return await work(async (name, input) => {
      const reply = await engine.call(name, input);
      if (!reply.ok) throw new Error(`${name} was refused: ${reply.message}`);
      return reply.value as never;
    }, engine);
  } finally {
    await engine.close();
  }
}

/** Appends ops to the folder's log in one transaction. */
export function append(folder: string, work: (tx: Transaction) => void): void {
  const opened = openDatabase(folder);
  try {
    new Store(opened, loadIdentity(folder), () => Date.now()).commit(
      { actor: 'ana-kovac', zone: 'Europe/Vienna' },
      work,
    );
  } finally {
    opened.close();
  }
}
