/**
 * Reading a bundle file. Invariant: it is hostile until its last line is checked: what is read is bounded by one slice,
 * whatever the file claims or unpacks to, and every way of being wrong ends in one sentence.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Refusal } from '../../../shared/contract/spec.ts';
import { consoleIdOf, isSigned, keyFromRaw } from '../access/identity.ts';
import { sentenceOf } from '../catalog/text.ts';
import { BrokenSeal, openedSize, openSealed, type Seal } from './sealed.ts';
import type { Incoming } from '../store/ingest.ts';
import { hashOf } from '../evidence/shelf.ts';
import {
  BUNDLE_FORMAT,
  BundleHeader,
  EndLine,
  endText,
  EvidenceLine,
  MAX_LINE,
  PieceLine,
  SliceLine,
} from './format.ts';

/** Most bytes of text that one slice may hold, so that memory is bounded by it. */
const MAX_SLICE = 256 * 1024 * 1024;

export type BundlePart =
  | { header: BundleHeader; bytes: number }
  /** `line` is where it stands in the text, counted from 1; `read` how many bytes of the file were needed to get there. */
  | { slice: Incoming; line: number; read: number }
  /** An attached file as it is kept and travels; its hash is the name. */
  | { file: string; sealed: Buffer; read: number }
  | { end: EndLine['end'] };

/**
 * The parts of a bundle, the signed end last; `seal` opens one that is sealed. Whoever reads must not believe the header before the end has come.
 * @throws Refusal `not_found` when there is no such file, `bad_input` with what is wrong with it.
 */
export async function* readBundle(path: string, seal: Seal | null = null): AsyncGenerator<BundlePart> {
  const name = basename(path);
  const size = await sizeOf(path);
  const hash = createHash('sha256');
  const far = { read: 0 };
  const lines = linesOf(path, name, size, seal, far);
  const first = await lines.next();
  const header = readHeader(name, first.done ? null : first.value);
  hash.update(first.value!).update('\n');
  yield { header, bytes: size };

  let number = 1;
  let slices = 0;
  let ops = 0;
  for (;;) {
    const next = await lines.next();
    number++;
    if (next.done) throw damaged(name, 'was cut off: its signed end is missing');
    const value = parse(name, next.value, number);
    if ('end' in value) {
      const { end } = fit(EndLine, value, name, number);
      checkEnd(name, header, end, { slices, ops, sha256: hash.digest('hex') });
      if (!(await lines.next()).done) throw damaged(name, 'goes on behind its signed end');
      yield { end };
      return;
    }
    if ('evidence' in value && header.format >= 2) {
      const { file, pieces } = fit(EvidenceLine, value, name, number).evidence;
      hash.update(next.value).update('\n');
      const parts: Buffer[] = [];
      while (parts.length < pieces) {
        const line = await lines.next();
        number++;
        if (line.done) throw damaged(name, 'was cut off in the middle of an attached file');
        hash.update(line.value).update('\n');
        parts.push(Buffer.from(fit(PieceLine, parse(name, line.value, number), name, number).piece, 'base64'));
      }
      const sealed = Buffer.concat(parts);
      if (hashOf(sealed) !== file) throw damaged(name, 'holds an attached file that is not what it is said to be');
      yield { file, sealed, read: far.read };
      continue;
    }
    const { slice } = fit(SliceLine, value, name, number);
    hash.update(next.value).update('\n');
    const { count, ...seal } = slice;
    const begins = number;
    const items: unknown[] = [];
    let bytes = 0;
    while (items.length < count) {
      const line = await lines.next();
      number++;
      if (line.done) throw damaged(name, 'was cut off in the middle of a segment');
      bytes += line.value.length;
      if (bytes > MAX_SLICE) throw damaged(name, `holds a segment of more than ${MAX_SLICE / 1024 / 1024} MB`);
      hash.update(line.value).update('\n');
      const item = parse(name, line.value, number);
      if ('id' in item) ops++;
      items.push(item);
    }
    slices++;
    yield { slice: { ...seal, ops: items }, line: begins, read: far.read };
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new Refusal('bad_input', `${path} is no file.`);
    return stats.size;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('not_found', `${path} cannot be read: ${sentenceOf(error)}.`);
  }
}

function damaged(name: string, what: string): Refusal {
  return new Refusal('bad_input', `${name} ${what}. Nothing of it was taken.`);
}

