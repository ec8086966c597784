/**
 * The file that holds a folder's key, closed. Invariants: the key is in it only wrapped, by the system's keychain, by a passphrase,
 * or by each; it is replaced whole, so that no kill leaves half a file; without it nothing in the folder can be read again.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { RESCUE } from '../../../shared/domain/record/at-rest.ts';
import type { Keychain } from '../access/keychain.ts';
import { stretch, type Cost, type Guess } from '../access/cost.ts';
import { checkOf, closeBox, KEY_BYTES, KEY_FILE, MARK_FILE, openBox } from './vault.ts';

const Text = z.string().min(1).max(10_000);

export const KeyFile = z.object({
  format: z.literal(1),
  /** `turning-…`: it is being encrypted, or decrypted. */
  state: z.enum(['on', 'turning-on', 'turning-off']),
  /** Since when, ms. */
  since: z.int(),
  /** Tells the right key from others. */
  check: Text,
  passphrase: z
    .object({
      salt: Text,
      cost: z
        .int()
        .min(2)
        .max(2 ** 24),
      block: z.int().min(1).max(64),
      lanes: z.int().min(1).max(1024),
      wrapped: Text,
    })
    .nullable(),
  keychain: z.object({ wrapped: Text }).nullable(),
});
export type KeyFile = z.infer<typeof KeyFile>;

const LOST = `This data folder is encrypted and its key, the file ${KEY_FILE}, is gone: nothing in it can be read. ${RESCUE}`;

/** The key file of `data`; null when it is not encrypted. @throws Refusal when it is damaged, or gone */
export function readKeyFile(data: string): KeyFile | null {
  const file = join(data, KEY_FILE);
  if (!existsSync(file)) {
    if (existsSync(join(data, MARK_FILE))) throw new Refusal('storage', LOST, { retryable: true });
    return null;
  }
  try {
    return KeyFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const message = `${KEY_FILE} in ${data} is damaged, so the folder's key cannot be read: put a copy of the file back. Is there none? ${RESCUE}`;
    throw new Refusal('storage', message, { retryable: true, cause });
  }
}

export function writeKeyFile(data: string, content: KeyFile): void {
  const file = join(data, KEY_FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 1)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

/** Remembers beside the keys that this folder has one, or forgets it. */
export function mark(data: string, check: string | null): void {
  const file = join(data, MARK_FILE);
  if (check === null) {
    rmSync(file, { force: true });
    return;
  }
  mkdirSync(join(data, 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify({ format: 1, check }), { mode: 0o600, flush: true });
}

/** Forgets the key. Only for a folder in which nothing is encrypted any more. */
export function removeKeyFile(data: string): void {
  mark(data, null);
  rmSync(join(data, KEY_FILE), { force: true });
}

/** `key` under a passphrase, which is wiped. */
export async function wrapWithPassphrase(
  key: Buffer,
  passphrase: Buffer,
  guess: Guess,
): Promise<NonNullable<KeyFile['passphrase']>> {
  const cost = await guess.measure();
  const salt = randomBytes(16);
  const wrapping = await stretch(passphrase, salt, cost);
  passphrase.fill(0);
  const wrapped = closeBox(wrapping, key).toString('base64url');
  wrapping.fill(0);
  return { salt: salt.toString('base64url'), ...cost, wrapped };
}

/** The key that `passphrase`, which is wiped, opens; null when it is another. */
export async function unwrapWithPassphrase(content: KeyFile, passphrase: Buffer): Promise<Buffer | null> {
  const kept = content.passphrase;
  if (kept === null) return null;
  const cost: Cost = { cost: kept.cost, block: kept.block, lanes: kept.lanes };
  const wrapping = await stretch(passphrase, Buffer.from(kept.salt, 'base64url'), cost);
  passphrase.fill(0);
  try {
    return right(content, openBox(wrapping, Buffer.from(kept.wrapped, 'base64url')));
  } catch {
    return null;
  } finally {
    wrapping.fill(0);
  }
}

/** `key` under the system's keychain. @throws Refusal when it does not give back what it was given */
export async function wrapWithKeychain(key: Buffer, keychain: Keychain): Promise<NonNullable<KeyFile['keychain']>> {
  const text = key.toString('base64url');
  const wrapped = await keychain.sealer.seal(text);
  if ((await keychain.sealer.open(wrapped)) !== text)
    throw new Refusal(
      'storage',
      'The system’s keychain gave back something else than it was given; nothing was changed.',
    );
  return { wrapped };
}

/** The key that the keychain of this machine and user opens; null when it does not. */
export async function unwrapWithKeychain(content: KeyFile, keychain: Keychain | null): Promise<Buffer | null> {
  if (content.keychain === null || keychain === null) return null;
  try {
    if (!(await keychain.isAvailable())) return null;
    return right(content, Buffer.from(await keychain.sealer.open(content.keychain.wrapped), 'base64url'));
  } catch {
    return null;
  }
}

function right(content: KeyFile, key: Buffer): Buffer | null {
  return key.length === KEY_BYTES && checkOf(key) === content.check ? key : null;
}
