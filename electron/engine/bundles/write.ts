/**
 * The body of a bundle, written in a worker thread from one snapshot of the log. Invariant: memory is bounded by one
 * segment or attached file; what is written follows from the snapshot alone; the end, which needs the private key, is added by the engine.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { z } from 'zod';
import type { Slice } from '../../../shared/ops/segment.ts';
import type { Sqlite } from '../store/database.ts';
import type { Story } from '../incidents/timeline.ts';
import { EvidenceShelf } from '../evidence/shelf.ts';
import { EVIDENCE_PIECE, sliceLines, type BundleHeader, type EvidenceLine, type HeadOf } from './format.ts';
import { cut, ProofSource, slicesOf } from './slices.ts';
import { storyOps } from './story.ts';

export interface BundleOrder {
  /** File to write; it must be there, empty. */
  path: string;
  header: Omit<BundleHeader, 'heads'>;
  /** With contents `incident`: what else belongs to its story. */
  story: Story | null;
  /** Files on the shelf of this data folder that go with it, by their hash. */
  evidence: { data: string; files: readonly string[] } | null;
}

export interface BundleBody {
  slices: number;
  /** Ops that are whole. */
  ops: number;
  /** SHA-256, hex, of the text. */
  sha256: string;
  heads: HeadOf[];
  /** Attached files that went in, and their bytes. */
  files: number;
  fileBytes: number;
}

/** Writes header and slices; `progress` hears of ops and bytes written. */
export async function writeSlices(
  db: Sqlite,
  { path, header, story, evidence }: BundleOrder,
  progress: (ops: number, bytes: number) => void = () => {},
): Promise<BundleBody> {
  const hash = createHash('sha256');
  const gzip = createGzip({ level: 6 });
  const file = createWriteStream(path, { flags: 'r+' });
  const done = Promise.all([finished(file), finished(gzip)]);
  // Awaited below; a failure meanwhile must not count as nobody's.
  done.catch(() => undefined);
  gzip.pipe(file);
  file.on('error', (error) => gzip.destroy(error));
  const write = async (text: string): Promise<void> => {
    hash.update(text);
    if (gzip.destroyed) await done;
    if (!gzip.write(text)) await Promise.race([new Promise((drained) => gzip.once('drain', drained)), done]);
  };
  db.prepare('BEGIN').run();
  try {
    const source = new ProofSource(db);
    const heads = source.log.consoles().map(({ id, seq }) => ({ console: id, seq, head: source.log.idAt(id, seq)! }));
    await write(`${JSON.stringify({ ...header, heads } satisfies BundleHeader)}\n`);
    let slices = 0;
    let ops = 0;
    for (const slice of slicesFor(db, source, header.contents, story)) {
      slices++;
      ops += slice.ops.filter((op) => 'id' in op).length;
      await write(sliceLines(slice));
      progress(ops, file.bytesWritten);
    }
    let files = 0;
    let fileBytes = 0;
    const shelf = evidence && new EvidenceShelf(evidence.data);
    for (const name of evidence?.files ?? []) {
      const sealed = shelf!.read(name);
      if (sealed === null) continue;
      const pieces = Math.ceil(sealed.length / EVIDENCE_PIECE);
      await write(`${JSON.stringify({ evidence: { file: name, pieces } } satisfies z.infer<typeof EvidenceLine>)}\n`);
      for (let at = 0; at < sealed.length; at += EVIDENCE_PIECE)
        await write(`${JSON.stringify({ piece: sealed.toString('base64', at, at + EVIDENCE_PIECE) })}\n`);
      files++;
      fileBytes += sealed.length;
      progress(ops, file.bytesWritten);
    }
    gzip.end();
    await done;
    return { slices, ops, sha256: hash.digest('hex'), heads, files, fileBytes };
  } finally {
    db.prepare('COMMIT').run();
    gzip.destroy();
    file.destroy();
  }
}

function* slicesFor(
  db: Sqlite,
  source: ProofSource,
  contents: BundleHeader['contents'],
  story: Story | null,
): Generator<Slice> {
  if (contents.of === 'incident') {
    for (const [console, wanted] of storyOps(db, contents.incident, story!)) yield* slicesOf(source, console, wanted);
    return;
  }
  for (const console of byFirstWords(db)) {
    yield* chainOf(source, console, contents.of === 'since' ? (contents.since[console] ?? 0) : 0);
  }
}

/** Consoles by when they first wrote: who enrols others mostly comes before them, so that one reading suffices. */
function byFirstWords(db: Sqlite): string[] {
  return db
    .prepare<[], { id: string; began: string | null }>(
      'SELECT id, (SELECT hlc FROM op WHERE op.console = console.n ORDER BY seq LIMIT 1) AS began FROM console ORDER BY began, id',
    )
    .all()
    .filter(({ began }) => began !== null)
    .map(({ id }) => id);
}

/** A console's chain behind number `since`: whole segments, and where only parts are here, those. */
function* chainOf(source: ProofSource, console: string, since: number): Generator<Slice> {
  const key = source.key(console);
  if (key === null) return;
  if (source.links.last(console) > 0) {
    const wanted = source.log
      .runs(console, since + 1, Number.MAX_SAFE_INTEGER)
      .flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, index) => first + index));
    yield* slicesOf(source, console, wanted);
    return;
  }
  for (const seal of source.seals(console)) {
    if (seal.last <= since) continue;
    const slice = cut(source, seal, seal.first, null, key);
    if (slice) yield slice;
  }
}