/** The unpacked lines, without their line feeds. At most one line and one chunk are in memory. */
async function* linesOf(
  path: string,
  name: string,
  whole: number,
  seal: Seal | null,
  far: { read: number },
): AsyncGenerator<Buffer, undefined> {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  const file = createReadStream(path, { start: seal?.from ?? 0 });
  const size = seal ? openedSize(whole, seal) : whole;
  const packed = seal ? Readable.from(openSealed(file, seal), { objectMode: false }) : file;
  for (const one of new Set([file, packed])) one.on('error', (error: Error) => gunzip.destroy(error));
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of packed.pipe(gunzip)) {
      let rest = chunk as Buffer;
      far.read = gunzip.bytesWritten;
      for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
        if (length + end > MAX_LINE) throw tooLong(name);
        parts.push(rest.subarray(0, end));
        yield parts.length === 1 ? parts[0]! : Buffer.concat(parts, length + end);
        parts.length = 0;
        length = 0;
        rest = rest.subarray(end + 1);
      }
      length += rest.length;
      if (length > MAX_LINE) throw tooLong(name);
      if (rest.length > 0) parts.push(rest);
    }
  } catch (error) {
    throw unpackProblem(error, name);
  } finally {
    packed.destroy();
    file.destroy();
  }
  if (length > 0) throw damaged(name, 'was cut off in the middle of a line');
  if (gunzip.bytesWritten < size) throw damaged(name, 'goes on behind its signed end');
}

function tooLong(name: string): Refusal {
  return damaged(
    name,
    `unpacks to a line of more than ${MAX_LINE / 1024 / 1024} MB, longer than any op can be, so it is no bundle`,
  );
}

function unpackProblem(error: unknown, name: string): unknown {
  if (error instanceof BrokenSeal)
    return damaged(name, 'is damaged or was cut off: what is sealed in it is no longer what was written');
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (error instanceof Refusal || code === '') return error;
  if (code === 'Z_BUF_ERROR') return damaged(name, 'was cut off: it ends in the middle');
  if (code.startsWith('Z_')) {
    const foreign = (error as Error).message === 'incorrect header check';
    return damaged(
      name,
      foreign
        ? 'is no bundle: it is not packed like one'
        : 'is damaged: its bytes are no longer those that were written',
    );
  }
  return new Refusal('bad_input', `${name} cannot be read: ${sentenceOf(error)}.`, { cause: error });
}

function readHeader(name: string, line: Buffer | null): BundleHeader {
  if (line === null) throw damaged(name, 'is no bundle: it is empty');
  const value = parse(name, line, 1);
  if (value['holdfast'] !== 'bundle') throw damaged(name, 'is no bundle: it does not begin like one');
  if (typeof value['format'] === 'number' && value['format'] > BUNDLE_FORMAT) {
    throw damaged(
      name,
      `was made by a newer Holdfast (bundle format ${value['format']}, this one knows ${BUNDLE_FORMAT})`,
    );
  }
  const header = fit(BundleHeader, value, name, 1);
  if (consoleIdOf(Buffer.from(header.key, 'base64url')) !== header.console) {
    throw damaged(name, `names console ${header.console} as its maker with a key that is not that console’s`);
  }
  return header;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(name: string, line: Buffer, number: number): Record<string, unknown> {
  try {
    const value = JSON.parse(utf8.decode(line)) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw damaged(
    name,
    number === 1 ? 'is no bundle: it does not begin like one' : `is no bundle: its line ${number} is no JSON object`,
  );
}

function fit<T>(
  schema: {
    safeParse(
      value: unknown,
    ): { success: true; data: T } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
  },
  value: unknown,
  name: string,
  number: number,
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw damaged(name, `is no bundle: line ${number}: ${path.join('.') || 'it'}: ${message}`);
}

function checkEnd(
  name: string,
  { console, key }: BundleHeader,
  end: EndLine['end'],
  seen: Omit<EndLine['end'], 'signature'>,
): void {
  if (
    !isSigned(keyFromRaw(Buffer.from(key, 'base64url')), endText(console, end), Buffer.from(end.signature, 'base64url'))
  ) {
    throw damaged(name, `is not signed by console ${console}, which it names as its maker`);
  }
  if (end.sha256 !== seen.sha256 || end.slices !== seen.slices || end.ops !== seen.ops) {
    throw damaged(name, `was changed after console ${console} signed it`);
  }
}
