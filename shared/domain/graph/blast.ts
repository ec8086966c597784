/**
 * Blast radius: whom trouble at a service reaches. Invariant: what is reached is exactly what needs it, directly or by way of
 * others, as far as no boundary stops it (see boundaries.ts); each thing reached has a path that explains it, and the same
 * graph always gives the same paths.
 *
 * A path of hard dependencies only makes the reach certain: `soft` is 0. Any other is weakened by each soft dependency on it.
 * Of all paths the one with the fewest soft dependencies counts, among those the shortest: so a hard path, however long,
 * explains more than a short soft one. Both are found in one walk, level by level: first all that hard dependencies reach, then what one soft
 * dependency adds, and so on; O(services + dependencies) for each level and scope.
 */
import { Boundaries, EVERYONE, type Scope, type Stopped } from './boundaries.ts';
import { components, type ServiceGraph } from './graph.ts';

export interface Reach {
  /** Index of what is reached. */
  service: number;
  /** Soft dependencies on the path that explains it; 0 is certain. */
  soft: number;
  /** Dependencies on that path; 1 is direct. */
  hops: number;
  /** For whom it is hurt, over all paths; empty when for everyone whom it serves. */
  scopes: Scope[];
}

/** One dependency on the way from what is reached to where the trouble is. */
export interface Step {
  from: number;
  to: number;
  soft: boolean;
  /** Place in `MODES`. */
  mode: number;
}

export interface Stop extends Stopped {
  /** What is spared, and what it needs that is in trouble. */
  service: number;
  at: number;
}

export interface Blast {
  /** Where the trouble is, ascending. */
  roots: number[];
  /** Certain first, then nearest, then by index. Holds no root. */
  reached: Reach[];
  /** What a boundary keeps whole: services that would be reached without it and are not. By index. */
  stopped: Stop[];
  /** From what is reached to a root; empty for a root and for what is not reached. */
  pathOf(service: number): Step[];
  /** How a service is hurt, roots included; null when it is not. */
  of(service: number): Reach | null;
}

export interface BlastOptions {
  boundaries?: Boundaries | null;
  /** Only by hard dependencies. */
  hardOnly?: boolean;
}

interface State {
  service: number;
  scope: Scope;
  soft: number;
  hops: number;
  /** State that it was reached from, −1 at a root; the edge between them. */
  via: number;
  mode: number;
  softly: boolean;
}

/** The blast radius of a service, or of several that are in trouble at once. Indices that are none are left out. */
export function blastRadius(graph: ServiceGraph, roots: Iterable<number>, options: BlastOptions = {}): Blast {
  const { neededBy, needs, size } = graph;
  const boundaries = options.boundaries?.none === false ? options.boundaries : null;
  const start = [...new Set(roots)].filter((i) => Number.isInteger(i) && i >= 0 && i < size).sort((a, b) => a - b);
  const width = boundaries?.scopes ?? 1;
  const states: State[] = [];
  const known = new Set<number>();
  /** The first state of a service is its best. */
  const best = new Int32Array(size).fill(-1);
  const stops = new Map<number, Stop>();

  /** What is to be reached by paths of so many soft dependencies, by the length of the path. */
  let level: State[][] = [
    start.map((service) => {
      const scope = boundaries?.own(service) ?? EVERYONE;
      return { service, scope, soft: 0, hops: 0, via: -1, mode: 0, softly: false };
    }),
  ];
  for (let soft = 0; level.length > 0; soft++) {
    const next: State[][] = [];
    for (let hops = 0; hops < level.length; hops++) {
      for (const state of level[hops] ?? []) {
        const { service: to, scope } = state;
        const key = to * width + scope;
        if (known.has(key)) continue;
        const via = states.length;
        known.add(key);
        if (best[to] === -1) best[to] = via;
        states.push(state);
        for (let e = neededBy.start[to]!; e < neededBy.start[to + 1]!; e++) {
          const softly = neededBy.soft[e] === 1;
          if (softly && options.hardOnly) continue;
          const from = neededBy.target[e]!;
          const passed = boundaries ? boundaries.pass(needs, from, to, scope) : EVERYONE;
          if (typeof passed !== 'number') {
            if (!stops.has(from)) stops.set(from, { ...passed, service: from, at: to });
            continue;
          }
          if (known.has(from * width + passed)) continue;
          const reached = { service: from, scope: passed, hops: hops + 1, via, mode: neededBy.mode[e]!, softly };
          const levels = softly ? next : level;
          (levels[hops + 1] ??= []).push({ ...reached, soft: softly ? soft + 1 : soft });
        }
      }
    }
    level = next;
  }

  const rootSet = new Set(start);
  const scopesOf = new Map<number, Set<Scope>>();
  for (const { service, scope } of states) {
    const scopes = scopesOf.get(service);
    if (scopes) scopes.add(scope);
    else scopesOf.set(service, new Set([scope]));
  }
  const reachOf = (service: number): Reach | null => {
    const state = states[best[service] ?? -1];
    if (!state) return null;
    const scopes = [...scopesOf.get(service)!].sort((a, b) => a - b);
    const whole = scopes.includes(boundaries?.own(service) ?? EVERYONE);
    return { service, soft: state.soft, hops: state.hops, scopes: whole ? [] : scopes };
  };
  return {
    roots: start,
    reached: [...scopesOf.keys()]
      .filter((service) => !rootSet.has(service))
      .map((service) => reachOf(service)!)
      .sort((a, b) => a.soft - b.soft || a.hops - b.hops || a.service - b.service),
    stopped: [...stops.values()].filter(({ service }) => !scopesOf.has(service)).sort((a, b) => a.service - b.service),
    pathOf(service) {
      const path: Step[] = [];
      for (let state = states[best[service] ?? -1]; state && state.via !== -1; state = states[state.via]) {
        path.push({ from: state.service, to: states[state.via]!.service, soft: state.softly, mode: state.mode });
      }
      return path;
    },
    of: reachOf,
  };
}

