/**
 * Bundles that only named consoles can read: one line of JSON in the clear, and behind it the bundle in encrypted pieces.
 * Invariants: a piece is believed only when its tag is good; pieces that are changed, swapped, left out or cut off are
 * noticed; the key of the pieces belongs to this very first line. Who made the bundle is said by its signature inside.
 *
 * A key of the file is wrapped for every recipient: X25519 between a key pair made for this file and the recipient's
 * published key, HKDF-SHA-256, AES-256-GCM. A console's own X25519 key follows from its signing key, so that there is no
 * second secret to keep.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { Refusal } from '../../../shared/contract/spec.ts';
import { ConsoleId } from '../../../shared/ops/op.ts';
import type { Identity } from '../access/identity.ts';

/** Bytes of the bundle in one piece; its tag comes on top. */
const PIECE = 64 * 1024;
const TAG = 16;
/** Longest first line, bytes: some thousands of recipients. */
const MAX_HEAD = 1024 * 1024;

const key32 = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Head = z.object({
  holdfast: z.literal('sealed bundle'),
  format: z.literal(1),
  /** X25519 public key made for this file, raw, base64url. */
  ephemeral: key32,
  /** The key of the file and its tag, for each recipient. */
  recipients: z.array(z.object({ console: ConsoleId, key: z.string().regex(/^[A-Za-z0-9_-]{64}$/) })).min(1),
});

/** How the pieces of a sealed file are opened. */
export interface Seal {
  /** Key of the pieces, base64url. */
  key: string;
  /** Where they begin, bytes. */
  from: number;
  recipients: string[];
}

/** DER before the 32 raw bytes of an X25519 key (RFC 8410). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b656e032100', 'hex');

export const derive = (secret: Buffer, salt: Buffer, info: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, 32));
export const publicOf = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
export const rawOf = (key: KeyObject): Buffer => key.export({ format: 'der', type: 'spki' }).subarray(-32);

/** The key with which a console opens what is sealed for it. */
export function openingKey({ privateKey }: Pick<Identity, 'privateKey'>): KeyObject {
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url');
  const raw = derive(seed, Buffer.alloc(0), 'holdfast sealed bundle 1 console');
  return createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, raw]), format: 'der', type: 'pkcs8' });
}

/** What a console publishes so that others can seal for it: its raw X25519 public key, base64url. */
export function sealingKey(identity: Pick<Identity, 'privateKey'>): string {
  return rawOf(createPublicKey(openingKey(identity))).toString('base64url');
}

function wrapping(own: KeyObject, other: KeyObject, ephemeral: Buffer, recipient: Buffer): Buffer {
  const secret = diffieHellman({ privateKey: own, publicKey: other });
  return derive(secret, Buffer.concat([ephemeral, recipient]), 'holdfast sealed bundle 1 wrap');
}

/** A number is used once: each piece has its own, and the last one says that it is. */
export function nonceOf(piece: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(piece, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

const bodyKey = (fileKey: Buffer, head: Buffer): Buffer =>
  derive(fileKey, createHash('sha256').update(head).digest(), 'holdfast sealed bundle 1 body');

/**
 * Writes the bundle `from` into the file `to`, readable by `recipients` alone. Memory is bounded by a few pieces; `far`
 * hears of bytes read.
 * @throws the reason of `signal` when that aborts
 */
export async function sealFile(
  from: string,
  to: string,
  recipients: readonly { console: string; key: string }[],
  { signal, far }: { signal: AbortSignal; far: (bytes: number) => void },
): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const ephemeral = rawOf(publicKey);
  const fileKey = randomBytes(32);
  const head = Buffer.from(
    `${JSON.stringify({
      holdfast: 'sealed bundle',
      format: 1,
      ephemeral: ephemeral.toString('base64url'),
      recipients: recipients.map(({ console, key }) => {
        const raw = Buffer.from(key, 'base64url');
        const cipher = createCipheriv(
          'aes-256-gcm',
          wrapping(privateKey, publicOf(raw), ephemeral, raw),
          Buffer.alloc(12),
        );
        const wrapped = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
        return { console, key: wrapped.toString('base64url') };
      }),
    } satisfies z.infer<typeof Head>)}\n`,
  );
  const key = bodyKey(fileKey, head);
  await pipeline(
    createReadStream(from),
    async function* (source: AsyncIterable<Buffer>) {
      yield head;
      let number = 0;
      for await (const { piece, last } of pieces(source, PIECE)) {
        signal.throwIfAborted();
        far(number * PIECE);
        const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, last));
        yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
      }
    },
    createWriteStream(to, { flags: 'r+' }),
  );
}

