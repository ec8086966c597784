/**
 * Signs of damage that can be seen before the database is opened, at the price of reading a few pages. Invariant: a
 * folder that was closed properly costs nothing but two reads; the thorough check is `verify`.
 */
import { existsSync, openSync, closeSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PLAIN, type Vault } from '../rest/vault.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { inspectWal } from './wal.ts';

const MAGIC = 'SQLite format 3\0';

/** What is wrong with the database of `directory`, in one sentence; null when nothing is seen. */
export function damageOf(directory: string, vault: Vault = PLAIN): string | null {
  const file = join(directory, DATABASE_FILE);
  const wal = `${file}-wal`;
  const unclean = existsSync(wal) && statSync(wal).size > 0;
  if (!existsSync(file) || statSync(file).size === 0) return null;
  const seen = vault.key ? sealedDamage(file, vault) : fileDamage(file, unclean);
  return seen ?? (unclean ? (walDamage(wal) ?? pageDamage(file, vault)) : null);
}

function fileDamage(file: string, unclean: boolean): string | null {
  const head = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    const read = readSync(handle, head, 0, 100, 0);
    if (read < 100 || head.toString('latin1', 0, 16) !== MAGIC)
      return `${DATABASE_FILE} is no database any more: its beginning was overwritten.`;
  } finally {
    closeSync(handle);
  }
  const pageSize = head.readUInt16BE(16) === 1 ? 65536 : head.readUInt16BE(16);
  const pages = head.readUInt32BE(28);
  const size = statSync(file).size;
  // While a write-ahead log is waiting, the header counts pages that are still in it.
  if (!unclean && size < pages * pageSize)
    return `${DATABASE_FILE} was cut off: ${size} bytes of ${pages * pageSize} are there.`;
  return null;
}

/** Encrypted, the beginning says nothing by itself: whether the key opens it is what can be seen. */
function sealedDamage(file: string, vault: Vault): string | null {
  const { size } = statSync(file);
  if (size % PAGE !== 0) return `${DATABASE_FILE} was cut off: ${size} bytes are no whole number of pages.`;
  const db = vault.open(file, { readonly: true });
  try {
    db.pragma('user_version');
    return null;
  } catch (error) {
    return /CORRUPT|NOTADB/.test(String((error as { code?: unknown }).code))
      ? `${DATABASE_FILE} is no database of this folder any more: its beginning was overwritten.`
      : null;
  } finally {
    db.close();
  }
}

const PAGE = 4096;

function walDamage(wal: string): string | null {
  const state = inspectWal(readFileSync(wal));
  if (!state || state.valid >= state.present) return null;
  return `${DATABASE_FILE}-wal is torn: ${state.present - state.valid} of ${state.present} pages lie behind a damaged place.`;
}

/** After an unclean end the structure of all pages is checked. */
function pageDamage(file: string, vault: Vault): string | null {
  const db = vault.open(file, { readonly: true });
  try {
    const answer = String(db.pragma('quick_check(1)', { simple: true }));
    return answer === 'ok' ? null : `${DATABASE_FILE} is damaged: ${answer.split('\n')[0]}.`;
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    return /CORRUPT|NOTADB/.test(code) ? `${DATABASE_FILE} is damaged: ${(error as Error).message}.` : null;
  } finally {
    db.close();
  }
}
