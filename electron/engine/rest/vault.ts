/**
 * How the files of a data folder are read and written at rest. Invariants: an encrypted folder's database, write-ahead log and
 * backups are SQLCipher pages under one 256-bit key, its small secrets AES-256-GCM under keys that follow from it; a folder that is
 * not encrypted loads nothing of this.
 */
import Database from 'better-sqlite3';
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Sqlite } from '../store/database.ts';

/** Closes and opens short texts, such as a signing key or a credential. */
export interface FolderSealer {
  seal(text: string): string;
  /** @throws when it is not what `seal` gave, or another key's */
  open(sealed: string): string;
}

export interface Vault {
  /** 32 bytes; null: nothing here is encrypted. */
  readonly key: Buffer | null;
  /** For what a keychain would close otherwise; null where nothing is encrypted. */
  readonly sealer: FolderSealer | null;
  /** Opens a database of this folder; `''` is a scratch one. */
  open(file: string, options?: Database.Options): Sqlite;
  /** Opens what may come from before the folder was encrypted, or from elsewhere. */
  openAny(file: string, options?: Database.Options): Sqlite;
  /** Makes a database that came from elsewhere, and that nobody has open, like this folder's own. @throws Refusal */
  adopt(file: string): void;
}

/** A folder that is not encrypted. */
export const PLAIN: Vault = {
  key: null,
  sealer: null,
  open: (file, options) => new Database(file, options),
  openAny: (file, options) => new Database(file, options),
  adopt: (file) => {
    if (!isPlain(file))
      throw new Refusal(
        'storage',
        `${basename(file)} is encrypted with the key of another data folder, or is no database. It opens in that folder, or in a new one with that folder's folder.key.`,
      );
  },
};

const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
export const KEY_BYTES = 32;

export const KEY_FILE = 'folder.key';
/** Says that there was a key, for when its file is gone. */
export const MARK_FILE = join('keys', 'folder.json');
/** Either of these shows that a folder is encrypted, or is being turned. */
export const KEY_NAMES = [KEY_FILE, MARK_FILE];

/** Whether `file` begins as an unencrypted database does. */
export function isPlain(file: string): boolean {
  const head = Buffer.alloc(MAGIC.length);
  const handle = openSync(file, 'r');
  try {
    return readSync(handle, head, 0, head.length, 0) === head.length && head.equals(MAGIC);
  } finally {
    closeSync(handle);
  }
}

/** The build of the database that encrypts, as far as it goes beyond the ordinary one. */
export interface CipherSqlite extends Sqlite {
  key(key: Buffer): number;
  /** Encrypts, or with an empty key decrypts, the whole file in place. */
  rekey(key: Buffer): number;
}

/** Opens a database without a key, by the build that can give it one. */
export async function openForRekey(file: string, options?: Database.Options): Promise<CipherSqlite> {
  const Cipher = await cipherBuild();
  return new Cipher(file, options);
}

type CipherBuild = new (file: string, options?: Database.Options) => CipherSqlite;

async function cipherBuild(): Promise<CipherBuild> {
  // @ts-expect-error its declarations cannot be found through its `exports`; what it adds is declared above
  return (await import('better-sqlite3-multiple-ciphers')).default as CipherBuild;
}

/** SQLCipher 4's pages under the key as it is: there is nothing to stretch in 256 random bits. */
export function setKey(db: CipherSqlite, key: Buffer, how: 'key' | 'rekey' = 'key'): void {
  db.pragma("cipher = 'sqlcipher'");
  const text = Buffer.from(`x'${key.toString('hex')}'`);
  db[how](text);
  text.fill(0);
}

/** Takes the encryption off a database that nobody has open. */
export async function decryptFile(file: string, key: Buffer): Promise<void> {
  const db = await openForRekey(file);
  try {
    setKey(db, key);
    db.pragma('journal_mode = MEMORY');
    db.rekey(Buffer.alloc(0));
  } finally {
    db.close();
  }
}

/** The vault of a folder that `key` (32 bytes) opens. */
export async function vaultWith(key: Buffer): Promise<Vault> {
  const Cipher = await cipherBuild();
  const plain = (file: string, options?: Database.Options) => new Cipher(file, options);
  const open = (file: string, options?: Database.Options): Sqlite => {
    const db = plain(file, options);
    setKey(db, key);
    return db;
  };
  return {
    key,
    sealer: sealerOf(key),
    open,
    openAny: (file, options) => (isPlain(file) ? plain(file, options) : open(file, options)),
    adopt: (file) => {
      if (!isPlain(file)) return;
      const db = plain(file);
      try {
        db.pragma('journal_mode = MEMORY');
        setKey(db, key, 'rekey');
      } finally {
        db.close();
      }
    },
  };
}

/** A key for one purpose. */
export function subkey(key: Buffer, purpose: string, salt: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `holdfast folder 1 ${purpose}`, KEY_BYTES));
}

/** What tells whether a key is the right one, and nothing else of it. */
export function checkOf(key: Buffer): string {
  return createHmac('sha256', subkey(key, 'check')).update('holdfast').digest('base64url');
}

const IV = 12;
const TAG = 16;

/** AES-256-GCM with a number that is used once: number, text, tag. */
export function closeBox(key: Buffer, text: Buffer): Buffer {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** @throws when the key is another, or the box was changed */
export function openBox(key: Buffer, box: Buffer): Buffer {
  const cipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, IV), { authTagLength: TAG });
  cipher.setAuthTag(box.subarray(-TAG));
  return Buffer.concat([cipher.update(box.subarray(IV, -TAG)), cipher.final()]);
}

function sealerOf(key: Buffer): FolderSealer {
  const own = subkey(key, 'seal');
  return {
    seal: (text) => closeBox(own, Buffer.from(text)).toString('base64url'),
    open: (sealed) => openBox(own, Buffer.from(sealed, 'base64url')).toString('utf8'),
  };
}
