/**
 * Invariant: a console's id is derived from its public key, so nobody can write as a console without holding its key.
 * The private half never enters the database, an export or the renderer.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';

export interface Identity {
  /** 16 lower-case hexadecimal digits: the head of SHA-256 over the raw public key. */
  console: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

/** Console id of an Ed25519 public key. */
export function consoleIdOf(publicKey: KeyObject): string {
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
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
    return { console: consoleIdOf(publicKey), publicKey, privateKey };
  } catch (error) {
    throw new Refusal('storage', `The console's key ${file} can't be read: ${(error as Error).message}.`, { cause: error });
  }
}

function makeIdentity(directory: string, file: string): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  mkdirSync(join(directory, 'keys'), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return { console: consoleIdOf(publicKey), publicKey, privateKey };
}
