/**
 * Invariant: a console's id is derived from its public key, so nobody can write as a console without holding its key.
 * The private half never enters the database, an export or the renderer.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { PLAIN, type FolderSealer, type Vault } from '../rest/vault.ts';
import type { Sealer } from '../sources/credentials.ts';

export interface Identity {
  /** 16 lower-case hexadecimal digits: the head of SHA-256 over the raw public key. */
  console: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** DER of an Ed25519 public key before its 32 raw bytes (RFC 8410). */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** The 32 raw bytes of an Ed25519 public key. */
export function rawKey(publicKey: KeyObject): Buffer {
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** Keys that were read lately: messages come from the same few consoles, and reading a key takes as long as using it. */
const read = new Map<string, KeyObject>();
const MOST_KEPT = 500;

/** The public key that `raw` (32 bytes) stands for. */
export function keyFromRaw(raw: Buffer): KeyObject {
  const name = raw.toString('base64url');
  let key = read.get(name);
  if (!key) {
    key = createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
    if (read.size >= MOST_KEPT) read.clear();
    read.set(name, key);
  }
  return key;
}

/** Console id of a raw Ed25519 public key. */
export function consoleIdOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

/** Ed25519 signature of `text`, 64 bytes. */
export function signText(privateKey: KeyObject, text: string): Buffer {
  return sign(null, Buffer.from(text), privateKey);
}

/** Whether `signature` is that of `text` by the holder of `publicKey`. */
export function isSigned(publicKey: KeyObject, text: string, signature: Buffer): boolean {
  return verify(null, Buffer.from(text), publicKey, signature);
}

/** Where the private key lies: sealed by the system's keychain, or with the folder's own key, or in a file that only its owner may read. */
export type KeyKept = 'keychain' | 'folder' | 'file';

const FOLDER = 'keys';
const plainFile = (directory: string) => join(directory, FOLDER, 'console.pem');
const sealedFile = (directory: string) => join(directory, FOLDER, 'console.sealed.json');

const Sealed = z.object({ sealer: z.string(), publicKey: z.string(), sealed: z.string() });

/**
 * The identity kept as a plain file in `directory`, made when there is none of any kind.
 * @throws Refusal when the key file is there and is no Ed25519 key, or when only a keychain can open it.
 */
export function loadIdentity(directory: string, vault: Vault = PLAIN): Identity {
  const file = plainFile(directory);
  if (!existsSync(file)) {
    if (!existsSync(sealedFile(directory))) return makeIdentity(directory, vault);
    const { sealer, sealed } = readSealed(sealedFile(directory));
    if (sealer !== FOLDER_SEALER || !vault.sealer) throw new Refusal('storage', LOCKED_AWAY, { retryable: true });
    return fromPem(vault.sealer.open(sealed));
  }
  try {
    return fromPem(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Refusal('storage', `The console's key ${file} can't be read: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

const LOCKED_AWAY =
  "This console's signing key is in the system's keychain, which only the window can open. Open the console, then try again.";

/**
 * The identity of `directory`, opened by the keychain when it is sealed there.
 * @throws Refusal `storage` when it can't be opened here.
 */
export async function openIdentity(
  directory: string,
  sealer: Sealer | null,
  vault: Vault = PLAIN,
): Promise<{ identity: Identity; kept: KeyKept }> {
  if (existsSync(plainFile(directory)) || !existsSync(sealedFile(directory))) {
    const identity = loadIdentity(directory, vault);
    return { identity, kept: existsSync(plainFile(directory)) ? 'file' : 'folder' };
  }
  if (vault.sealer && readSealed(sealedFile(directory)).sealer === FOLDER_SEALER)
    return { identity: loadIdentity(directory, vault), kept: 'folder' };
  if (!sealer) throw new Refusal('storage', LOCKED_AWAY, { retryable: true });
  try {
    const { sealed } = readSealed(sealedFile(directory));
    return { identity: fromPem(await sealer.open(sealed)), kept: 'keychain' };
  } catch (error) {
    const message = `The system's keychain can't open this console's signing key: ${(error as Error).message}.`;
    throw new Refusal('storage', message, { retryable: true, cause: error });
  }
}

/**
 * Moves a plain key into the keychain: sealed, written, opened again and compared before the plain file goes.
 * @throws when the keychain does not give back what it was given; the plain file is then where it was.
 */
export async function sealIdentity(directory: string, sealer: Sealer): Promise<void> {
  const pem = readFileSync(plainFile(directory), 'utf8');
  const { publicKey } = fromPem(pem);
  const sealed = await sealer.seal(pem);
  if ((await sealer.open(sealed)) !== pem) throw new Error('the keychain gave back something else');
  const file = sealedFile(directory);
  const text = JSON.stringify({ sealer: sealer.name, publicKey: rawKey(publicKey).toString('base64url'), sealed });
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  rmSync(plainFile(directory));
}

/** By this name a sealed file says that it is the folder's own key that opens it. */
export const FOLDER_SEALER = 'folder';
const PEM = '.pem';
const SEALED = '.sealed.json';

function readSealed(file: string): z.infer<typeof Sealed> {
  return Sealed.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** Closes every key of `directory` that lies open, those that were put aside too. */
export function sealKeys(directory: string, sealer: FolderSealer): void {
  for (const file of keyFiles(directory, PEM)) {
    const pem = readFileSync(file, 'utf8');
    writeSealed(`${file.slice(0, -PEM.length)}${SEALED}`, pem, sealer);
    rmSync(file);
  }
}

/** Opens again what `sealKeys` closed. */
export function unsealKeys(directory: string, sealer: FolderSealer): void {
  for (const file of keyFiles(directory, SEALED)) {
    // That of passphrases has another shape and goes by itself.
    const { data } = Sealed.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (data?.sealer !== FOLDER_SEALER) continue;
    const plain = `${file.slice(0, -SEALED.length)}${PEM}`;
    writeFileSync(`${plain}.new`, sealer.open(data.sealed), { mode: 0o600, flush: true });
    renameSync(`${plain}.new`, plain);
    rmSync(file);
  }
}

function keyFiles(directory: string, ending: string): string[] {
  const folder = join(directory, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function writeSealed(file: string, pem: string, sealer: FolderSealer): void {
  const publicKey = rawKey(fromPem(pem).publicKey).toString('base64url');
  const text = JSON.stringify({ sealer: FOLDER_SEALER, publicKey, sealed: sealer.seal(pem) });
  writeFileSync(`${file}.new`, text, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}

function fromPem(pem: string): Identity {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${privateKey.asymmetricKeyType}`);
  const publicKey = createPublicKey(privateKey);
  return { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
}

/** Puts the key of `console` aside, so that the next opening makes a new one. */
export function retireIdentity(directory: string, console: string): void {
  for (const [file, ending] of [
    [plainFile(directory), 'pem'],
    [sealedFile(directory), 'sealed.json'],
  ] as const) {
    if (existsSync(file)) renameSync(file, join(directory, FOLDER, `retired-${console}.${ending}`));
  }
}

function makeIdentity(directory: string, vault: Vault): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(join(directory, FOLDER), { recursive: true, mode: 0o700 });
  const pem = String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  if (vault.sealer) writeSealed(sealedFile(directory), pem, vault.sealer);
  else {
    const file = plainFile(directory);
    writeFileSync(`${file}.new`, pem, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }
  return { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
}
