/** What a storage error means to a person: one sentence that says what happened, what is safe and what to do. */
import { accessSync, constants } from 'node:fs';
import { Refusal } from '../../../shared/contract/spec.ts';

interface Trouble {
  codes: RegExp;
  what: string;
  /** What helps, before another try. */
  advice: string | null;
  retryable: boolean;
  /** Of opening, not of writing. */
  opening?: true;
}

const TROUBLES: readonly Trouble[] = [
  {
    codes: /^SQLITE_FULL|^SQLITE_IOERR_SHMSIZE|^ENOSPC/,
    ...{ what: 'The disk is full', advice: 'Free some space', retryable: true },
  },
  {
    codes: /^SQLITE_READONLY|^EROFS|^EACCES|^EPERM/,
    ...{ what: 'The data folder is read-only', advice: null, retryable: true },
  },
  {
    codes: /^SQLITE_BUSY|^SQLITE_LOCKED/,
    ...{ what: 'The database is locked by another program', advice: 'Close it', retryable: true },
  },
  { codes: /^SQLITE_CORRUPT|^SQLITE_NOTADB/, what: 'The database is damaged', advice: null, retryable: false },
  {
    codes: /^SQLITE_IOERR|^EIO|^ENXIO|^ENODEV/,
    ...{ what: 'The disk does not answer properly', advice: null, retryable: true },
  },
  {
    codes: /^SQLITE_CANTOPEN|^ENOENT|^ENOTDIR|^EEXIST/,
    ...{ what: 'The data folder cannot be opened', advice: null, retryable: true, opening: true },
  },
];

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
const troubleOf = (error: unknown): Trouble | undefined => TROUBLES.find(({ codes }) => codes.test(codeOf(error)));

/** The refusal of one command for a storage error, or null when `error` is not one. */
export function storageRefusal(error: unknown): Refusal | null {
  const trouble = troubleOf(error);
  if (!trouble) return null;
  const { what, advice, retryable, opening } = trouble;
  const lost = opening ? '' : ': nothing of this was saved';
  const help = advice === null ? '' : `. ${advice} and try again`;
  return new Refusal('storage', `${what}${lost}${help} (${codeOf(error)}).`, { retryable, cause: error });
}

/** What everybody is told while a storage error lasts, or null when `error` is not one. */
export function storageWarning(error: unknown): string | null {
  const trouble = troubleOf(error);
  if (!trouble) return null;
  const { what, advice, opening } = trouble;
  return `${what}${opening ? '' : ': nothing can be saved'}.${advice === null ? '' : ` ${advice}.`}`;
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
