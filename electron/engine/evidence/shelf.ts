/**
 * Evidence files on this machine, exactly as they travel: encrypted under a key of their own and named by the SHA-256 of that.
 * Invariant: what is read from here has that hash, or counts as not here. The key of a file stands in the op that attaches it, so
 * who may read the op may read the file, and nobody else: not at rest, not at the hub, not beside a restricted incident.
 */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = 'evidence';
const NONCE = 12;
const TAG = 16;
/** By how much a file is larger as it travels, bytes. */
export const SEALED_BYTES = NONCE + TAG;

export class EvidenceShelf {
  readonly #folder: string;

  constructor(data: string) {
    this.#folder = join(data, FOLDER);
  }

  /** Names of what is here. */
  all(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).filter((name) => /^[0-9a-f]{64}$/.test(name)) : [];
  }

  has(file: string): boolean {
    return existsSync(join(this.#folder, file));
  }

  /** Encrypts a file's content and keeps it; on the disk when this returns. `key` is base64url. */
  seal(content: Uint8Array): { file: string; key: string } {
    const key = randomBytes(32);
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    const text = Buffer.concat([cipher.update(content), cipher.final()]);
    return { file: this.put(Buffer.concat([nonce, cipher.getAuthTag(), text])), key: key.toString('base64url') };
  }

  /** The content of a file, or null when it is not here, or not as it was. */
  open(file: string, key: string): Buffer | null {
    const sealed = this.read(file);
    if (sealed === null || sealed.length < SEALED_BYTES) return null;
    try {
      const opener = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64url'), sealed.subarray(0, NONCE));
      opener.setAuthTag(sealed.subarray(NONCE, SEALED_BYTES));
      return Buffer.concat([opener.update(sealed.subarray(SEALED_BYTES)), opener.final()]);
    } catch {
      return null;
    }
  }

  /** Keeps a file as it travels; its name. */
  put(sealed: Uint8Array): string {
    const file = hashOf(sealed);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const draft = join(this.#folder, `${file}.part`);
    try {
      writeFileSync(draft, sealed, { mode: 0o600, flush: true });
      renameSync(draft, join(this.#folder, file));
    } finally {
      rmSync(draft, { force: true });
    }
    return file;
  }

  /** A file as it travels, or null when it is not here, or not as it was. */
  read(file: string): Buffer | null {
    try {
      const sealed = readFileSync(join(this.#folder, file));
      return hashOf(sealed) === file ? sealed : null;
    } catch {
      return null;
    }
  }
}

export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
