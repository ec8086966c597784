/**
 * Which column every service stands in. Invariant: within a lane a dependency that is not part of a cycle never leads to a
 * column further left, and every lane's columns lie right of the lane's before, so that reading left to right is reading
 * from what customers see to what it stands on.
 */
import { adjacency } from './adjacency.ts';
import { sequence } from './acyclic.ts';

/** The shape that the map should have: columns join until it is no wider than `widest` times its height. */
export interface Shape {
  /** Width of a column and height of a row, map units. */
  column: number;
  row: number;
  widest: number;
}

/** Share of all edges that may come to lie within one column for the sake of the shape. */
const WITHIN = 0.12;

export interface Layering {
  /** Column of every vertex, counted over the whole map. */
  layer: Int32Array;
  /** Number of columns. */
  layers: number;
  /** First column of every lane; lanes without services get no column and the next lane's value. */
  laneStart: Int32Array;
  /** How many columns every lane has. */
  laneColumns: Int32Array;
}

/**
 * Longest-path layering inside every lane, then tightened: a vertex with room to both sides moves to where more of its
 * dependencies are.
 * @param lane place of every vertex's lane; lanes below `below` follow each other, lane `below` starts at column 0 in a band of its own
 */
export function assignLayers(
  vertices: number,
  from: Int32Array,
  to: Int32Array,
  lane: Uint8Array,
  below: number,
  shape: Shape,
): Layering {
  const inside = withinLanes(from, to, lane);
  const out = adjacency(vertices, from, to, inside);
  const into = adjacency(vertices, to, from, inside);
  const place = sequence(vertices, out, into);
  const bySequence = new Int32Array(vertices);
  for (let v = 0; v < vertices; v++) bySequence[place[v]!] = v;

  const local = new Int32Array(vertices);
  for (const v of bySequence) {
    let column = 0;
    const eachBefore = (w: number): void => {
      if (place[w]! < place[v]!) column = Math.max(column, local[w]! + 1);
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
      if (pull[v] === 0) continue;
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

  joinColumns(vertices, from, to, inside, lane, local, columns, below, shape);

  return numbered(lane, local, columns, below);
}

/**
 * The columns of before: what had one keeps it, and what is new takes the one that suits its dependencies best. No lane that
 * had columns gets another: then a dependency may run within its column, or to the left, for the map to stay where it is.
 * @param kept column within its lane that a vertex had, -1 when it is new
 * @param before the columns of every lane
 */
export function keepLayers(
  vertices: number,
  from: Int32Array,
  to: Int32Array,
  lane: Uint8Array,
  below: number,
  kept: Int32Array,
  before: readonly (readonly unknown[])[],
): Layering {
  const inside = withinLanes(from, to, lane);
  const out = adjacency(vertices, from, to, inside);
  const into = adjacency(vertices, to, from, inside);
  const place = sequence(vertices, out, into);
  const bySequence = new Int32Array(vertices);
  for (let v = 0; v < vertices; v++) bySequence[place[v]!] = v;
  const columns = Int32Array.from({ length: below + 1 }, (_, l) => before[l]?.length ?? 0);
  const had = columns.slice();
  const local = Int32Array.from(kept);
  for (const v of bySequence) {
    if (kept[v]! >= 0) continue;
    let after = -1;
    let ahead = Infinity;
    for (let i = into.start[v]!; i < into.start[v + 1]!; i++) after = Math.max(after, local[into.other[i]!]!);
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
      const column = local[out.other[i]!]!;
      if (column >= 0) ahead = Math.min(ahead, column);
    }
    const suits = after >= 0 || ahead === Infinity ? after + 1 : ahead - 1;
    const there = had[lane[v]!]!;
    const last = there === 0 ? Infinity : there - 1;
    local[v] = Math.max(0, Math.min(suits, last));
    columns[lane[v]!] = Math.max(columns[lane[v]!]!, local[v]! + 1);
  }
  return numbered(lane, local, columns, below);
}

const withinLanes = (from: Int32Array, to: Int32Array, lane: Uint8Array): Uint8Array =>
  Uint8Array.from(from, (a, e) => (a !== to[e]! && lane[a] === lane[to[e]!] ? 1 : 0));

/** Counts the columns of the lanes over the whole map. @param local column of every vertex within its lane */
function numbered(lane: Uint8Array, local: Int32Array, columns: Int32Array, below: number): Layering {
  const laneStart = new Int32Array(below + 1);
  let next = 0;
  for (let l = 0; l < below; l++) {
    laneStart[l] = next;
    next += columns[l]!;
  }
  const layer = local.map((column, v) => laneStart[lane[v]!]! + column);
  return { layer, layers: Math.max(next, columns[below]!), laneStart, laneColumns: columns };
}

/**
 * Joins neighbouring columns of a lane while the map is wider than its shape allows, those with the fewest edges between them
 * first; such edges then lie within a column. Chains would otherwise draw the map out to a ribbon that nobody can read.
 */
function joinColumns(
  vertices: number,
  from: Int32Array,
  to: Int32Array,
  inside: Uint8Array,
  lane: Uint8Array,
  local: Int32Array,
  columns: Int32Array,
  below: number,
  shape: Shape,
): void {
  let allowed = Math.floor(from.length * WITHIN);
  const sizes = Array.from(columns, (count) => Array.from({ length: count }, () => 0));
  for (let v = 0; v < vertices; v++) sizes[lane[v]!]![local[v]!]!++;
  for (;;) {
    let wide = 0;
    let high = 1;
    for (let l = 0; l < below; l++) {
      wide += sizes[l]!.length;
      for (const size of sizes[l]!) high = Math.max(high, size);
    }
    const highBelow = sizes[below]!.reduce((a, b) => Math.max(a, b), 0);
    const height = (high + highBelow) * shape.row;
    if (wide * shape.column <= shape.widest * height) return;
    const links = sizes.map((columnSizes) => columnSizes.map(() => 0));
    for (let e = 0; e < from.length; e++) {
      if (!inside[e]) continue;
      const a = local[from[e]!]!;
      const b = local[to[e]!]!;
      if (Math.abs(a - b) === 1) links[lane[from[e]!]!]![Math.min(a, b)]!++;
    }
    const mostRows = Math.max(high, Math.ceil(Math.sqrt((vertices * shape.column) / (shape.widest * shape.row))));
    let best: { lane: number; column: number; cost: number; size: number } | null = null;
    for (let l = 0; l < below; l++) {
      for (let c = 0; c + 1 < sizes[l]!.length; c++) {
        const cost = links[l]![c]!;
        const size = sizes[l]![c]! + sizes[l]![c + 1]!;
        if (cost > allowed || size > mostRows) continue;
        if (!best || cost < best.cost || (cost === best.cost && size < best.size))
          best = { lane: l, column: c, cost, size };
      }
    }
    if (!best) return;
    allowed -= best.cost;
    sizes[best.lane]!.splice(best.column, 2, best.size);
    columns[best.lane]!--;
    for (let v = 0; v < vertices; v++) if (lane[v] === best.lane && local[v]! > best.column) local[v]!--;
  }
}
