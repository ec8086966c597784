/**
 * What one message between consoles holds: a slice of one console's ops, compressed. Invariant: nothing that arrives is
 * unpacked beyond `MAX_UNPACKED`, and what is unpacked has the shape of a slice or is refused with one sentence; whether
 * its ops may be believed is `store.ingest`'s business.
 *
 * The first four bytes are `H`, `F`, the format's number and the compression (0 none, 1 zstandard); the rest is
 * the JSON of the slice.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import { OpId } from '../../../shared/ops/op.ts';
import { Segment, SEGMENT_OPS, type Slice } from '../../../shared/ops/segment.ts';
import type { Incoming } from '../store/ingest.ts';

/** Most bytes of JSON in one message, whatever it was compressed to. */
export const MAX_UNPACKED = 16 * 1024 * 1024;
/** Bytes of JSON that a sender puts into one message, unless a single op is larger: servers take 1 MiB, and not all of it shrinks. */
export const PIECE_BYTES = 1_000_000;

const FORMAT = 1;
const PLAIN = 0;
const ZSTD = 1;
/** Below this, bytes, compressing costs more time than it saves: a single op goes as it is. */
const WORTH_COMPRESSING = 1000;

/** A message that is none; `message` says why in one sentence. */
export class BadMessage extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BadMessage';
  }
}

/** As `Incoming`: what its ops are is looked at later, one by one. */
const Shape = Segment.omit({ ops: true }).extend({
  from: z.int().min(1).optional(),
  before: OpId.optional(),
  ops: z.array(z.unknown()).min(1).max(SEGMENT_OPS),
});

export function pack(slice: Slice): Buffer {
  const json = Buffer.from(JSON.stringify(slice));
  const [codec, bytes] = compress(json);
  return Buffer.concat([Buffer.from([0x48, 0x46, FORMAT, codec]), bytes]);
}

function compress(json: Buffer): [codec: number, bytes: Buffer] {
  if (json.length < WORTH_COMPRESSING) return [PLAIN, json];
  return [ZSTD, zstdCompressSync(json, { params: { [constants.ZSTD_c_compressionLevel]: 3 } })];
}

/** @throws BadMessage when it is not what `pack` makes. */
export function unpack(body: Uint8Array): Incoming {
  if (body.length < 4 || body[0] !== 0x48 || body[1] !== 0x46) throw new BadMessage('It is no message of Holdfast.');
  if (body[2] !== FORMAT)
    throw new BadMessage(
      `It is in format ${body[2]}, which a later version of Holdfast writes; this one reads ${FORMAT}.`,
    );
  const text = decompress(body[3]!, body.subarray(4)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadMessage('It was cut off or changed on the way: it holds no JSON.', { cause });
  }
  const parsed = Shape.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new BadMessage(`It holds no ops: ${issue.path.join('.') || 'it'}: ${issue.message}.`);
  }
  const { from, before, ...segment } = parsed.data;
  return { ...segment, ...(from === undefined ? {} : { from }), ...(before === undefined ? {} : { before }) };
}

function decompress(codec: number, bytes: Uint8Array): Buffer {
  const options = { maxOutputLength: MAX_UNPACKED };
  try {
    if (codec === PLAIN && bytes.length <= MAX_UNPACKED) return Buffer.from(bytes);
    if (codec === ZSTD) return zstdDecompressSync(bytes, options);
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE')
      throw new BadMessage(`It unpacks to more than ${MAX_UNPACKED / 1024 / 1024} MiB.`, { cause });
    throw new BadMessage('It was cut off or changed on the way: it cannot be unpacked.', { cause });
  }
  throw new BadMessage('It is compressed in a way that this version cannot read.');
}

/** The same for the same content, so that who stores it knows it again. */
export function messageId({ console, last, head }: Pick<Slice, 'console' | 'last' | 'head'>, from: number): string {
  return `${console}.${from}.${last}.${head}`;
}

/** What a message id says of the end of what it carries; null when it is none of ours. */
export function readMessageId(id: string): { console: string; last: number; head: string } | null {
  const [console, , last, head, ...rest] = id.split('.');
  if (console === undefined || head === undefined || rest.length > 0 || !/^\d{1,15}$/.test(last!)) return null;
  return { console, last: Number(last), head };
}
