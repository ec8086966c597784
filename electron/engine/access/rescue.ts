/**
 * When nobody can unlock a console any more. Invariant: it takes the folder itself, in which somebody who owns it puts a file with
 * their reason; every console that hears of this one learns of it, and the file is gone before anything is opened.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Store } from '../store/store.ts';
import type { Access } from '../context.ts';

const RESCUE_FILE = 'rescue-access';
const KEY = 'access:rescued';

/** Throws every secret away when the file is there. @throws when the file cannot be removed; nothing is thrown away then */
export function rescue(
  directory: string,
  store: Store,
  { secrets, sessions }: Access,
  author: { actor: string; zone: string },
): void {
  const file = join(directory, RESCUE_FILE);
  if (!store.writable || !existsSync(file)) return;
  const reason = readFileSync(file, 'utf8').trim().slice(0, 2000) || 'No reason was given.';
  rmSync(file);
  store.commit(author, (tx) => tx.append({ scope: ESTATE, type: 'access.rescue', payload: { reason } }));
  sessions.endAll();
  secrets.clear();
  store.setMeta(KEY, reason);
}

/** That the console was opened so, until somebody sets what to unlock it with again; null when it was not. */
export function rescueWarning(store: Store, { secrets }: Access): string | null {
  const reason = store.meta(KEY);
  if (!reason || secrets.any()) return null;
  return `Every passphrase of this console was thrown away through its folder, and it is open now: ${reason}`;
}
