/**
 * Opening an encrypted data folder. Invariants: the keychain is tried by itself, a passphrase is asked for; a wrong one costs what
 * any guess costs and, after some, a wait that is on the disk before the answer is; what a kill left half turned is undone or
 * finished before anything else is read.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { RESCUE } from '../../../shared/domain/record/at-rest.ts';
import { openIdentity } from '../access/identity.ts';
import type { Keychain } from '../access/keychain.ts';
import { waitAfter, waitWords } from '../access/secrets.ts';
import { DATABASE_FILE, lockFolder } from '../store/database.ts';
import { readKeyFile, unwrapWithKeychain, unwrapWithPassphrase, type KeyFile } from './key-file.ts';
import { finish, giveUp } from './turn.ts';
import { isPlain, PLAIN, vaultWith, type Vault } from './vault.ts';

/** What stands beside the question. */
export interface Asked {
  /** What came of the last try; null before the first. */
  message: string | null;
  /** Until when no try is looked at, ms since 1970 UTC; null for now. */
  until: number | null;
}

/** Asks whoever is there; null when nobody is. */
export type AskPassphrase = (asked: Asked) => Promise<string | null>;

export interface OpenOptions {
  keychain: Keychain | null;
  ask: AskPassphrase | null;
  now: () => number;
}

/** How `data`'s files are opened. @throws Refusal when they cannot be */
export async function openVault(data: string, options: OpenOptions): Promise<Vault> {
  const content = readKeyFile(data);
  if (content === null) return PLAIN;
  const database = join(data, DATABASE_FILE);
  const plain = existsSync(database) && isPlain(database);
  if (content.state === 'turning-on' && plain) {
    alone(data, () => giveUp(data, content, 'encrypt'));
    return PLAIN;
  }
  if (content.state === 'on' && plain)
    throw new Refusal(
      'storage',
      `This data folder says that it is encrypted, and its ${DATABASE_FILE} is not: somebody put it there. Put the right file back, or restore a backup.`,
      { retryable: true },
    );
  const key = await keyOf(data, content, options);
  if (content.state === 'turning-off' && !plain) alone(data, () => giveUp(data, content, 'decrypt'));
  else if (content.state !== 'on') return goOn(data, content, key, options);
  return vaultWith(key);
}

/** @throws FolderInUse */
function alone(data: string, work: () => void): void {
  const lock = lockFolder(data);
  try {
    work();
  } finally {
    lock.close();
  }
}

/** Finishes a turn that was broken off after the database had changed. */
async function goOn(data: string, content: KeyFile, key: Buffer, { keychain }: OpenOptions): Promise<Vault> {
  const lock = lockFolder(data);
  try {
    const vault = await vaultWith(key);
    const { identity } = await openIdentity(data, keychain?.sealer ?? null, vault);
    const what = content.state === 'turning-off' ? 'decrypt' : 'encrypt';
    await finish(data, { what, content, key }, identity);
    return what === 'encrypt' ? vault : PLAIN;
  } finally {
    lock.close();
  }
}

async function keyOf(data: string, content: KeyFile, { keychain, ask, now }: OpenOptions): Promise<Buffer> {
  const kept = await unwrapWithKeychain(content, keychain);
  if (kept) return kept;
  const elsewhere = content.keychain === null ? null : keychain === null ? ONLY_WINDOW : ELSEWHERE;
  if (content.passphrase === null) throw new Refusal('storage', `${elsewhere} ${RESCUE}`, { retryable: true });
  if (!ask) throw new Refusal('locked', LOCKED, { retryable: true });
  let message = elsewhere;
  for (;;) {
    const tries = readTries(data);
    // A clock that was set back must not make it longer than it ever is.
    const until = Math.min(tries.until, now() + waitAfter(tries.failures));
    if (until > now()) message ??= waitWords(tries.failures, until - now());
    const typed = await ask({ message, until: until > now() ? until : null });
    if (typed === null) throw new Refusal('locked', message ?? LOCKED, { retryable: true });
    if (until > now()) {
      message = waitWords(tries.failures, until - now());
      continue;
    }
    const failures = tries.failures + 1;
    writeTries(data, { failures, until: now() + waitAfter(failures) });
    const key = await unwrapWithPassphrase(content, Buffer.from(typed.normalize('NFKC')));
    if (key) {
      writeTries(data, null);
      return key;
    }
    const wait = waitAfter(failures);
    message = `That is not this folder’s passphrase.${wait > 0 ? ` ${waitWords(failures, wait)}` : ''}`;
  }
}

const LOCKED = 'This data folder is encrypted: give its passphrase.';
const ONLY_WINDOW =
  'The key of this data folder is in the system’s keychain, which only the window can open: open the console, then try again.';
const ELSEWHERE =
  'The key of this data folder is in the keychain of another machine or user, so that nothing in it can be read here.';

const TRIES_FILE = 'folder.tries';
const Tries = z.object({ failures: z.int().min(0), until: z.number() });
type Tries = z.infer<typeof Tries>;

function readTries(data: string): Tries {
  try {
    return Tries.parse(JSON.parse(readFileSync(join(data, TRIES_FILE), 'utf8')));
  } catch {
    return { failures: 0, until: 0 };
  }
}

/** Where nothing can be written, a guess costs what it costs. */
function writeTries(data: string, tries: Tries | null): void {
  const file = join(data, TRIES_FILE);
  try {
    if (tries === null) {
      rmSync(file, { force: true });
      return;
    }
    writeFileSync(`${file}.new`, JSON.stringify(tries), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  } catch {
    return;
  }
}
