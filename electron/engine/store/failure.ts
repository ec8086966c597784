/** What a storage error means to a person: one sentence that says what happened, what is safe and what to do. */
import { accessSync, constants } from 'node:fs';
import { Refusal } from '../../../shared/contract/spec.ts';

const SENTENCES: [RegExp, string, boolean][] = [
  [
    /^SQLITE_FULL|^SQLITE_IOERR_SHMSIZE|^ENOSPC/,
    'The disk is full: nothing of this was saved. Free some space and try again',
    true,
  ],
  [/^SQLITE_READONLY|^EROFS|^EACCES|^EPERM/, 'The data folder is read-only: nothing of this was saved', true],
  [
    /^SQLITE_BUSY|^SQLITE_LOCKED/,
    'The database is locked by another program: nothing of this was saved. Close it and try again',
    true,
  ],
  [/^SQLITE_CORRUPT|^SQLITE_NOTADB/, 'The database is damaged: nothing of this was saved', false],
  [/^SQLITE_IOERR|^EIO|^ENXIO|^ENODEV/, 'The disk does not answer properly: nothing of this was saved', true],
  [/^SQLITE_CANTOPEN|^ENOENT|^ENOTDIR|^EEXIST/, 'The data folder cannot be opened', true],
];

/** The refusal for a storage error, or null when `error` is not one. */
export function storageRefusal(error: unknown): Refusal | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const found = SENTENCES.find(([pattern]) => pattern.test(code));
  return found ? new Refusal('storage', `${found[1]} (${code}).`, { retryable: found[2], cause: error }) : null;
}

/**
 * Why a folder that could not be opened for writing can still be read, in one sentence; null when `error` does not mean
 * that.
 */
export function readOnlyBecause(directory: string, error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^SQLITE_FULL|^SQLITE_IOERR_SHMSIZE|^ENOSPC/.test(code)) {
    return 'The disk is full: everything can be read, nothing can be saved. Free some space and open this again.';
  }
  if (
    /^SQLITE_READONLY|^EROFS|^EACCES|^EPERM/.test(code) ||
    (code.startsWith('SQLITE_CANTOPEN') && !isWritable(directory))
  ) {
    return 'The data folder is read-only: everything can be read, nothing can be saved.';
  }
  return null;
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
