/**
 * The estate as a tree: what each service stands on, below it. Invariant: every shown service is in it at least once; one that
 * stands above itself is named and not opened again, so that a cycle ends.
 */
import type { DependencyLite } from '../../../../shared/contract/estate.ts';
import { type Graph, HEALTHS, HEALTHY, LOUDNESS } from './graph.ts';
import type { Health } from '../../../../shared/domain/words.ts';
import { type Grouping, groupOf } from './grouping.ts';

export interface TreeRow {
  /** Where it is: the ids from the root on. */
  path: string;
  level: number;
  /** Place in the estate; -1 for the head of a group. */
  service: number;
  group: { id: string; title: string; members: readonly number[] } | null;
  /** How the service above needs it. */
  dependency: DependencyLite | null;
  /** How many rows would open below it. */
  children: number;
  expanded: boolean;
  /** It stands among those above it. */
  repeats: boolean;
  place: number;
  of: number;
}

const STEP = '\n';

/** @param order shown services in the order in which they should stand */
export function treeRows(
  graph: Graph,
  mask: Uint8Array,
  order: readonly number[],
  { by }: Grouping,
  expanded: ReadonlySet<string>,
  domainWord: Parameters<typeof groupOf>[2],
): TreeRow[] {
  const rows: TreeRow[] = [];
  const loudestFirst = (a: number, b: number): number =>
    LOUDNESS[graph.health[b]!]! - LOUDNESS[graph.health[a]!]! ||
    graph.services[a]!.name.localeCompare(graph.services[b]!.name);
  const needs = (v: number): { service: number; dependency: DependencyLite }[] => {
    const found: { service: number; dependency: DependencyLite }[] = [];
    for (let i = graph.needs.start[v]!; i < graph.needs.start[v + 1]!; i++) {
      const w = graph.needs.other[i]!;
      if (mask[w]) found.push({ service: w, dependency: graph.dependencies[graph.needs.edge[i]!]! });
    }
    return found.sort((a, b) => loudestFirst(a.service, b.service));
  };
  const add = (
    v: number,
    above: string,
    level: number,
    dependency: DependencyLite | null,
    ancestors: readonly number[],
    place: number,
    of: number,
  ): void => {
    const path = `${above}${STEP}${graph.services[v]!.id}`;
    const repeats = ancestors.includes(v);
    const below = repeats ? [] : needs(v);
    const open = below.length > 0 && expanded.has(path);
    rows.push({
      ...{ path, level, service: v, group: null, dependency, children: below.length, expanded: open, repeats },
      ...{ place, of },
    });
    if (!open) return;
    const within = [...ancestors, v];
    below.forEach((child, i) => add(child.service, path, level + 1, child.dependency, within, i + 1, below.length));
  };
  if (by === 'none') {
    const roots = rootsOf(graph, mask, order);
    roots.forEach((v, i) => add(v, '', 1, null, [], i + 1, roots.length));
    return rows;
  }
  const groups = new Map<string, { id: string; title: string; members: number[] }>();
  for (const v of order) {
    const { id, title } = groupOf(graph.services[v]!, by, domainWord);
    const known = groups.get(id);
    if (known) known.members.push(v);
    else groups.set(id, { id, title, members: [v] });
  }
  let place = 0;
  for (const group of groups.values()) {
    place++;
    const path = `${STEP}${group.id}`;
    const open = expanded.has(path);
    rows.push({
      ...{ path, level: 1, service: -1, group, dependency: null, children: group.members.length },
      ...{ expanded: open, repeats: false, place, of: groups.size },
    });
    if (open) group.members.forEach((v, i) => add(v, path, 2, null, [], i + 1, group.members.length));
  }
  return rows;
}

/** What is not healthy of all that a service stands on, itself left out, the loudest first. O(what it stands on). */
export function hurtBelow(graph: Graph, mask: Uint8Array, service: number): { health: Health; count: number }[] {
  const seen = new Set([service]);
  const stack = [service];
  const byHealth = HEALTHS.map(() => 0);
  for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
    if (v !== service) byHealth[graph.health[v]!]!++;
    for (let i = graph.needs.start[v]!; i < graph.needs.start[v + 1]!; i++) {
      const w = graph.needs.other[i]!;
      if (!mask[w] || seen.has(w)) continue;
      seen.add(w);
      stack.push(w);
    }
  }
  return HEALTHS.map((health, code) => ({ health, code, count: byHealth[code]! }))
    .filter(({ code, count }) => code !== HEALTHY && count > 0)
    .sort((a, b) => LOUDNESS[b.code]! - LOUDNESS[a.code]!)
    .map(({ health, count }) => ({ health, count }));
}

/** Services that no other shown one needs; and of those that only cycles lead to, as many as it takes to reach all. */
function rootsOf(graph: Graph, mask: Uint8Array, order: readonly number[]): number[] {
  const reached = new Uint8Array(mask.length);
  const reach = (root: number): void => {
    const stack = [root];
    reached[root] = 1;
    for (let v = stack.pop(); v !== undefined; v = stack.pop()) {
      for (let i = graph.needs.start[v]!; i < graph.needs.start[v + 1]!; i++) {
        const w = graph.needs.other[i]!;
        if (!mask[w] || reached[w]) continue;
        reached[w] = 1;
        stack.push(w);
      }
    }
  };
  const isTop = (v: number): boolean => {
    for (let i = graph.neededBy.start[v]!; i < graph.neededBy.start[v + 1]!; i++) {
      const w = graph.neededBy.other[i]!;
      if (w !== v && mask[w]) return false;
    }
    return true;
  };
  const roots = new Set(order.filter(isTop));
  for (const v of roots) reach(v);
  for (const v of order) {
    if (reached[v]) continue;
    roots.add(v);
    reach(v);
  }
  return order.filter((v) => roots.has(v));
}
