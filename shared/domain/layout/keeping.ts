/**
 * Heights when the estate changed a little. Invariant: a service that had a place keeps it to the pixel, except the few that step
 * aside, in their order, where a new one would otherwise stand far from what it belongs to; nothing overlaps, no line is led
 * through a box of a column that it passes, and the same places with the same changes give the same map.
 */
import { type Adjacency, adjacency } from './adjacency.ts';

export interface Kept {
  items: number;
  /** Items below this are boxes, the others bends. */
  boxes: number;
  /** Column of every item; 0 for the upper band, 1 for the lower one; and the two ends of every link, also within a column. */
  layer: Int32Array;
  band: Uint8Array;
  left: Int32Array;
  right: Int32Array;
  /** Height that an item had, NaN for a new one. Map units. */
  height: Float64Array;
  /** Which of the columns side by side a box stands in; -1 for a new one, filled in. */
  split: Int32Array;
  /** How many there are, by band and layer. */
  columns: readonly Int32Array[];
  /** What stands together, for boxes without links. */
  group: readonly string[];
  measures: { box: number; boxToBend: number; bendToBend: number; bandToBand: number };
}

/** A new box farther than so many rows from where it belongs makes others step aside, if so few are enough. */
const FAR = 4;
const MOST_ASIDE = 6;
/** A bend in the way counts as so many rows of distance. */
const BEND_COST = 0.3;
/** Rounds in which new items learn from each other where they belong. */
const ROUNDS = 4;

/** Heights of all items. O(new · column + bends · column). */
export function keepHeights(kept: Kept): Float64Array {
  const { items, boxes, height, band, layer, split, measures } = kept;
  const wanted = wantedHeights(kept);
  const result = Float64Array.from(height);
  const limits = bandLimits(kept);
  const columns = new Map<number, Column>();
  const columnAt = (item: number): Column => {
    const key = 2 * layer[item]! + band[item]!;
    let column = columns.get(key);
    if (!column) {
      const [low, high] = limits[band[item]!]!;
      column = new Column(kept.columns[band[item]!]![layer[item]!]!, low, high, measures);
      columns.set(key, column);
    }
    return column;
  };
  const places = Array.from({ length: items }, (_, i) => i);
  const known = places.filter((i) => !Number.isNaN(height[i]!));
  for (const i of known.filter((each) => each < boxes)) columnAt(i).stand(i, split[i]!, height[i]!);
  for (const i of known.filter((each) => each >= boxes)) columnAt(i).pass(height[i]!);
  const byWish = (a: number, b: number): number => wanted[a]! - wanted[b]! || a - b;
  const fresh = places.filter((i) => Number.isNaN(height[i]!)).sort(byWish);
  for (const i of fresh) if (i < boxes) split[i] = columnAt(i).enter(i, wanted[i]!);
  for (const column of columns.values()) column.tell(result);

  for (const column of columns.values()) column.clear();
  const homeless: number[] = [];
  for (const i of known) {
    if (i < boxes) continue;
    if (columnAt(i).isFree(height[i]!)) columnAt(i).pass(height[i]!);
    else homeless.push(i);
  }
  for (const i of [...homeless, ...fresh.filter((each) => each >= boxes)].sort(byWish))
    result[i] = columnAt(i).lead(Number.isNaN(height[i]!) ? wanted[i]! : height[i]!);
  return result;
}

