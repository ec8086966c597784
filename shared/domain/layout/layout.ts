/**
 * The places of the dependency map: services in lanes and columns, dependencies as lines that pass between them.
 * Invariant: pure and deterministic. The same services and dependencies in any order give the same places to the pixel, on
 * every console; with the places of before as hints, what was there stays where it was ({@link keepHeights}).
 *
 * The method is Sugiyama's (cycles, layers, order, coordinates) with two departures: columns belong to lanes, and all long
 * lines towards one service join in a trunk per side, which keeps 15,000 dependencies legible and the graph to be
 * ordered small. A line never changes its destination by joining: everything in a trunk leads to the same service.
 */
import { adjacency } from './adjacency.ts';
import { type Links, type Stack, placeHeights } from './coordinates.ts';
import { keepHeights } from './keeping.ts';
import { LANES, STORES } from './lanes.ts';
import { assignLayers, keepLayers } from './layering.ts';
import { countCrossings, orderLayers } from './ordering.ts';

/** Sizes in map units; one unit is one CSS pixel at scale 1. */
export const SIZES = {
  width: 240,
  height: 72,
  /** Between the boxes of one column, between columns, between the columns that one layer is split into, and between lanes. */
  rowGap: 8,
  columnGap: 64,
  splitGap: 24,
  laneGap: 32,
  /** Between a line and a box that it passes, and between two lines side by side. */
  lineClear: 10,
  lineGap: 8,
  /** Between the stores and everything above them. */
  bandGap: 88,
} as const;

export interface LayoutNode {
  id: string;
  /** Place in {@link LANES}. */
  lane: number;
  /** Nodes of one group start out next to each other; the domain. */
  group: string;
}

/** Where a service stood, to be handed to the next layout. */
export interface Place {
  lane: number;
  /** Column within its lane, and column within that when the layer was split. */
  column: number;
  split: number;
  /** Height of its middle, map units. */
  y: number;
  /** Heights of the bends of the trunks that reach it from the left and from the right, the nearest first. */
  trunks: readonly [readonly number[], readonly number[]];
}

/** A map that was laid out: where its services stood, and the columns that it had. */
export interface Places {
  services: ReadonlyMap<string, Place>;
  /** By lane, for each of its columns: into how many side by side it was split. */
  columns: readonly (readonly number[])[];
}

export interface LayoutInput {
  nodes: readonly LayoutNode[];
  /** `nodes[from[e]]` needs `nodes[to[e]]`. */
  from: Int32Array;
  to: Int32Array;
  hints?: {
    places: Places;
    /** `order`: start from the order of these places and improve it; `places`: keep them as far as the changes allow. */
    keep: 'order' | 'places';
  };
}

