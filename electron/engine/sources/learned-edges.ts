/**
 * Which services were seen calling which, as traces tell. Invariant: it is what this console's sources saw, and stays here like
 * samples of metrics: what of it is true of the estate, a person says. An edge that is not seen any more keeps when it last
 * was, until it is forgotten; losing all of them costs a few minutes of learning.
 *
 * An edge is known by its source and the two names that the traces give, unmatched; which services they mean is asked at
 * every look, so that a name that is given to a service later counts for what was learned before.
 */
import type { Sqlite } from '../store/database.ts';
import { SourceCache } from './source-cache.ts';
import type { LearnedEdge } from './source.ts';

/** One call that was seen, by the names that traces know. Times in ms. */
export interface SeenEdge extends LearnedEdge {
  source: string;
  /** When it was first and last seen. */
  firstAt: number;
  lastAt: number;
  /** When it was last seen, its source told only a part of what it sees. */
  cut?: true;
}

/** Not seen for so long, an edge is forgotten, ms: longer than a monthly batch. */
export const FORGOTTEN_MS = 35 * 86_400_000;
/** That a source told only a part is said for so long after it did, ms. */
const CUT_MS = 3_600_000;
/** A source is told from what it says now; of older edges it keeps at most so many, the newest. */
const MOST = 50_000;

export class LearnedEdges {
  readonly #bySource = new Map<string, Map<string, SeenEdge>>();
  readonly #cache: SourceCache<SeenEdge[]>;
  /** Grows with whatever changes. */
  version = 0;

  /** @param db where edges are kept; null keeps nothing */
  constructor(db: Sqlite | null) {
    this.#cache = new SourceCache(db, 'learned_edge');
  }

  /** Begins with what was kept on disk. */
  restore(): void {
    this.version++;
    for (const [source, edges] of this.#cache.read())
      this.#bySource.set(source, new Map(edges.map((edge) => [keyOf(edge), edge])));
  }

  /** Takes all that a successful poll saw; `cut` when there was more. */
  apply(source: string, edges: readonly LearnedEdge[], now: number, cut = false): void {
    this.version++;
    const before = this.#bySource.get(source) ?? new Map<string, SeenEdge>();
    const after = new Map<string, SeenEdge>();
    for (const edge of edges) {
      const key = keyOf(edge);
      const known = after.get(key);
      if (known) continue;
      const firstAt = before.get(key)?.firstAt ?? now;
      after.set(key, { ...edge, source, firstAt, lastAt: now, ...(cut ? { cut } : {}) });
    }
    const silent = [...before]
      .filter(([key, { lastAt }]) => !after.has(key) && lastAt > now - FORGOTTEN_MS)
      .sort(([, a], [, b]) => b.lastAt - a.lastAt);
    for (const [key, edge] of silent.slice(0, Math.max(0, MOST - after.size))) after.set(key, edge);
    this.#bySource.set(source, after);
    this.#cache.keep(source, now, () => [...after.values()]);
  }

  drop(source: string): void {
    this.version++;
    if (this.#bySource.delete(source)) this.#cache.drop(source);
  }

  /** Everything that is remembered. */
  all(): SeenEdge[] {
    return [...this.#bySource.values()].flatMap((edges) => [...edges.values()]);
  }

  /** Sources that ever told of a call. */
  sources(): string[] {
    return [...this.#bySource.keys()];
  }

  /** Sources that lately saw more calls than they told of. */
  cut(now: number): string[] {
    const lately = ({ cut, lastAt }: SeenEdge): boolean => cut === true && lastAt > now - CUT_MS;
    return [...this.#bySource].flatMap(([source, edges]) => ([...edges.values()].some(lately) ? [source] : []));
  }

  /** Writes everything. Call before the database is closed. */
  close(now: number): void {
    for (const [source, edges] of this.#bySource) this.#cache.write(source, now, [...edges.values()]);
  }
}

function keyOf({ client, server, connection }: LearnedEdge): string {
  return JSON.stringify([client, server, connection]);
}