/** Where items belong: where they were, or in the middle of what they are linked to, or with their group. */
function wantedHeights({ items, boxes, height, band, left, right, group }: Kept): Float64Array {
  const wanted = Float64Array.from(height);
  const sides: Adjacency[] = [adjacency(items, left, right), adjacency(items, right, left)];
  for (let round = 0; round < ROUNDS; round++) {
    const before = Float64Array.from(wanted);
    for (let i = 0; i < items; i++) {
      if (!Number.isNaN(height[i]!)) continue;
      let sum = 0;
      let count = 0;
      for (const { start, other } of sides) {
        for (let j = start[i]!; j < start[i + 1]!; j++) {
          const w = other[j]!;
          if (band[w] !== band[i] || Number.isNaN(before[w]!)) continue;
          sum += before[w]!;
          count++;
        }
      }
      if (count > 0) wanted[i] = sum / count;
    }
  }
  const groups = new Map<string, { sum: number; count: number }>();
  let lowest = 0;
  for (let i = 0; i < boxes; i++) {
    if (Number.isNaN(height[i]!)) continue;
    lowest = Math.max(lowest, height[i]!);
    const key = `${band[i]} ${group[i]}`;
    const known = groups.get(key) ?? { sum: 0, count: 0 };
    groups.set(key, { sum: known.sum + height[i]!, count: known.count + 1 });
  }
  for (let i = 0; i < items; i++) {
    if (!Number.isNaN(wanted[i]!)) continue;
    const together = i < boxes ? groups.get(`${band[i]} ${group[i]}`) : undefined;
    wanted[i] = together ? together.sum / together.count : lowest;
  }
  return wanted;
}

/** Between which heights each band may grow: the upper one upwards, the lower one downwards, so that neither moves the other. */
function bandLimits({ items, height, band, measures }: Kept): [number, number][] {
  let bottom = -Infinity;
  let top = Infinity;
  for (let i = 0; i < items; i++) {
    if (Number.isNaN(height[i]!)) continue;
    if (band[i] === 0) bottom = Math.max(bottom, height[i]!);
    else top = Math.min(top, height[i]!);
  }
  if (top < Infinity)
    return [
      [-Infinity, Math.max(bottom, top - measures.bandToBand)],
      [top, Infinity],
    ];
  // The lower band is new: the upper one stays above where it begins.
  return [
    [-Infinity, bottom === -Infinity ? 0 : bottom],
    [(bottom === -Infinity ? 0 : bottom) + measures.bandToBand, Infinity],
  ];
}

interface Standing {
  item: number;
  y: number;
}

/** One layer of one band: boxes in columns side by side, and bends that pass all of them. */
class Column {
  readonly #stacks: Standing[][];
  readonly #low: number;
  readonly #high: number;
  readonly #measures: Kept['measures'];
  #bends: number[] = [];
  /** Heights of all boxes, in order; null when they are to be collected anew. */
  #boxes: number[] | null = null;

  constructor(columns: number, low: number, high: number, measures: Kept['measures']) {
    this.#stacks = Array.from({ length: columns }, () => []);
    this.#low = low;
    this.#high = high;
    this.#measures = measures;
  }