/** Cuts a stream into pieces of `size` bytes; only the last may be shorter, and it is known as such. */
export async function* pieces(
  source: AsyncIterable<Buffer>,
  size: number,
): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    while (held.length > size) {
      yield { piece: held.subarray(0, size), last: false };
      held = held.subarray(size);
    }
  }
  yield { piece: held, last: true };
}

/**
 * How to open a file, when it is sealed; null when it is not.
 * @throws Refusal `forbidden` when it is not sealed for this console, `bad_input` when its first line is no good
 */
export async function unseal(path: string, name: string, identity: Identity): Promise<Seal | null> {
  const head = await headOf(path);
  if (head === null) return null;
  const parsed = Head.safeParse(readJson(head.subarray(0, -1)));
  if (!parsed.success)
    throw new Refusal(
      'bad_input',
      `${name} is sealed in a way that this version does not know. Nothing of it was taken.`,
    );
  const { ephemeral, recipients } = parsed.data;
  const consoles = recipients.map(({ console }) => console);
  const mine = recipients.find(({ console }) => console === identity.console);
  if (!mine)
    throw new Refusal(
      'forbidden',
      `${name} is sealed for ${consoles.length === 1 ? 'another console' : `${consoles.length} other consoles`} (${consoles.slice(0, 3).join(', ')}${consoles.length > 3 ? ', …' : ''}), not for this one: ask whoever made it to seal it for ${identity.console}.`,
    );
  const sender = Buffer.from(ephemeral, 'base64url');
  const own = openingKey(identity);
  const raw = rawOf(createPublicKey(own));
  const wrapped = Buffer.from(mine.key, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping(own, publicOf(sender), sender, raw), Buffer.alloc(12));
    decipher.setAuthTag(wrapped.subarray(-TAG));
    const fileKey = Buffer.concat([decipher.update(wrapped.subarray(0, -TAG)), decipher.final()]);
    return { key: bodyKey(fileKey, head).toString('base64url'), from: head.length, recipients: consoles };
  } catch {
    throw new Refusal(
      'bad_input',
      `${name} does not open with this console's key: its first line was changed, or it was sealed for an older key. Nothing of it was taken.`,
    );
  }
}

/** The first line with its line feed, when the file begins as a sealed one does. */
async function headOf(path: string): Promise<Buffer | null> {
  const handle = await open(path, 'r').catch(() => null);
  // What is wrong with it, reading it says.
  if (handle === null) return null;
  try {
    const buffer = Buffer.alloc(MAX_HEAD);
    const { bytesRead } = await handle.read(buffer, 0, MAX_HEAD, 0).catch(() => ({ bytesRead: 0 }));
    const end = buffer.subarray(0, bytesRead).indexOf(10);
    return bytesRead > 0 && buffer[0] === 0x7b && end > 0 ? Buffer.from(buffer.subarray(0, end + 1)) : null;
  } finally {
    await handle.close();
  }
}

function readJson(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}

/** Bytes of the bundle in a sealed file of `size` bytes. */
export function openedSize(size: number, { from }: Seal): number {
  const body = size - from;
  return body - Math.ceil(body / (PIECE + TAG)) * TAG;
}

/** The bundle in a sealed file. The stream fails with `BrokenSeal` where a piece is not what was written. */
export async function* openSealed(source: AsyncIterable<Buffer>, { key }: Seal): AsyncGenerator<Buffer> {
  const secret = Buffer.from(key, 'base64url');
  let number = 0;
  for await (const { piece, last } of pieces(source, PIECE + TAG)) {
    if (piece.length < TAG) throw new BrokenSeal();
    const decipher = createDecipheriv('aes-256-gcm', secret, nonceOf(number++, last));
    decipher.setAuthTag(piece.subarray(-TAG));
    let clear: Buffer;
    try {
      clear = Buffer.concat([decipher.update(piece.subarray(0, -TAG)), decipher.final()]);
    } catch {
      throw new BrokenSeal();
    }
    yield clear;
  }
}

export class BrokenSeal extends Error {}
