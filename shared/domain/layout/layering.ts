/**
 * Which column every service stands in. Invariant: within a lane a dependency that is not part of a cycle always leads
 * to a column further right, and every lane's columns lie right of the lane's before, so that reading left to right is
 * reading from what customers see to what it stands on.
 */
import { adjacency } from './adjacency.ts';
import { sequence } from './acyclic.ts';

export interface Layering {
  /** Column of every vertex, counted over the whole map. */
  layer: Int32Array;
  /** Number of columns. */
  layers: number;
  /** First column of every lane; lanes without services get no column and the next lane's value. */
  laneStart: Int32Array;
}

/**
 * Longest-path layering inside every lane, then tightened: a vertex with room to both sides moves to where more of its
 * dependencies are.
 * @param lane place of every vertex's lane; lanes below `below` follow each other, lane `below` starts at column 0 in a band of its own
 * @param kept column within its lane that a vertex had before, -1 when it is new; such vertices move only when they must
 */
export function assignLayers(
  vertices: number,
  from: Int32Array,
  to: Int32Array,
  lane: Uint8Array,
  below: number,
  kept: Int32Array | null,
): Layering {
  const inside = new Uint8Array(from.length);
  for (let e = 0; e < from.length; e++) inside[e] = from[e] !== to[e] && lane[from[e]!] === lane[to[e]!] ? 1 : 0;
  const out = adjacency(vertices, from, to, inside);
  const into = adjacency(vertices, to, from, inside);
  const place = sequence(vertices, out, into);
  const bySequence = new Int32Array(vertices);
  for (let v = 0; v < vertices; v++) bySequence[place[v]!] = v;

  const local = new Int32Array(vertices);
  for (const v of bySequence) {
    let column = kept && kept[v]! > 0 ? kept[v]! : 0;
    const eachBefore = (w: number): void => {
      if (place[w]! < place[v]! && local[w]! >= column) column = local[w]! + 1;
    };
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) eachBefore(out.other[i]!);
    for (let i = into.start[v]!; i < into.start[v + 1]!; i++) eachBefore(into.other[i]!);
    local[v] = column;
  }

  const columns = new Int32Array(below + 1);
  for (let v = 0; v < vertices; v++) columns[lane[v]!] = Math.max(columns[lane[v]!]!, local[v]! + 1);

  const pull = new Int32Array(vertices);
  for (let e = 0; e < from.length; e++) {
    if (from[e] === to[e]) continue;
    pull[from[e]!]!++;
    pull[to[e]!]!--;
  }
  for (let pass = 0; pass < 2; pass++) {
    for (let i = vertices - 1; i >= 0; i--) {
      const v = bySequence[i]!;
      if (pull[v] === 0 || (kept && kept[v]! >= 0)) continue;
      let low = 0;
      let high = columns[lane[v]!]! - 1;
      const bound = (w: number): void => {
        if (place[w]! < place[v]!) low = Math.max(low, local[w]! + 1);
        else high = Math.min(high, local[w]! - 1);
      };
      for (let j = out.start[v]!; j < out.start[v + 1]!; j++) bound(out.other[j]!);
      for (let j = into.start[v]!; j < into.start[v + 1]!; j++) bound(into.other[j]!);
      if (low <= high) local[v] = pull[v]! > 0 ? high : low;
    }
  }

  const laneStart = new Int32Array(below + 1);
  let next = 0;
  for (let l = 0; l < below; l++) {
    laneStart[l] = next;
    next += columns[l]!;
  }
  const layer = new Int32Array(vertices);
  for (let v = 0; v < vertices; v++) layer[v] = laneStart[lane[v]!]! + local[v]!;
  return { layer, layers: Math.max(next, columns[below]!), laneStart };
}
