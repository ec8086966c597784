/**
 * The order of what stands in each column, from top to bottom. Invariant: items of the upper band stay above items of the
 * lower one.
 */
import { type Adjacency, adjacency } from './adjacency.ts';

/** Items in columns, joined by links that each span one boundary between neighbouring columns. */
export interface Proper {
  items: number;
  layers: number;
  /** Column of every item. */
  layer: Int32Array;
  /** 0 for the upper band, 1 for the lower. */
  band: Uint8Array;
  /** Left and right item of every link. */
  left: Int32Array;
  right: Int32Array;
}

export interface Ordering {
  /** Items by column, top to bottom: `order[start[l]] … order[start[l + 1] - 1]`. */
  order: Int32Array;
  start: Int32Array;
  /** Crossings between the straight links of this order. */
  crossings: number;
}

const BAND = 4;

/**
 * Barycentre sweeps with the best order kept, then exchanges of neighbours while they save crossings.
 * The number of sweeps depends on the size only, never on the time they take: the same graph gives the same order everywhere.
 * @param seed wanted height of every item, any unit; columns start in this order
 */
export function orderLayers(graph: Proper, seed: Float64Array): Ordering {
  const state = new Sweeper(graph);
  state.startFrom(seed);
  const small = graph.items <= 3000;
  state.sweep(small ? 24 : 7, small ? 6 : 3, small);
  if (small) {
    const first = state.keep();
    state.startFrom(seed);
    state.sweepFromRight(24, 6);
    if (state.crossings() >= first.crossings) state.restore(first);
  }
  state.exchange(small ? 32 : 6);
  return state.result();
}

/** Crossings between the straight links when items stand at these heights. */
export function countCrossings(graph: Proper, height: Float64Array): number {
  const state = new Sweeper(graph);
  state.startFrom(height);
  return state.crossings();
}

interface Kept {
  order: Int32Array;
  crossings: number;
}

class Sweeper {
  readonly #graph: Proper;
  readonly #toLeft: Adjacency;
  readonly #toRight: Adjacency;
  readonly #start: Int32Array;
  readonly #order: Int32Array;
  /** Place of every item in its column. */
  readonly #place: Int32Array;
  readonly #key: Float64Array;
  readonly #scratch: Int32Array;
  readonly #tree: Int32Array;
  #crossings: number | null = null;

  constructor(graph: Proper) {
    this.#graph = graph;
    const once = firstOfEach(graph);
    this.#toLeft = adjacency(graph.items, graph.right, graph.left, once);
    this.#toRight = adjacency(graph.items, graph.left, graph.right, once);
    this.#start = new Int32Array(graph.layers + 1);
    for (let i = 0; i < graph.items; i++) this.#start[graph.layer[i]! + 1]!++;
    let widest = 0;
    for (let l = 0; l < graph.layers; l++) {
      widest = Math.max(widest, this.#start[l + 1]!);
      this.#start[l + 1]! += this.#start[l]!;
    }
    this.#order = new Int32Array(graph.items);
    const fill = this.#start.slice();
    for (let i = 0; i < graph.items; i++) this.#order[fill[graph.layer[i]!]!++] = i;
    this.#place = new Int32Array(graph.items);
    this.#key = new Float64Array(graph.items);
    this.#scratch = new Int32Array(widest);
    this.#tree = new Int32Array(widest + 1);
  }

  startFrom(seed: Float64Array): void {
    const { items, band, layers } = this.#graph;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < items; i++) {
      low = Math.min(low, seed[i]!);
      high = Math.max(high, seed[i]!);
    }
    const span = high > low ? high - low : 1;
    for (let i = 0; i < items; i++) {
      this.#order[i] = i;
      this.#key[i] = (seed[i]! - low) / span + BAND * band[i]!;
    }
    const fill = this.#start.slice();
    for (let i = 0; i < items; i++) this.#order[fill[this.#graph.layer[i]!]!++] = i;
    for (let l = 0; l < layers; l++) this.#sortLayer(l);
    this.#crossings = null;
  }

  /** Sweeps to the right and back until `patience` of them in a row saved nothing. */
  sweep(limit: number, patience: number, exchange: boolean): void {
    this.#sweeps(limit, patience, 0, exchange);
  }

  sweepFromRight(limit: number, patience: number): void {
    this.#sweeps(limit, patience, 1, true);
  }

