/**
 * Invariant: a console's id is derived from its public key, so nobody can write as a console without holding its key.
 * The private half never enters the database, an export or the renderer.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';

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

/** The public key that `raw` (32 bytes) stands for. */
export function keyFromRaw(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: 'der', type: 'spki' });
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

/**
 * The identity kept in `directory`, made when there is none.
 * @throws Refusal when the key file is there and is no Ed25519 key.
 */
export function loadIdentity(directory: string): Identity {
  const file = join(directory, 'keys', 'console.pem');
  if (!existsSync(file)) return makeIdentity(directory, file);
  try {
    const privateKey = createPrivateKey(readFileSync(file));
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`it is ${privateKey.asymmetricKeyType}`);
    const publicKey = createPublicKey(privateKey);
    return { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
  } catch (error) {
    throw new Refusal('storage', `The console's key ${file} can't be read: ${(error as Error).message}.`, { cause: error });
  }
}

/** Puts the key of `console` aside, so that the next `loadIdentity` makes a new one. */
export function retireIdentity(directory: string, console: string): void {
  renameSync(join(directory, 'keys', 'console.pem'), join(directory, 'keys', `retired-${console}.pem`));
}

function makeIdentity(directory: string, file: string): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(join(directory, 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return { console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey };
}