/** The blast radii of all services of a graph at once, as counts; see `allBlastRadii`. */
export interface AllBlasts {
  /** How many other services each service reaches: certainly, and at all. */
  hard: Uint32Array;
  any: Uint32Array;
}

/**
 * How far each service reaches. Equal to the sizes of `blastRadius` of each, in O(dependencies × services / 32) instead of
 * O(services × dependencies): what a strongly connected component reaches is itself and what its successors reach, and a
 * set of services is one bit for each.
 */
export function allBlastRadii(graph: ServiceGraph, boundaries: Boundaries | null = null): AllBlasts {
  const bounded = boundaries?.none === false ? boundaries : null;
  return { hard: counts(graph, bounded, true), any: counts(graph, bounded, false) };
}

function counts(graph: ServiceGraph, boundaries: Boundaries | null, hardOnly: boolean): Uint32Array {
  const { size } = graph;
  const { start, target, service } = boundaries ? scoped(graph, boundaries, hardOnly) : plain(graph, hardOnly);
  const { of, count } = components(start, target);
  const words = Math.ceil(size / 32);
  const vertices = service.length;
  // Vertices by component, so that each component's row is made once, after those of its successors.
  const first = new Uint32Array(count + 1);
  for (let v = 0; v < vertices; v++) first[of[v]! + 1]!++;
  for (let c = 0; c < count; c++) first[c + 1]! += first[c]!;
  const place = first.slice(0, count);
  const members = new Uint32Array(vertices);
  for (let v = 0; v < vertices; v++) members[place[of[v]!]!++] = v;
  const bits = new Uint32Array(count * words);
  const sizes = new Uint32Array(count);
  const merged = new Int32Array(count).fill(-1);
  for (let c = 0; c < count; c++) {
    const row = c * words;
    for (let m = first[c]!; m < first[c + 1]!; m++) {
      const v = members[m]!;
      bits[row + (service[v]! >>> 5)]! |= 1 << (service[v]! & 31);
      for (let e = start[v]!; e < start[v + 1]!; e++) {
        const successor = of[target[e]!]!;
        if (successor === c || merged[successor] === c) continue;
        merged[successor] = c;
        const other = successor * words;
        for (let w = 0; w < words; w++) bits[row + w]! |= bits[other + w]!;
      }
    }
    let reached = 0;
    for (let w = 0; w < words; w++) reached += ones(bits[row + w]!);
    sizes[c] = reached;
  }
  // The first vertices are the services themselves, as each is hurt when it is in trouble.
  return Uint32Array.from({ length: size }, (_, i) => sizes[of[i]!]! - 1);
}

/** Bits that are set in a 32-bit word. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

interface Vertices {
  start: Uint32Array;
  target: Uint32Array;
  /** Service of each vertex. */
  service: Uint32Array;
}

function plain({ neededBy, size }: ServiceGraph, hardOnly: boolean): Vertices {
  const service = Uint32Array.from({ length: size }, (_, i) => i);
  if (!hardOnly) return { start: neededBy.start, target: neededBy.target, service };
  const start = new Uint32Array(size + 1);
  const target: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let e = neededBy.start[i]!; e < neededBy.start[i + 1]!; e++)
      if (neededBy.soft[e] === 0) target.push(neededBy.target[e]!);
    start[i + 1] = target.length;
  }
  return { start, target: Uint32Array.from(target), service };
}

/** A vertex for each service and each scope in which it can be hurt. */
function scoped(graph: ServiceGraph, boundaries: Boundaries, hardOnly: boolean): Vertices {
  const { neededBy, needs, size } = graph;
  const width = boundaries.scopes;
  const known = new Map<number, number>();
  const service: number[] = [];
  const scopes: Scope[] = [];
  const vertexOf = (of: number, scope: Scope): number => {
    const key = of * width + scope;
    let vertex = known.get(key);
    if (vertex === undefined) {
      known.set(key, (vertex = service.length));
      service.push(of);
      scopes.push(scope);
    }
    return vertex;
  };
  for (let i = 0; i < size; i++) vertexOf(i, boundaries.own(i));
  const start = [0];
  const target: number[] = [];
  for (let v = 0; v < service.length; v++) {
    const to = service[v]!;
    for (let e = neededBy.start[to]!; e < neededBy.start[to + 1]!; e++) {
      if (hardOnly && neededBy.soft[e] === 1) continue;
      const passed = boundaries.pass(needs, neededBy.target[e]!, to, scopes[v]!);
      if (typeof passed === 'number') target.push(vertexOf(neededBy.target[e]!, passed));
    }
    start.push(target.length);
  }
  return { start: Uint32Array.from(start), target: Uint32Array.from(target), service: Uint32Array.from(service) };
}
