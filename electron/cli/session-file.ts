/**
 * What a command line that was unlocked is known by, from one command to the next. Invariant: it lies in a folder that only its
 * user can enter, in a file that only they can read, apart from the data folder, and is worth nothing once the session ended.
 */
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { privateFolder } from '../engine/socket.ts';

function fileOf(data: string): string {
  return join(privateFolder(), `${createHash('sha256').update(resolve(data)).digest('hex').slice(0, 24)}.session`);
}

/** Null when nobody unlocked from this user's command line. */
export function sessionOf(data: string): string | null {
  try {
    return readFileSync(fileOf(data), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

export function newSession(): string {
  return randomBytes(32).toString('base64url');
}

/** Null forgets it. */
export function keepSession(data: string, session: string | null): void {
  const file = fileOf(data);
  rmSync(file, { force: true });
  if (session !== null) writeFileSync(file, session, { mode: 0o600, flag: 'wx' });
}
