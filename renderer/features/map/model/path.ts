/**
 * The failing path. Invariant: an edge is on it only along hard dependencies and only from something that is hurt towards
 * its customers; soft dependencies and the unknown never draw a path, they would be guesses.
 */
import { DEGRADED, FAILING, type Graph } from './graph.ts';

export const QUIET = 0;
/** A healthy service stands on something hurt. */
export const AT_RISK = 1;
/** Both ends are hurt: this is how it travels. */
export const HURT = 2;

const hurt = (health: number): boolean => health === DEGRADED || health === FAILING;

/** {@link QUIET}, {@link AT_RISK} or {@link HURT} for every edge of the graph. O(services + dependencies). */
export function failingPath(graph: Graph): Uint8Array {
  const { from, to, health, neededBy, dependencies } = graph;
  const state = new Uint8Array(from.length);
  const reached = new Uint8Array(health.length);
  const queue: number[] = [];
  for (let v = 0; v < health.length; v++) {
    if (!hurt(health[v]!)) continue;
    reached[v] = 1;
    queue.push(v);
  }
  for (const v of queue) {
    for (let i = neededBy.start[v]!; i < neededBy.start[v + 1]!; i++) {
      const edge = neededBy.edge[i]!;
      if (dependencies[edge]!.strength !== 'hard') continue;
      const dependent = from[edge]!;
      state[edge] = hurt(health[dependent]!) && hurt(health[to[edge]!]!) ? HURT : AT_RISK;
      if (reached[dependent]) continue;
      reached[dependent] = 1;
      queue.push(dependent);
    }
  }
  return state;
}
