/**
 * Filling tables from the log. Invariant: the same ops give the same tables in whatever order they arrived, also when a
 * console was shut out: what it wrote after the last op that counts has no effect, whether it came before the word of
 * that or after it.
 */
import { ESTATE, type Op } from '../../../shared/ops/op.ts';
import { project, type Document } from '../../../shared/ops/project.ts';
import { reduce } from '../../../shared/ops/reduce.ts';
import { emptyState, merge, type EntityState } from '../../../shared/ops/registers.ts';
import type { Log, StoredOp } from './log.ts';
import type { Projection } from './projection.ts';

/** Ops between two writings of what was merged. */
const FLUSH_EVERY = 5000;

/** The number of the last op that counts, of each console that is shut out. */
export type Limits = ReadonlyMap<string, number>;

/** As the tables have it. @param own this console, which goes on for itself when others shut it out */
export function limitsIn(projection: Projection, own: string): Limits {
  const docs = projection.entities('console', ESTATE).map(({ id, doc }) => [id, doc] as const);
  return limitsFrom(docs, own);
}

function limitsFrom(consoles: Iterable<readonly [id: string, doc: Document]>, own: string): Limits {
  const limits = new Map<string, number>();
  for (const [id, doc] of consoles)
    if (doc['access'] === 'revoked' && id !== own) limits.set(id, Number(doc['through'] ?? 0));
  return limits;
}

/** What the ops on consoles come to. */
export interface Access {
  limits: Limits;
  /** Ids of those ops on consoles that count. */
  counting: ReadonlySet<string>;
}

/**
 * As the ops on consoles have it. A console that is shut out shuts nobody out: its word counts up to its limit, as all else of
 * it. Where two shut each other out at once, both are, which is less access.
 */
export function accessOf(ops: readonly Op[], own: string): Access {
  const tried: { counting: Set<string>; limits: Limits }[] = [];
  for (let counting = new Set(ops.map(({ id }) => id)); ;) {
    const limits = limitsAfter(ops, counting, own);
    const next = new Set(ops.flatMap(({ id, console, seq }) => (seq <= (limits.get(console) ?? Infinity) ? [id] : [])));
    if (same(next, counting)) return { limits, counting };
    tried.push({ counting, limits });
    const before = tried.findIndex((one) => same(one.counting, next));
    if (before >= 0) {
      const all = new Set(tried.slice(before).flatMap((one) => [...one.counting]));
      return { limits: limitsAfter(ops, all, own), counting: all };
    }
    counting = next;
  }
}

function limitsAfter(ops: readonly Op[], counting: ReadonlySet<string>, own: string): Limits {
  const states = new Map<string, EntityState>();
  for (const op of ops) {
    if (!counting.has(op.id)) continue;
    const reduced = reduce(op);
    if (reduced.outcome !== 'effects') continue;
    for (const effect of reduced.effects) {
      if (effect.do === 'entry') continue;
      const { id } = effect.entity;
      if (!states.has(id)) states.set(id, emptyState());
      merge(states.get(id)!, effect, op);
    }
  }
  return limitsFrom(
    [...states].map(([id, state]) => [id, project(state)] as const),
    own,
  );
}

function same(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((id) => other.has(id));
}

/** Whether the tables of a log change when `before` becomes `after`: whether an op of the log is between the two. */
export function limitsMoved(log: Log, before: Limits, after: Limits): boolean {
  return [...new Set([...before.keys(), ...after.keys()])].some((console) => {
    const [was, is] = [before.get(console) ?? Infinity, after.get(console) ?? Infinity];
    return was !== is && (log.tip(console)?.seq ?? 0) > Math.min(was, is);
  });
}

/**
 * Applies every op of `log` that counts to empty tables.
 * @param each is told of each op before it is applied
 * @returns how many ops were read
 */
export function replay(log: Log, projection: Projection, own: string, each: (op: StoredOp) => void = () => {}): number {
  const onConsoles = log.onConsoles();
  const { limits, counting } = accessOf(onConsoles, own);
  const left = new Set(onConsoles.flatMap(({ id }) => (counting.has(id) ? [] : [id])));
  let read = 0;
  for (const op of log.all()) {
    each(op);
    const counts = counting.has(op.id) || (!left.has(op.id) && op.seq <= (limits.get(op.console) ?? Infinity));
    if (counts) projection.apply(op, op.n);
    if (++read % FLUSH_EVERY === 0) projection.flush();
  }
  projection.flush();
  return read;
}
