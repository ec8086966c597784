/**
 * Proofs of some ops: of every segment that holds one of them the end from there on, the wanted ops whole, of the others
 * the link. Invariant: who has the slices can check every wanted op against its author's signature and sees how many ops
 * about what stand between them, and learns nothing else of those.
 */
import type { Seal, Slice, Withheld } from '../../../shared/ops/segment.ts';
import type { Sqlite } from '../store/database.ts';
import { Links, type KnownLink } from '../store/links.ts';
import { bare, linkOf, Log, type StoredOp } from '../store/log.ts';
import { readSeals } from '../store/segments.ts';

/** What slices are cut from. */
export class ProofSource {
  readonly log: Log;
  readonly links: Links;
  readonly #db: Sqlite;
  readonly #key;

  constructor(db: Sqlite) {
    this.#db = db;
    this.log = new Log(db);
    this.links = new Links(db);
    this.#key = db.prepare<[string], Buffer | null>('SELECT key FROM console WHERE id = ?').pluck();
  }

  /** Raw public key of a console, base64url; null when it is not known. */
  key(console: string): string | null {
    return this.#key.get(console)?.toString('base64url') ?? null;
  }

  /** By where they end. */
  seals(console: string): Seal[] {
    return readSeals(this.#db, console);
  }
}

/**
 * The slices of `console` that prove its ops with numbers `wanted` (ascending), in order. Ops that no seal covers are left
 * out; the caller compares.
 */
export function* slicesOf(sources: ProofSource, console: string, wanted: readonly number[]): Generator<Slice> {
  const key = sources.key(console);
  if (key === null) return;
  const seals = sources.seals(console);
  let at = 0;
  for (let next = 0; next < wanted.length;) {
    const first = wanted[next]!;
    while (seals[at] && seals[at]!.last < first) at++;
    const seal = seals[at];
    if (!seal) return;
    if (seal.first > first) {
      next++;
      continue;
    }
    const inside = new Set<number>();
    while (next < wanted.length && wanted[next]! <= seal.last) inside.add(wanted[next++]!);
    const slice = cut(sources, seal, first, inside, key);
    if (slice) yield slice;
  }
}

/**
 * The end of a segment from op number `from` on. `whole` are the numbers whose ops go whole, null for all that are here.
 * Null when not all places are known here.
 */
export function cut(
  sources: ProofSource,
  seal: Seal,
  from: number,
  whole: ReadonlySet<number> | null,
  key: string,
): Slice | null {
  const { log, links } = sources;
  const { console, last } = seal;
  const ops = new Map(log.range(console, from, last).map((op) => [op.seq, op]));
  const known =
    ops.size === last - from + 1
      ? new Map<number, KnownLink>()
      : new Map(links.range(console, from, last).map((link) => [link.seq, link]));
  const items: Slice['ops'] = [];
  for (let seq = from; seq <= last; seq++) {
    const item = place(ops.get(seq), known.get(seq), whole === null || whole.has(seq));
    if (!item) return null;
    items.push(item);
  }
  const before = from === 1 ? null : (log.idAt(console, from - 1) ?? links.idAt(console, from - 1));
  if (from > 1 && before === null) return null;
  return { ...seal, key, from, ...(before === null ? {} : { before }), ops: items };
}

function place(op: StoredOp | undefined, link: KnownLink | undefined, whole: boolean): Slice['ops'][number] | null {
  if (op) return whole ? bare(op) : withheld(op);
  return link?.content && link.scope !== null ? { scope: link.scope, content: link.content } : null;
}

function withheld(op: StoredOp): Withheld {
  const { scope, content } = linkOf(bare(op));
  return { scope, content };
}
