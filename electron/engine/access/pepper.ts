/**
 * A secret of this console that goes into every verifier, so that a copied data folder alone is no use for guessing. Invariant:
 * it lies where the signing key lies: sealed by the system's keychain where there is one, else in a file that only its owner may
 * read; and it is bound to this machine, so that it fits no other.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { PLAIN, type FolderSealer, type Vault } from '../rest/vault.ts';
import type { Keychain } from './keychain.ts';

const FOLDER = 'keys';
const PLAIN_FILE = 'unlock.key';
const SEALED = 'unlock.sealed.json';
const Sealed = z.object({ sealer: z.enum(['keychain', 'folder']), sealed: z.string() });

/** What tells this machine from others, as far as the system says. */
export function machineId(): string {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      // Systems without it have a keychain.
    }
  }
  return '';
}

/**
 * The pepper of the console in `directory`, made with `make` when there is none. The buffer is the caller's to wipe.
 * @throws Refusal `storage` when there is none, or when it cannot be opened here.
 */
export async function pepperOf(
  directory: string,
  keychain: Keychain | null,
  make: boolean,
  machine: string,
  vault: Vault = PLAIN,
): Promise<Buffer> {
  const raw = Buffer.from(await secretOf(directory, keychain, make, vault), 'base64url');
  const pepper = createHmac('sha256', raw).update(`holdfast unlock\n${machine}`).digest();
  raw.fill(0);
  return pepper;
}

async function secretOf(directory: string, keychain: Keychain | null, make: boolean, vault: Vault): Promise<string> {
  const plain = join(directory, FOLDER, PLAIN_FILE);
  const sealed = join(directory, FOLDER, SEALED);
  const real = keychain !== null && (await keychain.isAvailable()) ? keychain.sealer : null;
  if (existsSync(sealed)) {
    const kept = readSealed(sealed);
    if (kept.sealer === 'folder' && vault.sealer) return vault.sealer.open(kept.sealed);
    if (!real || kept.sealer === 'folder') throw new Refusal('storage', ELSEWHERE, { retryable: true });
    try {
      return await real.open(kept.sealed);
    } catch (cause) {
      throw new Refusal('storage', ELSEWHERE, { retryable: true, cause });
    }
  }
  const kept = existsSync(plain) ? readFileSync(plain, 'utf8').trim() : null;
  if (kept === null && !make) throw new Refusal('storage', GONE);
  const secret = kept ?? randomBytes(32).toString('base64url');
  mkdirSync(join(directory, FOLDER), { recursive: true, mode: 0o700 });
  if (real) {
    const text = await real.seal(secret);
    if ((await real.open(text)) === secret) {
      write(sealed, JSON.stringify({ sealer: 'keychain', sealed: text }));
      rmSync(plain, { force: true });
      return secret;
    }
  }
  if (kept === null && vault.sealer)
    write(sealed, JSON.stringify({ sealer: 'folder', sealed: vault.sealer.seal(secret) }));
  else if (kept === null) write(plain, secret);
  return secret;
}

function readSealed(file: string): z.infer<typeof Sealed> {
  return Sealed.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Closes it with the folder's own key where it lies open. */
export function sealPepper(directory: string, sealer: FolderSealer): void {
  const plain = join(directory, FOLDER, PLAIN_FILE);
  if (!existsSync(plain)) return;
  const sealed = sealer.seal(readFileSync(plain, 'utf8').trim());
  write(join(directory, FOLDER, SEALED), JSON.stringify({ sealer: 'folder', sealed }));
  rmSync(plain);
}

/** Opens again what `sealPepper` closed. */
export function unsealPepper(directory: string, sealer: FolderSealer): void {
  const file = join(directory, FOLDER, SEALED);
  if (!existsSync(file)) return;
  const kept = readSealed(file);
  if (kept.sealer !== 'folder') return;
  write(join(directory, FOLDER, PLAIN_FILE), sealer.open(kept.sealed));
  rmSync(file);
}

const RESCUE = 'README, "Unlocking", says how to go on.';
const ELSEWHERE = `What this console's passphrases are checked with is in the keychain of another machine or user. ${RESCUE}`;
const GONE = `What this console's passphrases are checked with is gone from its folder keys. ${RESCUE}`;

function write(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
