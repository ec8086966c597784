/**
 * Heights. Invariant: within a column and band the given order holds with at least the given distances, and among all such
 * placings the one nearest to where the neighbours want it is taken: nothing overlaps, and lines run as straight as they can.
 */

/** What stands in one column and band, in order; a slot is one or several items side by side at the same height. */
export interface Stack {
  /** Items of slot `s`: `items[start[s]] … items[start[s + 1] - 1]`. */
  items: Int32Array;
  start: Int32Array;
  /** Least distance between the middle of a slot and that of the slot before it; 0 for the first. */
  distance: Float64Array;
}

export interface Links {
  /** Neighbours of item `i`, left and right: `other[start[i]] …`, with how strongly each pulls. */
  left: { start: Int32Array; other: Int32Array; weight: Float32Array };
  right: { start: Int32Array; other: Int32Array; weight: Float32Array };
}

/**
 * Least-squares heights under an order: isotonic regression by pooling adjacent violators, exact and linear.
 * @param wanted height that each slot wants
 * @param weight how much each insists, > 0
 * @param distance see {@link Stack}
 * @returns heights, in the unit of `wanted`
 */
export function nearestHeights(wanted: Float64Array, weight: Float64Array, distance: Float64Array): Float64Array {
  const n = wanted.length;
  const heights = new Float64Array(n);
  const mean = new Float64Array(n);
  const mass = new Float64Array(n);
  const size = new Int32Array(n);
  let blocks = 0;
  let offset = 0;
  for (let i = 0; i < n; i++) {
    offset += distance[i]!;
    let m = wanted[i]! - offset;
    let w = weight[i]!;
    let s = 1;
    while (blocks > 0 && mean[blocks - 1]! >= m) {
      blocks--;
      m = (m * w + mean[blocks]! * mass[blocks]!) / (w + mass[blocks]!);
      w += mass[blocks]!;
      s += size[blocks]!;
    }
    mean[blocks] = m;
    mass[blocks] = w;
    size[blocks++] = s;
  }
  offset = 0;
  let i = 0;
  for (let b = 0; b < blocks; b++) {
    for (let s = 0; s < size[b]!; s++, i++) {
      offset += distance[i]!;
      heights[i] = mean[b]! + offset;
    }
  }
  return heights;
}

/**
 * Heights of all items: columns are placed one after the other towards their left neighbours, back towards their right
 * ones, and at last towards both.
 * @param stacks column by column; several stacks of one column (one per band) follow each other
 */
export function placeHeights(items: number, stacks: readonly Stack[], links: Links): Float64Array {
  const height = new Float64Array(items);
  for (const stack of stacks) stackUp(stack, height);
  const place = (stack: Stack, towardsLeft: boolean, towardsRight: boolean): void => {
    const n = stack.distance.length;
    const wanted = new Float64Array(n);
    const weight = new Float64Array(n);
    for (let s = 0; s < n; s++) {
      let sum = 0;
      let mass = 0;
      for (let i = stack.start[s]!; i < stack.start[s + 1]!; i++) {
        const item = stack.items[i]!;
        if (towardsLeft) {
          const { start, other, weight: pull } = links.left;
          for (let j = start[item]!; j < start[item + 1]!; j++) {
            sum += height[other[j]!]! * pull[j]!;
            mass += pull[j]!;
          }
        }
        if (towardsRight) {
          const { start, other, weight: pull } = links.right;
          for (let j = start[item]!; j < start[item + 1]!; j++) {
            sum += height[other[j]!]! * pull[j]!;
            mass += pull[j]!;
          }
        }
      }
      weight[s] = mass > 0 ? mass : FREE;
      wanted[s] = mass > 0 ? sum / mass : height[stack.items[stack.start[s]!]!]!;
    }
    const heights = nearestHeights(wanted, weight, stack.distance);
    for (let s = 0; s < n; s++) {
      for (let i = stack.start[s]!; i < stack.start[s + 1]!; i++) height[stack.items[i]!] = heights[s]!;
    }
  };
  const rounds = items > 3000 ? 2 : 4;
  for (let round = 0; round < rounds; round++) {
    for (let s = 0; s < stacks.length; s++) place(stacks[s]!, true, false);
    for (let s = stacks.length - 1; s >= 0; s--) place(stacks[s]!, false, true);
  }
  for (let s = 0; s < stacks.length; s++) place(stacks[s]!, true, true);
  for (let s = stacks.length - 1; s >= 0; s--) place(stacks[s]!, true, true);
  return height;
}

/** How weakly an item without links stays, against a pull of 1 by one link. */
const FREE = 0.05;

/** First heights: every column by itself, its middle at height 0. */
function stackUp(stack: Stack, height: Float64Array): void {
  let total = 0;
  for (const d of stack.distance) total += d;
  let at = -total / 2;
  for (let s = 0; s < stack.distance.length; s++) {
    at += stack.distance[s]!;
    for (let i = stack.start[s]!; i < stack.start[s + 1]!; i++) height[stack.items[i]!] = at;
  }
}
