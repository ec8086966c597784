/**
 * Unpacking and checking a snapshot, in a worker thread. Invariant: the file is hostile until its label's signature and the
 * hash of its database are checked, and the database until its schema is ours and every console's head is signed by that
 * console. Tables that its maker changed show when the whole record is verified, which is done behind the start.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import Database from 'better-sqlite3';
import { Refusal } from '../../../shared/contract/spec.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { sealedText } from '../../../shared/ops/segment.ts';
import { OP_TYPES } from '../../../shared/ops/types.ts';
import { consoleIdOf, isSigned, keyFromRaw } from '../access/identity.ts';
import { sentenceOf } from '../catalog/text.ts';
import { headsOf } from '../record/backups.ts';
import type { Vault } from '../rest/vault.ts';
import type { Sqlite } from '../store/database.ts';
import { bare, isGenuine, Log } from '../store/log.ts';
import { SCHEMA_VERSION } from '../store/migrations.ts';
import { Projection } from '../store/projection.ts';
import { accessOf } from '../store/replay.ts';
import { readSeals } from '../store/segments.ts';
import { Label, labelText, MAX_LABEL, SNAPSHOT_FORMAT } from './format.ts';
import { shapeAt, shapeOf } from './shape.ts';

export interface Unpacked {
  label: Label;
  /** Of the file. */
  bytes: number;
  /** Whether its maker counts here, or for a console that counts here, as that one's own signed ops in it say. */
  vouched: boolean;
}

/**
 * Checks a snapshot and unpacks it to `into`, like every database of this folder; nothing is left there when it is refused.
 * @throws Refusal in one sentence
 */
export async function readSnapshot(
  db: Sqlite,
  { path, into }: { path: string; into: string },
  _progress: unknown,
  vault: Vault,
): Promise<Unpacked> {
  const name = basename(path);
  try {
    const { label, from } = await labelOf(path);
    await unpack(path, from, label, into);
    const vouched = examine(into, label, name, counting(db));
    vault.adopt(into);
    return { label, bytes: statSync(path).size, vouched };
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(into + suffix, { force: true });
    throw error;
  }
}

function bad(name: string, what: string): Refusal {
  return new Refusal('bad_input', `${name} ${what}. Nothing of it was taken.`);
}

/** The signed first line, and where the database begins. */
async function labelOf(path: string): Promise<{ label: Label; from: number }> {
  const name = basename(path);
  const head = Buffer.alloc(MAX_LABEL);
  let length = 0;
  try {
    const file = await open(path);
    try {
      length = (await file.read(head, 0, MAX_LABEL, 0)).bytesRead;
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new Refusal('not_found', `${path} cannot be read: ${sentenceOf(error)}.`, { cause: error });
  }
  const end = head.subarray(0, length).indexOf(10);
  let value: unknown = null;
  try {
    value = JSON.parse(head.toString('utf8', 0, Math.max(0, end)));
  } catch {
    // Told below.
  }
  const told = value as { holdfast?: unknown; format?: unknown } | null;
  if (told?.holdfast !== 'snapshot') throw bad(name, 'is no snapshot: it does not begin like one');
  if (typeof told.format === 'number' && told.format > SNAPSHOT_FORMAT)
    throw bad(name, `was made by a newer Holdfast (snapshot format ${told.format}, this one knows ${SNAPSHOT_FORMAT})`);
  const parsed = Label.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw bad(name, `is no snapshot: ${issue.path.join('.')}: ${issue.message}`);
  }
  const label = parsed.data;
  const key = Buffer.from(label.key, 'base64url');
  if (
    consoleIdOf(key) !== label.console ||
    !isSigned(keyFromRaw(key), labelText(label), Buffer.from(label.signature, 'base64url'))
  )
    throw bad(name, `is not signed by console ${label.console}, which it names as its maker`);
  if (label.schema > SCHEMA_VERSION)
    throw bad(
      name,
      `was written by a newer Holdfast (tables ${label.schema}, this one knows ${SCHEMA_VERSION}); install the newer version first`,
    );
  return { label, from: end + 1 };
}