export interface Area {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface MapLayout {
  /** Middle of every node's box, map units, in the order of the input. */
  x: Float32Array;
  y: Float32Array;
  /** Lane, layer counted over the whole map, column within the lane, and column within the layer, per node. */
  lane: Uint8Array;
  layer: Int32Array;
  column: Int32Array;
  split: Int32Array;
  /** As {@link Places} tells it. */
  columns: readonly (readonly number[])[];
  /** First bend of every edge, -1 for none. */
  edgeBend: Int32Array;
  /** Every bend is a level run from `bendLeft` to `bendRight` at `bendY`, on the way to node `bendTarget`; `bendNext` is the next bend or -1. */
  bendLeft: Float32Array;
  bendRight: Float32Array;
  bendY: Float32Array;
  bendNext: Int32Array;
  bendTarget: Int32Array;
  /** The lanes that have services, with the area each covers. */
  lanes: (Area & { lane: number })[];
  bounds: Area;
  /** Crossings between the lines of neighbouring layers, trunks counted once. */
  crossings: number;
}

/** The share of services with a known place from which places are kept; below it, a fresh layout is better than a patched one. */
const KEEP_FROM = 0.8;
/** Widest acceptable shape of the map before layers get taller instead of split: about that of a screen. */
const WIDEST = 1.9;
/**
 * Bends that the layout affords for so many nodes and edges, before the far ends of the longest trunks are cut. On large maps no eye follows a
 * line through thirty columns, and the time to order them grows with the bends.
 */
const bendBudget = (parts: number): number => Math.ceil(Math.min(1.2 * parts, 3000 + 0.4 * parts));

/** Lays the map out. O((n + m) log n) in nodes and edges; 5,000 and 15,000 take well under a tenth of a second. */
export function layoutMap(input: LayoutInput): MapLayout {
  const n = input.nodes.length;
  const m = input.from.length;
  const sorted = sortedNodes(input.nodes);
  const rank = new Int32Array(n);
  for (let i = 0; i < n; i++) rank[sorted[i]!] = i;
  const nodes = Array.from(sorted, (i) => input.nodes[i]!);
  const from = input.from.map((v) => rank[v]!);
  const to = input.to.map((v) => rank[v]!);
  const lane = Uint8Array.from(nodes, (node) => node.lane);

  const kept = keptPlaces(nodes, input.hints);
  const before = kept !== null && input.hints?.keep === 'places' && kept.share >= KEEP_FROM ? input.hints.places : null;
  const { layer, layers, laneStart, laneColumns } = before
    ? keepLayers(n, from, to, lane, STORES, kept!.column, before.columns)
    : assignLayers(n, from, to, lane, STORES, {
        column: SIZES.width + SIZES.columnGap,
        row: SIZES.height + SIZES.rowGap,
        widest: WIDEST,
      });

  const trunks = layTrunks(n, from, to, layer, bendBudget(n + m));
  const items = n + trunks.count;
  const itemLayer = new Int32Array(items);
  const band = new Uint8Array(items);
  itemLayer.set(layer);
  for (let v = 0; v < n; v++) band[v] = lane[v] === STORES ? 1 : 0;
  for (let b = 0; b < trunks.count; b++) {
    itemLayer[n + b] = trunks.layer[b]!;
    band[n + b] = band[trunks.target[b]!]!;
  }

  const links = linkItems(n, from, to, layer, itemLayer, trunks);
  const proper = { items, layers, layer: itemLayer, band, left: links.left, right: links.right };
  const split = new Int32Array(n);
  let columnsOf: Int32Array[];
  let height: Float64Array;
  let crossings: number;
  if (before) {
    columnsOf = keptColumns(layers, laneStart, laneColumns, before);
    split.set(kept!.split);
    const beside = Int32Array.from(from, (_, e) => e).filter((e) => layer[from[e]!] === layer[to[e]!]);
    height = keepHeights({
      ...{ items, boxes: n, layer: itemLayer, band, split },
      left: Int32Array.from([...links.left, ...beside.map((e) => from[e]!)]),
      right: Int32Array.from([...links.right, ...beside.map((e) => to[e]!)]),
      height: anchors(nodes, trunks, layer, kept!, before),
      columns: columnsOf,
      group: nodes.map(({ group }) => group),
      measures: {
        box: SIZES.height + SIZES.rowGap,
        boxToBend: SIZES.height / 2 + SIZES.lineClear,
        bendToBend: SIZES.lineGap,
        bandToBand: SIZES.height + SIZES.bandGap,
      },
    });
    crossings = countCrossings(proper, height);
  } else {
    const seed = seeds(n, items, layer, layers, trunks, from, to, kept);
    const ordering = orderLayers(proper, seed);
    columnsOf = splitLayers(layers, itemLayer, band, n);
    const stacks: Stack[] = [];
    const stackBand: number[] = [];
    for (let l = 0; l < layers; l++) {
      const inLayer = ordering.order.subarray(ordering.start[l]!, ordering.start[l + 1]!);
      let firstBelow = inLayer.length;
      while (firstBelow > 0 && band[inLayer[firstBelow - 1]!] === 1) firstBelow--;
      for (let b = 0; b < 2; b++) {
        const part = b === 0 ? inLayer.subarray(0, firstBelow) : inLayer.subarray(firstBelow);
        if (part.length === 0) continue;
        stacks.push(stackOf(part, n, columnsOf[b]![l]!, split));
        stackBand.push(b);
      }
    }
    height = placeHeights(items, stacks, pulls(items, n, links, band));
    separateBands(height, stacks, stackBand);
    crossings = ordering.crossings;
  }

  const columns = placeColumns(layers, columnsOf, laneStart, laneColumns[STORES]!);
  const result: MapLayout = {
    x: new Float32Array(n),
    y: new Float32Array(n),
    lane: new Uint8Array(n),
    layer: new Int32Array(n),
    column: new Int32Array(n),
    split: new Int32Array(n),
    columns: Array.from(laneColumns, (count, l) =>
      Array.from({ length: count }, (_, c) => columnsOf[l === STORES ? 1 : 0]![laneStart[l]! + c]!),
    ),
    edgeBend: trunks.edgeBend,
    bendLeft: new Float32Array(trunks.count),
    bendRight: new Float32Array(trunks.count),
    bendY: new Float32Array(trunks.count),
    bendNext: trunks.next,
    bendTarget: trunks.target.map((v) => sorted[v]!),
    lanes: [],
    bounds: { x0: 0, y0: 0, x1: 0, y1: 0 },
    crossings,
  };
  for (let v = 0; v < n; v++) {
    const i = sorted[v]!;
    const left = columns[band[v]!]!.left[layer[v]!]!;
    result.x[i] = left + split[v]! * (SIZES.width + SIZES.splitGap) + SIZES.width / 2;
    result.y[i] = Math.floor(height[v]! + 0.5);
    result.lane[i] = lane[v]!;
    result.layer[i] = layer[v]!;
    result.column[i] = layer[v]! - laneStart[lane[v]!]!;
    result.split[i] = split[v]!;
  }
  for (let b = 0; b < trunks.count; b++) {
    const { left, right } = columns[band[n + b]!]!;
    result.bendLeft[b] = left[trunks.layer[b]!]!;
    result.bendRight[b] = right[trunks.layer[b]!]!;
    result.bendY[b] = Math.floor(height[n + b]! + 0.5);
  }
  measure(result);
  return result;
}

/** The places of a layout, as hints for the next. */
export function placesOf(nodes: readonly LayoutNode[], layout: MapLayout): Places {
  const trunks = Array.from(nodes, (): [number[], number[]] => [[], []]);
  for (let b = 0; b < layout.bendY.length; b++) {
    const target = layout.bendTarget[b]!;
    let nearness = 0;
    for (let next = layout.bendNext[b]!; next >= 0; next = layout.bendNext[next]!) nearness++;
    trunks[target]![layout.bendLeft[b]! < layout.x[target]! ? 0 : 1][nearness] = layout.bendY[b]!;
  }
  const services = new Map<string, Place>();
  for (let i = 0; i < nodes.length; i++) {
    services.set(nodes[i]!.id, {
      lane: layout.lane[i]!,
      column: layout.column[i]!,
      split: layout.split[i]!,
      y: layout.y[i]!,
      trunks: trunks[i]!,
    });
  }
  return { services, columns: layout.columns };
}

function sortedNodes(nodes: readonly LayoutNode[]): Int32Array {
  const order = Array.from(nodes, (_, i) => i);
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  order.sort(
    (a, b) =>
      nodes[a]!.lane - nodes[b]!.lane || text(nodes[a]!.group, nodes[b]!.group) || text(nodes[a]!.id, nodes[b]!.id),
  );
  return Int32Array.from(order);
}

interface KeptPlaces {
  /** -1 and NaN for nodes without a place in their present lane. */
  column: Int32Array;
  split: Int32Array;
  y: Float64Array;
  share: number;
}

function keptPlaces(nodes: readonly LayoutNode[], hints: LayoutInput['hints']): KeptPlaces | null {
  if (!hints || nodes.length === 0) return null;
  const column = new Int32Array(nodes.length).fill(-1);
  const split = new Int32Array(nodes.length).fill(-1);
  const y = new Float64Array(nodes.length).fill(Number.NaN);
  let count = 0;
  for (let v = 0; v < nodes.length; v++) {
    const place = hints.places.services.get(nodes[v]!.id);
    if (!place || place.lane !== nodes[v]!.lane) continue;
    column[v] = place.column;
    split[v] = place.split;
    y[v] = place.y;
    count++;
  }
  return count === 0 ? null : { column, split, y, share: count / nodes.length };
}

interface Trunks {
  count: number;
  edgeBend: Int32Array;
  layer: Int32Array;
  target: Int32Array;
  next: Int32Array;
}

/**
 * Bends for every edge that spans more than one layer: one trunk per target and side, joined by each edge in the layer
 * next to its source. When all trunks together would be longer than `budget`, each is cut to the same length at its far end.
 */
function layTrunks(n: number, from: Int32Array, to: Int32Array, layer: Int32Array, budget: number): Trunks {
  const m = from.length;
  // Length of the trunk on the left [2v] and on the right [2v + 1] of node v.
  const length = new Int32Array(2 * n);
  let longest = 0;
  for (let e = 0; e < m; e++) {
    const span = layer[to[e]!]! - layer[from[e]!]!;
    const side = 2 * to[e]! + (span < 0 ? 1 : 0);
    const between = Math.abs(span) - 1;
    if (between > length[side]!) length[side] = between;
    if (between > longest) longest = between;
  }
  const atLeast = new Int32Array(longest + 2);
  for (const l of length) atLeast[l]!++;
  for (let l = longest; l >= 0; l--) atLeast[l]! += atLeast[l + 1]!;
  let count = 0;
  let cut = 0;
  while (cut < longest && count + atLeast[cut + 1]! <= budget) count += atLeast[++cut]!;

  const first = new Int32Array(2 * n);
  const layers = new Int32Array(count);
  const target = new Int32Array(count);
  const next = new Int32Array(count).fill(-1);
  let bend = 0;
  for (let side = 0; side < 2 * n; side++) {
    const v = side >> 1;
    first[side] = bend;
    for (let d = 1; d <= Math.min(length[side]!, cut); d++, bend++) {
      layers[bend] = layer[v]! + (side & 1 ? d : -d);
      target[bend] = v;
      if (d > 1) next[bend] = bend - 1;
    }
  }
  const edgeBend = new Int32Array(m).fill(-1);
  for (let e = 0; e < m; e++) {
    const span = layer[to[e]!]! - layer[from[e]!]!;
    const between = Math.min(Math.abs(span) - 1, cut);
    if (between > 0) edgeBend[e] = first[2 * to[e]! + (span < 0 ? 1 : 0)]! + between - 1;
  }
  return { count, edgeBend, layer: layers, target, next };
}

interface ItemLinks {
  left: Int32Array;
  right: Int32Array;
  /** 1 where both ends are bends. */
  inner: Uint8Array;
}

/** All links between neighbouring layers: each edge to its target or first bend, and each bend to the next. */
function linkItems(
  n: number,
  from: Int32Array,
  to: Int32Array,
  layer: Int32Array,
  itemLayer: Int32Array,
  trunks: Trunks,
): ItemLinks {
  const left = new Int32Array(from.length + trunks.count);
  const right = new Int32Array(from.length + trunks.count);
  const inner = new Uint8Array(from.length + trunks.count);
  let count = 0;
  const link = (a: number, b: number, isInner: boolean): void => {
    const step = itemLayer[b]! - itemLayer[a]!;
    if (step !== 1 && step !== -1) return;
    left[count] = step === 1 ? a : b;
    right[count] = step === 1 ? b : a;
    inner[count++] = isInner ? 1 : 0;
  };
  for (let e = 0; e < from.length; e++) {
    if (from[e] === to[e] || layer[from[e]!] === layer[to[e]!]) continue;
    const bend = trunks.edgeBend[e]!;
    link(from[e]!, bend < 0 ? to[e]! : n + bend, false);
  }
  for (let b = 0; b < trunks.count; b++) {
    const next = trunks.next[b]!;
    link(n + b, next < 0 ? trunks.target[b]! : n + next, next >= 0);
  }
  return { left: left.subarray(0, count), right: right.subarray(0, count), inner: inner.subarray(0, count) };
}

/** Wanted heights to start from: the places of before, or the sorted order spread over each layer. */
function seeds(
  n: number,
  items: number,
  layer: Int32Array,
  layers: number,
  trunks: Trunks,
  from: Int32Array,
  to: Int32Array,
  kept: KeptPlaces | null,
): Float64Array {
  const seed = new Float64Array(items);
  if (kept) {
    let lowest = 0;
    const sum = new Float64Array(n);
    const count = new Int32Array(n);
    for (let v = 0; v < n; v++) if (!Number.isNaN(kept.y[v]!)) lowest = Math.max(lowest, kept.y[v]!);
    for (let e = 0; e < from.length; e++) {
      const a = from[e]!;
      const b = to[e]!;
      if (!Number.isNaN(kept.y[b]!)) {
        sum[a]! += kept.y[b]!;
        count[a]!++;
      }
      if (!Number.isNaN(kept.y[a]!)) {
        sum[b]! += kept.y[a]!;
        count[b]!++;
      }
    }
    for (let v = 0; v < n; v++) {
      if (!Number.isNaN(kept.y[v]!)) seed[v] = kept.y[v]!;
      else seed[v] = count[v]! > 0 ? sum[v]! / count[v]! : lowest + 1;
    }
  } else {
    const seen = new Int32Array(layers);
    const size = new Int32Array(layers);
    for (let v = 0; v < n; v++) size[layer[v]!]!++;
    for (let v = 0; v < n; v++) seed[v] = (seen[layer[v]!]!++ + 0.5) / size[layer[v]!]!;
  }
  const sum = new Float64Array(trunks.count);
  const count = new Int32Array(trunks.count);
  for (let e = 0; e < from.length; e++) {
    for (let b = trunks.edgeBend[e]!; b >= 0; b = trunks.next[b]!) {
      sum[b]! += seed[from[e]!]!;
      count[b]!++;
    }
  }
  for (let b = 0; b < trunks.count; b++) {
    const target = seed[trunks.target[b]!]!;
    seed[n + b] = count[b]! > 0 ? (target + sum[b]! / count[b]!) / 2 : target;
  }
  return seed;
}

/** Heights that items had before: services that stayed in their lane, and the bends towards them. NaN for all others. */
function anchors(
  nodes: readonly LayoutNode[],
  trunks: Trunks,
  layer: Int32Array,
  kept: KeptPlaces,
  places: Places,
): Float64Array {
  const n = nodes.length;
  const anchor = new Float64Array(n + trunks.count).fill(Number.NaN);
  anchor.set(kept.y);
  for (let b = 0; b < trunks.count; b++) {
    const target = trunks.target[b]!;
    if (Number.isNaN(kept.y[target]!)) continue;
    const away = layer[target]! - trunks.layer[b]!;
    const y = places.services.get(nodes[target]!.id)!.trunks[away > 0 ? 0 : 1][Math.abs(away) - 1];
    if (y !== undefined) anchor[n + b] = y;
  }
  return anchor;
}

/** Into how many columns every layer is split, per band, so that the map gets about the shape of a screen. */
function splitLayers(layers: number, itemLayer: Int32Array, band: Uint8Array, n: number): Int32Array[] {
  const counts = [new Int32Array(layers), new Int32Array(layers)];
  const bends = new Int32Array(layers);
  for (let i = n; i < itemLayer.length; i++) if (band[i] === 0) bends[itemLayer[i]!]!++;
  for (let v = 0; v < n; v++) counts[band[v]!]![itemLayer[v]!]!++;
  const widthAt = (count: Int32Array, rows: number): number => {
    let width = 0;
    for (const c of count)
      width += Math.max(1, Math.ceil(c / rows)) * (SIZES.width + SIZES.splitGap) + SIZES.columnGap - SIZES.splitGap;
    return width;
  };
  const rowHeight = SIZES.height + SIZES.rowGap;
  const most = (count: Int32Array): number => count.reduce((a, b) => Math.max(a, b), 1);
  const heightAt = (rows: number): number => {
    let height = 0;
    for (let l = 0; l < layers; l++)
      height = Math.max(height, Math.min(rows, counts[0]![l]!) * rowHeight + bends[l]! * SIZES.lineGap);
    return height;
  };
  let rows = 1;
  while (rows < most(counts[0]!) && widthAt(counts[0]!, rows) > WIDEST * heightAt(rows)) rows++;
  const mainWidth = widthAt(counts[0]!, rows);
  let rowsBelow = 1;
  while (
    rowsBelow < most(counts[1]!) &&
    widthAt(counts[1]!, rowsBelow) > Math.max(mainWidth, WIDEST * rowsBelow * rowHeight)
  )
    rowsBelow++;
  return [
    counts[0]!.map((c) => Math.max(1, Math.ceil(c / rows))),
    counts[1]!.map((c) => Math.max(1, Math.ceil(c / rowsBelow))),
  ];
}

/** The same as it was. */
function keptColumns(layers: number, laneStart: Int32Array, laneColumns: Int32Array, before: Places): Int32Array[] {
  const columnsOf = [new Int32Array(layers).fill(1), new Int32Array(layers).fill(1)];
  for (let lane = 0; lane < laneColumns.length; lane++) {
    for (let column = 0; column < laneColumns[lane]!; column++)
      columnsOf[lane === STORES ? 1 : 0]![laneStart[lane]! + column] = before.columns[lane]?.[column] ?? 1;
  }
  return columnsOf;
}

/** Arranges one column and band as slots: boxes side by side where the layer is split, bends between the rows. */
function stackOf(part: Int32Array, n: number, columns: number, split: Int32Array): Stack {
  const rows: number[][] = [];
  if (columns === 1) for (const item of part) rows.push([item]);
  else {
    let open: number[] | null = null;
    let waiting: number[][] = [];
    for (const item of part) {
      if (item >= n) {
        if (open) waiting.push([item]);
        else rows.push([item]);
        continue;
      }
      if (!open) {
        open = [];
        rows.push(open);
      }
      split[item] = open.length;
      open.push(item);
      if (open.length === columns) {
        rows.push(...waiting);
        waiting = [];
        open = null;
      }
    }
    rows.push(...waiting);
  }
  const items = new Int32Array(part.length);
  const start = new Int32Array(rows.length + 1);
  const distance = new Float64Array(rows.length);
  let at = 0;
  for (let r = 0; r < rows.length; r++) {
    for (const item of rows[r]!) items[at++] = item;
    start[r + 1] = at;
    if (r === 0) continue;
    const boxes = (rows[r]![0]! < n ? 1 : 0) + (rows[r - 1]![0]! < n ? 1 : 0);
    distance[r] =
      boxes === 2 ? SIZES.height + SIZES.rowGap : boxes === 1 ? SIZES.height / 2 + SIZES.lineClear : SIZES.lineGap;
  }
  return { items, start, distance };
}

/** What pulls on heights: links within a band; trunks insist on running straight. */
function pulls(items: number, n: number, links: ItemLinks, band: Uint8Array): Links {
  const same = new Uint8Array(links.left.length);
  for (let i = 0; i < same.length; i++) same[i] = band[links.left[i]!] === band[links.right[i]!] ? 1 : 0;
  const side = (near: Int32Array, far: Int32Array): Links['left'] => {
    const { start, edge, other } = adjacency(items, near, far, same);
    const weight = new Float32Array(edge.length);
    for (let i = 0; i < edge.length; i++) {
      const e = edge[i]!;
      weight[i] = links.inner[e] ? 8 : links.left[e]! >= n || links.right[e]! >= n ? 2 : 1;
    }
    return { start, other, weight };
  };
  return { left: side(links.right, links.left), right: side(links.left, links.right) };
}

/** Moves the stores below everything else. */
function separateBands(height: Float64Array, stacks: readonly Stack[], bands: readonly number[]): void {
  let bottom = -Infinity;
  let top = Infinity;
  stacks.forEach((stack, s) => {
    for (const item of stack.items) {
      if (bands[s] === 0) bottom = Math.max(bottom, height[item]!);
      else top = Math.min(top, height[item]!);
    }
  });
  if (bottom === -Infinity || top === Infinity) return;
  const shift = bottom + SIZES.height + SIZES.bandGap - top;
  stacks.forEach((stack, s) => {
    if (bands[s] === 1) for (const item of stack.items) height[item]! += shift;
  });
}

/** Left and right end of every layer, per band. */
function placeColumns(
  layers: number,
  columnsOf: Int32Array[],
  laneStart: Int32Array,
  columnsBelow: number,
): { left: Float64Array; right: Float64Array }[] {
  const firstOfLane = new Uint8Array(layers);
  for (let l = 1; l < LANES.length - 1; l++) if (laneStart[l]! < layers) firstOfLane[laneStart[l]!] = 1;
  const main = { left: new Float64Array(layers), right: new Float64Array(layers) };
  const below = { left: new Float64Array(layers), right: new Float64Array(layers) };
  const widthOf = (columns: number): number => columns * (SIZES.width + SIZES.splitGap) - SIZES.splitGap;
  let x = 0;
  let xBelow = 0;
  for (let l = 0; l < layers; l++) {
    if (l > 0 && firstOfLane[l]) x += SIZES.laneGap;
    main.left[l] = x;
    main.right[l] = x + widthOf(columnsOf[0]![l]!);
    below.left[l] = Math.max(x, xBelow);
    below.right[l] =
      l < columnsBelow ? below.left[l]! + widthOf(columnsOf[1]![l]!) : Math.max(below.left[l]!, main.right[l]!);
    x = main.right[l]! + SIZES.columnGap;
    xBelow = below.right[l]! + SIZES.columnGap;
  }
  return [main, below];
}

/** Fills in the areas of the lanes and of the whole map. */
function measure(layout: MapLayout): void {
  const { lanes, bounds } = layout;
  const n = layout.x.length;
  if (n === 0) return;
  bounds.x0 = bounds.y0 = Infinity;
  bounds.x1 = bounds.y1 = -Infinity;
  const byLane = new Map<number, Area & { lane: number }>();
  const include = (area: Area, x0: number, y0: number, x1: number, y1: number): void => {
    area.x0 = Math.min(area.x0, x0);
    area.y0 = Math.min(area.y0, y0);
    area.x1 = Math.max(area.x1, x1);
    area.y1 = Math.max(area.y1, y1);
  };
  for (let v = 0; v < n; v++) {
    let area = byLane.get(layout.lane[v]!);
    if (!area)
      byLane.set(
        layout.lane[v]!,
        (area = { lane: layout.lane[v]!, x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity }),
      );
    const x0 = layout.x[v]! - SIZES.width / 2;
    const y0 = layout.y[v]! - SIZES.height / 2;
    include(area, x0, y0, x0 + SIZES.width, y0 + SIZES.height);
    include(bounds, x0, y0, x0 + SIZES.width, y0 + SIZES.height);
  }
  for (let b = 0; b < layout.bendY.length; b++)
    include(bounds, layout.bendLeft[b]!, layout.bendY[b]!, layout.bendRight[b]!, layout.bendY[b]!);
  lanes.push(...[...byLane.values()].sort((a, b) => a.lane - b.lane));
}
