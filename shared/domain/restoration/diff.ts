/**
 * How a plan that was adopted differs from what the facts now ask for. Invariant: adopting `merged` leaves no difference;
 * what was worked on, verified or skipped stays in the plan, and what came back by itself is progress, not a difference.
 */

/** What a plan's items have in common, adopted or proposed. */
export interface Planned {
  id: string;
  services: readonly string[];
  blockedBy: readonly string[];
}

export interface Difference<A extends Planned, B extends Planned> {
  added: B[];
  removed: A[];
  moved: { item: B; before: A }[];
}

/** The new plan: what was touched and is not proposed any more first, in its order, then what is proposed. */
export function merged<A extends Planned, B extends Planned>(
  adopted: readonly A[],
  proposed: readonly B[],
  stays: (item: A) => boolean,
): (A | B)[] {
  const now = new Set(proposed.map(({ id }) => id));
  return [...adopted.filter((item) => !now.has(item.id) && stays(item)), ...proposed];
}

export function difference<A extends Planned, B extends Planned>(
  adopted: readonly A[],
  proposed: readonly B[],
  stays: (item: A) => boolean,
): Difference<A, B> {
  const before = new Map(adopted.map((item, at) => [item.id, { item, at }]));
  const now = new Set(proposed.map(({ id }) => id));
  const common = proposed.filter(({ id }) => before.has(id));
  const kept = longestRising(common.map(({ id }) => before.get(id)!.at));
  return {
    added: proposed.filter(({ id }) => !before.has(id)),
    removed: adopted.filter((item) => !now.has(item.id) && !stays(item)),
    moved: common.flatMap((item, at) => {
      const was = before.get(item.id)!.item;
      const elsewhere = !kept.has(at);
      const waitsForOther = newWaits(was, item, before).length > 0;
      return elsewhere || waitsForOther ? [{ item, before: was }] : [];
    }),
  };
}

/** What an item waits for now and did not before, of what the adopted plan already held. */
export function newWaits(was: Planned, item: Planned, before: ReadonlyMap<string, unknown>): string[] {
  return item.blockedBy.filter((id) => before.has(id) && !was.blockedBy.includes(id));
}

/** The places of a longest rising run in `values`, of several the first found. O(n log n). */
function longestRising(values: readonly number[]): Set<number> {
  const ends: number[] = [];
  const previous: number[] = [];
  values.forEach((value, at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[at] = low === 0 ? -1 : ends[low - 1]!;
    ends[low] = at;
  });
  const kept = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at !== -1; at = previous[at]!) kept.add(at);
  return kept;
}