  #sweeps(limit: number, patience: number, parity: number, exchange: boolean): void {
    const { layers } = this.#graph;
    let best = this.keep();
    let idle = 0;
    for (let pass = 0; pass < limit && idle < patience && best.crossings > 0; pass++) {
      if ((pass + parity) % 2 === 0) for (let l = 1; l < layers; l++) this.#byBarycentre(l, this.#toLeft);
      else for (let l = layers - 2; l >= 0; l--) this.#byBarycentre(l, this.#toRight);
      this.#crossings = null;
      if (exchange) this.exchange(2);
      if (this.crossings() < best.crossings) {
        best = this.keep();
        idle = 0;
      } else idle++;
    }
    this.restore(best);
  }

  keep(): Kept {
    return { order: this.#order.slice(), crossings: this.crossings() };
  }

  restore(kept: Kept): void {
    this.#order.set(kept.order);
    for (let l = 0; l < this.#graph.layers; l++) this.#number(l);
    this.#crossings = kept.crossings;
  }

  result(): Ordering {
    return { order: this.#order, start: this.#start, crossings: this.crossings() };
  }

  crossings(): number {
    if (this.#crossings === null) {
      let sum = 0;
      for (let l = 0; l + 1 < this.#graph.layers; l++) sum += this.#crossingsRightOf(l);
      this.#crossings = sum;
    }
    return this.#crossings;
  }

  /** Number of crossings at one boundary, with a Fenwick tree over the right column: O(links · log items). */
  #crossingsRightOf(l: number): number {
    const size = this.#start[l + 2]! - this.#start[l + 1]!;
    const tree = this.#tree.fill(0, 0, size + 1);
    const order = this.#order;
    const place = this.#place;
    const { start, other } = this.#toRight;
    let seen = 0;
    let crossings = 0;
    for (let i = this.#start[l]!; i < this.#start[l + 1]!; i++) {
      const item = order[i]!;
      const a = start[item]!;
      const b = start[item + 1]!;
      for (let j = a; j < b; j++) {
        let above = 0;
        for (let k = place[other[j]!]! + 1; k > 0; k -= k & -k) above += tree[k]!;
        crossings += seen - above;
      }
      for (let j = a; j < b; j++) for (let k = place[other[j]!]! + 1; k <= size; k += k & -k) tree[k]!++;
      seen += b - a;
    }
    return crossings;
  }

  #byBarycentre(l: number, towards: Adjacency): void {
    const { band } = this.#graph;
    const { start, other } = towards;
    const order = this.#order;
    const place = this.#place;
    const key = this.#key;
    const beside = towards === this.#toLeft ? l - 1 : l + 1;
    const size = this.#start[l + 1]! - this.#start[l]!;
    const sizeBeside = this.#start[beside + 1]! - this.#start[beside]!;
    for (let i = this.#start[l]!; i < this.#start[l + 1]!; i++) {
      const item = order[i]!;
      const a = start[item]!;
      const b = start[item + 1]!;
      let sum = 0;
      for (let j = a; j < b; j++) sum += place[other[j]!]!;
      const at = a === b ? (place[item]! + 0.5) / size : (sum / (b - a) + 0.5) / sizeBeside;
      key[item] = at + BAND * band[item]!;
    }
    this.#sortLayer(l);
  }

  /** Exchanges neighbours in a column where that saves crossings, until a pass saves none or `limit` passes are made. */
  exchange(limit: number): void {
    let total = this.crossings();
    this.#sortNeighbours();
    for (let pass = 0; pass < limit && total > 0; pass++) {
      let saved = 0;
      for (let l = 0; l < this.#graph.layers; l++) saved += this.#exchangeIn(l);
      total -= saved;
      if (saved === 0) break;
    }
    this.#crossings = total;
  }

  #exchangeIn(l: number): number {
    let saved = 0;
    const { band } = this.#graph;
    for (let i = this.#start[l]!; i + 1 < this.#start[l + 1]!; i++) {
      const u = this.#order[i]!;
      const v = this.#order[i + 1]!;
      if (band[u] !== band[v]) continue;
      const gain = this.#gain(u, v, this.#toLeft) + this.#gain(u, v, this.#toRight);
      if (gain <= 0) continue;
      this.#order[i] = v;
      this.#order[i + 1] = u;
      this.#place[v]!--;
      this.#place[u]!++;
      this.#reorder(v, u);
      saved += gain;
    }
    return saved;
  }

  /** Crossings saved on one side by putting `v`, which stands just below `u`, above it. Both lists are sorted by place. */
  #gain(u: number, v: number, side: Adjacency): number {
    const { start, other } = side;
    const place = this.#place;
    const ua = start[u]!;
    const ub = start[u + 1]!;
    const va = start[v]!;
    const vb = start[v + 1]!;
    if (ua === ub || va === vb) return 0;
    let now = 0;
    let then = 0;
    let below = va;
    let notAbove = va;
    for (let i = ua; i < ub; i++) {
      const at = place[other[i]!]!;
      while (below < vb && place[other[below]!]! < at) below++;
      while (notAbove < vb && place[other[notAbove]!]! <= at) notAbove++;
      now += below - va;
      then += vb - notAbove;
    }
    return now - then;
  }

  /** After `upper` and `lower` changed places, the lists of the neighbours that they share are put in order again. */
  #reorder(upper: number, lower: number): void {
    const place = this.#place;
    const at = place[upper]!;
    for (let s = 0; s < 2; s++) {
      const side = s === 0 ? this.#toLeft : this.#toRight;
      const back = s === 0 ? this.#toRight : this.#toLeft;
      for (let i = side.start[upper]!; i < side.start[upper + 1]!; i++) {
        const neighbour = side.other[i]!;
        const end = back.start[neighbour + 1]!;
        let low = back.start[neighbour]!;
        let high = end;
        while (low < high) {
          const middle = (low + high) >> 1;
          if (place[back.other[middle]!]! < at) low = middle + 1;
          else high = middle;
        }
        if (low + 1 < end && back.other[low] === lower && back.other[low + 1] === upper) {
          back.other[low] = upper;
          back.other[low + 1] = lower;
        }
      }
    }
  }

  /** Puts every item's neighbours in the order of their places, by walking the columns in order: O(links). */
  #sortNeighbours(): void {
    for (let s = 0; s < 2; s++) {
      const side = s === 0 ? this.#toLeft : this.#toRight;
      const back = s === 0 ? this.#toRight : this.#toLeft;
      const fill = side.start.slice();
      for (const item of this.#order) {
        for (let i = back.start[item]!; i < back.start[item + 1]!; i++) side.other[fill[back.other[i]!]!++] = item;
      }
    }
  }

  #number(l: number): void {
    const first = this.#start[l]!;
    for (let i = first; i < this.#start[l + 1]!; i++) this.#place[this.#order[i]!] = i - first;
  }

  /** Stable merge sort of one column by key, bottom-up from runs of eight. */
  #sortLayer(l: number): void {
    const a = this.#start[l]!;
    const b = this.#start[l + 1]!;
    const key = this.#key;
    const order = this.#order;
    const run = 8;
    for (let low = a; low < b; low += run) {
      const high = Math.min(low + run, b);
      for (let i = low + 1; i < high; i++) {
        const item = order[i]!;
        const at = key[item]!;
        let j = i - 1;
        for (; j >= low && key[order[j]!]! > at; j--) order[j + 1] = order[j]!;
        order[j + 1] = item;
      }
    }
    const scratch = this.#scratch;
    for (let width = run; width < b - a; width *= 2) {
      for (let low = a; low + width < b; low += 2 * width) {
        const middle = low + width;
        const high = Math.min(low + 2 * width, b);
        if (key[order[middle - 1]!]! <= key[order[middle]!]!) continue;
        const count = middle - low;
        for (let i = 0; i < count; i++) scratch[i] = order[low + i]!;
        let i = 0;
        let j = middle;
        let k = low;
        while (i < count && j < high) order[k++] = key[scratch[i]!]! <= key[order[j]!]! ? scratch[i++]! : order[j++]!;
        while (i < count) order[k++] = scratch[i++]!;
      }
    }
    this.#number(l);
  }
}

/** 1 for the first link between each two items, 0 for further ones: they say nothing new about the order. */
function firstOfEach(graph: Proper): Uint8Array {
  const { start, edge, other } = adjacency(graph.items, graph.left, graph.right);
  const first = new Uint8Array(graph.left.length).fill(1);
  for (let v = 0; v < graph.items; v++) {
    for (let i = start[v]! + 1; i < start[v + 1]!; i++) if (other[i] === other[i - 1]) first[edge[i]!] = 0;
  }
  return first;
}
