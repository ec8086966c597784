/**
 * Whole files of an encrypted folder that are no database in use. Invariant: what is changed, swapped or cut off is noticed; the
 * file under the old name goes only when the one under the new name is whole on the disk.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  closeSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { nonceOf, pieces } from '../bundles/sealed.ts';
import { subkey } from './vault.ts';

/** What the name of a sealed file ends with. */
export const SEALED = '.sealed';

const HEAD = Buffer.from('holdfast sealed file 1\n');
const SALT = 32;
const PIECE = 64 * 1024;
const TAG = 16;

/** Seals `file` under its name with {@link SEALED} behind it. */
export async function sealFile(file: string, key: Buffer): Promise<void> {
  const salt = randomBytes(SALT);
  const own = subkey(key, 'file', salt);
  await replace(file, `${file}${SEALED}`, createReadStream(file), async function* (source) {
    yield HEAD;
    yield salt;
    let number = 0;
    for await (const { piece, last } of pieces(source, PIECE)) {
      const cipher = createCipheriv('aes-256-gcm', own, nonceOf(number++, last));
      yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
    }
  });
}

/** Opens a file that `sealFile` made, under its old name. @throws when it was changed, or the key is another's */
export async function unsealFile(file: string, key: Buffer): Promise<void> {
  const head = Buffer.alloc(HEAD.length + SALT);
  const handle = openSync(file, 'r');
  readSync(handle, head, 0, head.length, 0);
  closeSync(handle);
  if (!head.subarray(0, HEAD.length).equals(HEAD)) throw new Error(`${file} is no sealed file`);
  const own = subkey(key, 'file', head.subarray(HEAD.length));
  const source = createReadStream(file, { start: head.length });
  await replace(file, file.slice(0, -SEALED.length), source, async function* (sealed) {
    let number = 0;
    for await (const { piece, last } of pieces(sealed, PIECE + TAG)) {
      const cipher = createDecipheriv('aes-256-gcm', own, nonceOf(number++, last), { authTagLength: TAG });
      cipher.setAuthTag(piece.subarray(-TAG));
      yield Buffer.concat([cipher.update(piece.subarray(0, -TAG)), cipher.final()]);
    }
  });
}

async function replace(
  from: string,
  to: string,
  source: AsyncIterable<Buffer>,
  through: (source: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
): Promise<void> {
  const part = `${to}.part`;
  try {
    await pipeline(source, through, createWriteStream(part, { mode: 0o600, flush: true }));
    renameSync(part, to);
  } finally {
    rmSync(part, { force: true });
  }
  rmSync(from);
}

/** Waits until what was written to a file or a folder is on the disk. */
export function onDisk(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
