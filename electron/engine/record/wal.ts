/**
 * The write-ahead log after damage. Invariant: only ever works on a copy.
 *
 * SQLite stops replaying a WAL at the first frame whose checksum is wrong, so one flipped byte hides every commit after
 * it. Nothing there is lost yet: this finds the frames that belong to the same WAL (same salts) and makes their checksums
 * right again, so that all of them are replayed; what the flip really damaged is then found by the hashes of the ops.
 * Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */

import { endianness } from 'node:os';

const HEADER = 32;
const FRAME = 24;
const BIG_ENDIAN = 0x377f0683;
const LITTLE_ENDIAN = 0x377f0682;

export interface WalState {
  /** Frames that SQLite replays. */
  valid: number;
  /** Frames of the same WAL up to the last that ends a whole commit, damaged or hidden behind damage included. */
  present: number;
}

interface Layout {
  frame: number;
  /** The whole file as the 32-bit words that its checksums are over. */
  words: Uint32Array;
}

function layout(wal: Buffer): Layout | null {
  if (wal.length < HEADER) return null;
  const magic = wal.readUInt32BE(0);
  const pageSize = wal.readUInt32BE(8);
  if (magic !== BIG_ENDIAN && magic !== LITTLE_ENDIAN) return null;
  if (pageSize < 512 || pageSize > 65536 || (pageSize & (pageSize - 1)) !== 0) return null;
  return { frame: FRAME + pageSize, words: wordsOf(wal, magic === BIG_ENDIAN) };
}

function wordsOf(wal: Buffer, bigEndian: boolean): Uint32Array {
  const bytes = Buffer.alloc(wal.length & ~3);
  wal.copy(bytes);
  if (bigEndian === (endianness() === 'LE')) bytes.swap32();
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

type Sum = [number, number];

function checksum([a, b]: Sum, words: Uint32Array, from: number, to: number): Sum {
  let s0 = a;
  let s1 = b;
  for (let at = from / 4; at < to / 4; at += 2) {
    s0 = (s0 + words[at]! + s1) >>> 0;
    s1 = (s1 + words[at + 1]! + s0) >>> 0;
  }
  return [s0, s1];
}

function* frames(wal: Buffer, { frame }: Layout): Generator<number> {
  for (let at = HEADER; at + frame <= wal.length; at += frame) {
    if (wal.compare(wal, 16, 24, at + 8, at + 16) === 0) yield at;
    else return;
  }
}

/**
 * What of a WAL SQLite would replay, and what is there. Null when it is no WAL.
 *
 * A process that dies while it commits leaves frames that nobody was told of, and the next one writes over some of them:
 * that is no damage. So a commit behind the first wrong frame counts only when its last frame goes on from the checksum
 * that the frame before it states. A damaged place in the very last commit can't be told from an unfinished one.
 */
export function inspectWal(wal: Buffer): WalState | null {
  const shape = layout(wal);
  if (!shape) return null;
  let sum = checksum([0, 0], shape.words, 0, 24);
  let intact = wal.readUInt32BE(24) === sum[0] && wal.readUInt32BE(28) === sum[1];
  const state: WalState = { valid: 0, present: 0 };
  let count = 0;
  for (const at of frames(wal, shape)) {
    count++;
    sum = checksum(checksum(sum, shape.words, at, at + 8), shape.words, at + FRAME, at + shape.frame);
    const stated: Sum = [wal.readUInt32BE(at + 16), wal.readUInt32BE(at + 20)];
    const follows = stated[0] === sum[0] && stated[1] === sum[1];
    intact &&= follows;
    sum = stated;
    if (!follows || wal.readUInt32BE(at + 4) === 0) continue;
    state.present = count;
    if (intact) state.valid = count;
  }
  return state;
}

/** A copy of a WAL in which every frame of it is replayed. */
export function mendWal(wal: Buffer): Buffer {
  const mended = Buffer.from(wal);
  const shape = layout(mended);
  if (!shape) return mended;
  let sum = checksum([0, 0], shape.words, 0, 24);
  mended.writeUInt32BE(sum[0], 24);
  mended.writeUInt32BE(sum[1], 28);
  for (const at of frames(mended, shape)) {
    sum = checksum(checksum(sum, shape.words, at, at + 8), shape.words, at + FRAME, at + shape.frame);
    mended.writeUInt32BE(sum[0], at + 16);
    mended.writeUInt32BE(sum[1], at + 20);
  }
  return mended;
}