  stand(item: number, split: number, y: number): void {
    insert(this.#stacks[split]!, { item, y }, (a, b) => a.y - b.y);
    this.#boxes = null;
  }

  pass(y: number): void {
    insert(this.#bends, y, (a, b) => a - b);
  }

  clear(): void {
    this.#bends = [];
  }

  tell(heights: Float64Array): void {
    for (const stack of this.#stacks) for (const { item, y } of stack) heights[item] = y;
  }

  /** Lets a new box in, as near to where it belongs as it can be; returns the column side by side that it stands in. */
  enter(item: number, wanted: number): number {
    const { box } = this.#measures;
    const belongs = this.#within(wanted);
    let best = { cost: Infinity, y: belongs, split: 0 };
    this.#stacks.forEach((stack, split) => {
      for (let i = 0; i <= stack.length; i++) {
        const from = i === 0 ? this.#low : stack[i - 1]!.y + box;
        const to = i === stack.length ? this.#high : stack[i]!.y - box;
        if (from > to) continue;
        for (const y of new Set([Math.min(Math.max(belongs, from), to), from, to])) {
          if (!Number.isFinite(y)) continue;
          const cost = Math.abs(y - belongs) + BEND_COST * box * this.#bendsBeside(y);
          if (cost < best.cost) best = { cost, y, split };
        }
      }
    });
    if (best.cost > FAR * box) {
      const aside = this.#stepAside(belongs);
      if (aside) {
        aside.settle();
        best = { cost: 0, ...aside };
      }
    }
    this.stand(item, best.split, best.y);
    return best.split;
  }

  /** The fewest boxes that make room at a height by moving away from it, no farther than they must; null when they are too many. */
  #stepAside(y: number): { y: number; split: number; settle(): void } | null {
    const { box } = this.#measures;
    let best: { y: number; split: number; moves: [Standing, number][] } | null = null;
    for (const [split, stack] of this.#stacks.entries()) {
      const first = stack.findIndex((other) => other.y >= y);
      const at = first < 0 ? stack.length : first;
      for (const step of [1, -1]) {
        // Going down, the new box stands right below the one above it; going up, right above the one below.
        const beside = step === 1 ? stack[at - 1] : stack[at];
        const here = beside === undefined ? y : step === 1 ? Math.max(y, beside.y + box) : Math.min(y, beside.y - box);
        const moves: [Standing, number][] = [];
        let edge = here + step * box;
        for (let i = step === 1 ? at : at - 1; i >= 0 && i < stack.length; i += step) {
          if (step * (stack[i]!.y - edge) >= 0) break;
          moves.push([stack[i]!, edge]);
          edge += step * box;
        }
        const last = moves.at(-1)?.[1] ?? here;
        if (here < this.#low || here > this.#high || last < this.#low || last > this.#high) continue;
        if (moves.length <= MOST_ASIDE && (best === null || moves.length < best.moves.length))
          best = { y: here, split, moves };
      }
    }
    if (best === null) return null;
    const { moves, ...place } = best;
    const settle = (): void => {
      for (const [standing, to] of moves) standing.y = to;
      this.#boxes = null;
    };
    return { ...place, settle };
  }

  isFree(y: number): boolean {
    return this.#clearOf(y) === null;
  }

  /** Leads a line past, as near to where it should as it can. */
  lead(wanted: number): number {
    const belongs = this.#within(wanted);
    const down = this.#search(belongs, 1);
    const up = this.#search(belongs, -1);
    // The band's open end always has room.
    const y = up < this.#low || (down <= this.#high && down - belongs <= belongs - up) ? down : up;
    this.pass(y);
    return y;
  }

  /** The first height from `y` on that is clear of boxes and bends. */
  #search(y: number, step: 1 | -1): number {
    const { bendToBend } = this.#measures;
    for (let at = y; ;) {
      const box = this.#clearOf(at);
      if (box !== null) {
        at = box + step * this.#measures.boxToBend;
        continue;
      }
      const i = lowerBound(this.#bends, at - bendToBend + TINY);
      const bend = this.#bends[i];
      if (bend === undefined || bend >= at + bendToBend - TINY) return at;
      at = bend + step * bendToBend;
    }
  }

  /** The box that a line at this height would touch; null when there is none. */
  #clearOf(y: number): number | null {
    this.#boxes ??= this.#stacks
      .flat()
      .map((box) => box.y)
      .sort((a, b) => a - b);
    const { boxToBend } = this.#measures;
    const i = lowerBound(this.#boxes, y - boxToBend + TINY);
    const box = this.#boxes[i];
    return box !== undefined && box < y + boxToBend - TINY ? box : null;
  }

  #bendsBeside(y: number): number {
    const { boxToBend } = this.#measures;
    return lowerBound(this.#bends, y + boxToBend) - lowerBound(this.#bends, y - boxToBend);
  }

  #within(y: number): number {
    return Math.min(Math.max(y, this.#low), this.#high);
  }
}

/** Differences below this are no difference, map units. */
const TINY = 1e-6;

/** Place of the first value that is not below `least`. */
function lowerBound(values: readonly number[], least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert<T>(list: T[], value: T, compare: (a: T, b: T) => number): void {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(list[middle]!, value) <= 0) low = middle + 1;
    else high = middle;
  }
  list.splice(low, 0, value);
}