async function unpack(path: string, from: number, { bytes, sha256 }: Label, into: string): Promise<void> {
  const name = basename(path);
  const hash = createHash('sha256');
  let length = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      hash.update(chunk);
      done(length > bytes ? bad(name, 'unpacks to more than its maker signed') : null, chunk);
    },
  });
  try {
    await pipeline(
      createReadStream(path, { start: from, highWaterMark: 1024 * 1024 }),
      createZstdDecompress(),
      bounded,
      createWriteStream(into, { flags: 'wx', mode: 0o600 }),
    );
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (String((error as NodeJS.ErrnoException).code).startsWith('E') && !isZip(error))
      throw new Refusal('storage', `${name} could not be unpacked: ${sentenceOf(error)}.`, { cause: error });
    throw bad(name, 'was cut off or damaged: it cannot be unpacked');
  }
  if (length !== bytes || hash.digest('hex') !== sha256) throw bad(name, 'was changed after it was signed');
}

const isZip = (error: unknown): boolean => String((error as NodeJS.ErrnoException).code).startsWith('ERR_');

/** The consoles that count in a log, with their keys. */
function counting(db: Sqlite): Map<string, string> {
  const log = new Log(db);
  return new Map(
    new Projection(db).entities('console', ESTATE).flatMap(({ id, doc }) => {
      const key = log.key(id)?.toString('base64url') ?? doc['key'];
      return doc['access'] === 'enrolled' && typeof key === 'string' ? [[id, key] as const] : [];
    }),
  );
}

/**
 * Looks whether the database has our tables and nothing else, and every head its console's signature.
 * @returns whether its maker is vouched for by one of `believed`
 */
function examine(path: string, label: Label, name: string, believed: Map<string, string>): boolean {
  const db = new Database(path, { readonly: true });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('cell_size_check = ON');
    if (
      db.pragma('user_version', { simple: true }) !== label.schema ||
      canonical(shapeOf(db)) !== canonical(shapeAt(label.schema))
    )
      throw bad(name, 'holds a database with other tables than Holdfast makes');
    const heads = headsOf(db);
    if (canonical(heads) !== canonical(label.heads) || new Log(db).count() !== label.ops)
      throw bad(name, 'does not hold the ops that its label names');
    const keyOf = db.prepare<[string], Buffer | null>('SELECT key FROM console WHERE id = ?').pluck();
    for (const { console, seq, head } of heads) {
      const key = keyOf.get(console);
      const seal = readSeals(db, console).at(-1);
      if (!key || consoleIdOf(key) !== console || seal?.last !== seq || seal.head !== head)
        throw bad(name, `has ops of console ${console} that no signature reaches`);
      if (!isSigned(keyFromRaw(key), sealedText(seal), Buffer.from(seal.signature, 'base64url')))
        throw bad(name, `has a wrong signature over the last ops of console ${console}`);
    }
    return isVouched(db, label.console, label.key, believed);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw bad(name, `holds a damaged database: ${sentenceOf(error)}`);
  } finally {
    db.close();
  }
}

/**
 * Whether a console counts for one of `believed`: because a chain of ops in `db`, each signed by who counts by the one
 * before it, enrolled it, and none of theirs shut it out.
 */
function isVouched(db: Sqlite, console: string, key: string, believed: ReadonlyMap<string, string>): boolean {
  const log = new Log(db);
  const verdicts = log.onConsoles();
  const counts = new Map(believed);
  const asked = new Set<string>();
  const reach = (wanted: string): boolean => {
    if (counts.has(wanted)) return true;
    if (asked.has(wanted)) return false;
    asked.add(wanted);
    for (const { console: by, seq, type, payload } of verdicts) {
      const named = type === 'console.enrol' ? OP_TYPES[type].safeParse(payload).data : undefined;
      if (named?.console !== wanted || !reach(by) || !isProved(db, log, by, counts.get(by)!, seq)) continue;
      counts.set(wanted, named.key);
      return true;
    }
    return false;
  };
  return reach(console) && counts.get(console) === key && !accessOf(verdicts, '').limits.has(console);
}

/** Whether op `seq` of `console` is what it says, under a signature of that console. */
function isProved(db: Sqlite, log: Log, console: string, key: string, seq: number): boolean {
  const raw = Buffer.from(key, 'base64url');
  const seal = readSeals(db, console).find(({ first, last }) => first <= seq && seq <= last);
  if (!seal || consoleIdOf(raw) !== console) return false;
  if (!isSigned(keyFromRaw(raw), sealedText(seal), Buffer.from(seal.signature, 'base64url'))) return false;
  let previous: string | undefined;
  for (const op of log.range(console, seq, seal.last)) {
    if (!isGenuine(bare(op)) || (previous !== undefined && op.prev !== previous)) return false;
    previous = op.id;
  }
  return previous === seal.head;
}
