/**
 * Adjacency in flat arrays. Invariant: the neighbours of every vertex are in ascending order of the other vertex, so that
 * whatever walks them gives the same result for the same graph in whatever order its edges came.
 */

/** `item[start[v]] … item[start[v + 1] - 1]` are the edges of vertex `v`. */
export interface Adjacency {
  start: Int32Array;
  /** Edge indices. */
  edge: Int32Array;
  /** The vertex at the other end of each of them. */
  other: Int32Array;
}

/**
 * Edges by one of their ends. O(vertices + edges).
 * @param near vertex of every edge by which it is found
 * @param far vertex at its other end
 * @param keep edges to leave out where it is 0; all when absent
 */
export function adjacency(vertices: number, near: Int32Array, far: Int32Array, keep?: Uint8Array): Adjacency {
  const byFar = sortByKey(vertices, far, keep, null);
  const edge = sortByKey(vertices, near, undefined, byFar);
  const start = new Int32Array(vertices + 1);
  for (const e of edge) start[near[e]! + 1]!++;
  for (let v = 0; v < vertices; v++) start[v + 1]! += start[v]!;
  const other = new Int32Array(edge.length);
  for (let i = 0; i < edge.length; i++) other[i] = far[edge[i]!]!;
  return { start, edge, other };
}

/** Counting sort of edge indices by a vertex, stable in the order of `from` (all edges in their own order when null). */
function sortByKey(
  vertices: number,
  key: Int32Array,
  keep: Uint8Array | undefined,
  from: Int32Array | null,
): Int32Array {
  const count = new Int32Array(vertices + 1);
  let kept = 0;
  const total = from ? from.length : key.length;
  for (let i = 0; i < total; i++) {
    const e = from ? from[i]! : i;
    if (keep && !keep[e]) continue;
    count[key[e]! + 1]!++;
    kept++;
  }
  for (let v = 0; v < vertices; v++) count[v + 1]! += count[v]!;
  const sorted = new Int32Array(kept);
  for (let i = 0; i < total; i++) {
    const e = from ? from[i]! : i;
    if (keep && !keep[e]) continue;
    sorted[count[key[e]!]!++] = e;
  }
  return sorted;
}
