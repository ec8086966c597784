/**
 * The failing path: from where it began to the customers. Invariant: an edge is on it only when a cause explains it, or
 * along hard dependencies from a cause towards its customers; other soft dependencies and the unknown draw no path, they would
 * be guesses.
 */
import type { Adjacency } from '../layout/adjacency.ts';

export const QUIET = 0;
/** A healthy service stands on something hurt. */
export const AT_RISK = 1;
/** This is how it travels: both ends are hurt, or the cause explains it. */
export const HURT = 2;

export interface PathGraph {
  /** `from[e]` needs `to[e]`. */
  from: Int32Array;
  to: Int32Array;
  /** What each service needs, and what needs it. */
  needs: Adjacency;
  neededBy: Adjacency;
  isHard(edge: number): boolean;
  isHurt(service: number): boolean;
}

/** A place where it began, with the steps by which it explains what else is hurt, each from a service to the next. */
export interface PathCause {
  service: number;
  steps: readonly (readonly [number, number])[];
}

/**
 * {@link QUIET}, {@link AT_RISK} or {@link HURT} for every edge. O(services + dependencies).
 * @param causes where it began; when nobody knows, everything that is hurt counts as a beginning
 */
export function failingPath(graph: PathGraph, causes: readonly PathCause[]): Uint8Array {
  const { from, to, neededBy, isHard, isHurt } = graph;
  const services = neededBy.start.length - 1;
  const state = new Uint8Array(from.length);
  const reached = new Uint8Array(services);
  const queue: number[] = [];
  const begin = (v: number): void => {
    if (reached[v]) return;
    reached[v] = 1;
    queue.push(v);
  };
  for (const { service } of causes) begin(service);
  if (causes.length === 0) for (let v = 0; v < services; v++) if (isHurt(v)) begin(v);
  for (const v of queue) {
    for (let i = neededBy.start[v]!; i < neededBy.start[v + 1]!; i++) {
      const edge = neededBy.edge[i]!;
      if (!isHard(edge)) continue;
      state[edge] = isHurt(from[edge]!) && isHurt(to[edge]!) ? HURT : AT_RISK;
      begin(from[edge]!);
    }
  }
  for (const { steps } of causes)
    for (const [a, b] of steps) {
      const edge = between(graph, a, b);
      if (edge >= 0) state[edge] = HURT;
    }
  return state;
}

/** The dependency by which trouble goes from one service to the next: that of the one that needs it, or load on what is called; -1 for none. */
function between({ needs, neededBy }: PathGraph, a: number, b: number): number {
  for (const { start, other, edge } of [neededBy, needs])
    for (let i = start[a]!; i < start[a + 1]!; i++) if (other[i] === b) return edge[i]!;
  return -1;
}
