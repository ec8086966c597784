/**
 * Services and their dependencies as numbers. Invariant: a service's index is its place in `ids`; between two services there
 * is at most one edge in each direction, and none from a service to itself, so that every walk ends and counts each edge once.
 * Cycles and islands are ordinary. Where the input says an edge twice, the stronger one stands.
 *
 * Adjacency is compressed sparse rows: the edges of service `i` are the places `start[i]` to `start[i + 1]` of `target`, in
 * ascending order of the target, whatever the order of the input.
 */
import type { DependencyMode, DependencyStrength } from '../words.ts';

export interface GraphInput {
  services: readonly string[];
  dependencies: Iterable<{ from: string; to: string; strength: DependencyStrength; mode: DependencyMode }>;
}

/** One direction of all edges. */
export interface Edges {
  /** Length services + 1. */
  start: Uint32Array;
  /** Index of the service at the other end. */
  target: Uint32Array;
  /** 1 for a soft dependency, 0 for a hard one. */
  soft: Uint8Array;
  /** Place in `MODES`. */
  mode: Uint8Array;
}

export const MODES: readonly DependencyMode[] = ['sync', 'async', 'batch'];

export class ServiceGraph {
  readonly ids: readonly string[];
  /** What a service needs: edges from it. */
  readonly needs: Edges;
  /** What needs a service: the same edges turned round. */
  readonly neededBy: Edges;
  /** How many dependencies led from a service to itself and were left out. */
  readonly selfLoops: number;
  readonly #index: ReadonlyMap<string, number>;

  /** O(services + dependencies · log). A dependency on a service that is not there is left out. */
  constructor({ services, dependencies }: GraphInput) {
    const index = new Map<string, number>();
    for (const id of services) if (!index.has(id)) index.set(id, index.size);
    this.#index = index;
    this.ids = [...index.keys()];
    const size = this.ids.length;
    const seen = new Map<number, number>();
    const from: number[] = [];
    const to: number[] = [];
    const soft: number[] = [];
    const mode: number[] = [];
    let selfLoops = 0;
    for (const dependency of dependencies) {
      const a = index.get(dependency.from);
      const b = index.get(dependency.to);
      if (a === undefined || b === undefined) continue;
      if (a === b) {
        selfLoops++;
        continue;
      }
      const softly = dependency.strength === 'soft' ? 1 : 0;
      const how = Math.max(0, MODES.indexOf(dependency.mode));
      const before = seen.get(a * size + b);
      if (before !== undefined) {
        if (softly < soft[before]!) {
          soft[before] = softly;
          mode[before] = how;
        }
        continue;
      }
      seen.set(a * size + b, from.length);
      from.push(a);
      to.push(b);
      soft.push(softly);
      mode.push(how);
    }
    this.selfLoops = selfLoops;
    this.needs = rows(size, from, to, soft, mode);
    this.neededBy = rows(size, to, from, soft, mode);
  }

  get size(): number {
    return this.ids.length;
  }

  /** Place of a service; −1 when it is not there. */
  indexOf(id: string): number {
    return this.#index.get(id) ?? -1;
  }
}

function rows(
  size: number,
  from: readonly number[],
  to: readonly number[],
  soft: readonly number[],
  mode: readonly number[],
): Edges {
  const start = new Uint32Array(size + 1);
  for (const a of from) start[a + 1]!++;
  for (let i = 0; i < size; i++) start[i + 1]! += start[i]!;
  const next = start.slice(0, size);
  const edges: Edges = {
    start,
    target: new Uint32Array(from.length),
    soft: new Uint8Array(from.length),
    mode: new Uint8Array(from.length),
  };
  const order = Array.from(to.keys()).sort((a, b) => to[a]! - to[b]!);
  for (const e of order) {
    const place = next[from[e]!]!++;
    edges.target[place] = to[e]!;
    edges.soft[place] = soft[e]!;
    edges.mode[place] = mode[e]!;
  }
  return edges;
}

export interface Components {
  /** Component of each vertex. A component's successors have smaller numbers than it has. */
  of: Int32Array;
  count: number;
}

/**
 * Strongly connected components of a graph given as rows (Tarjan 1972, without recursion, so that a chain of any length is
 * fine). O(vertices + edges).
 */
export function components(start: Uint32Array, target: Uint32Array): Components {
  const size = start.length - 1;
  const of = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const order = new Int32Array(size).fill(-1);
  const place = new Uint32Array(size);
  const open: number[] = [];
  const walk: number[] = [];
  let visited = 0;
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (order[root] !== -1) continue;
    walk.push(root);
    while (walk.length > 0) {
      const v = walk[walk.length - 1]!;
      if (order[v] === -1) {
        order[v] = low[v] = visited++;
        place[v] = start[v]!;
        open.push(v);
      }
      let down = -1;
      while (place[v]! < start[v + 1]!) {
        const w = target[place[v]!]!;
        if (order[w] === -1) {
          down = w;
          break;
        }
        if (of[w] === -1 && low[w]! < low[v]!) low[v] = low[w]!;
        place[v]!++;
      }
      if (down !== -1) {
        walk.push(down);
        continue;
      }
      walk.pop();
      if (low[v] === order[v]) {
        for (let w = open.pop()!; ; w = open.pop()!) {
          of[w] = count;
          if (w === v) break;
        }
        count++;
      }
    }
  }
  return { of, count };
}
