/**
 * Groups that are drawn as one box. Invariant: nothing goes missing by being put together: every shown service is either
 * drawn or counted in exactly one box, every dependency is drawn, counted on the line of its group, or counted as running
 * inside one; and what is said of a group's path is the loudest of the dependencies it stands for, never a guess from its own health.
 */
import type { DependencyLite, ServiceLite } from '../../../../shared/contract/estate.ts';
import type { Health } from '../../../../shared/domain/words.ts';
import { adjacency } from '../../../../shared/domain/layout/adjacency.ts';
import { type Graph, HEALTHS, HEALTHY, LOUDNESS } from './graph.ts';

export type GroupBy = 'none' | 'domain' | 'system' | 'team' | 'region';

export interface Grouping {
  by: GroupBy;
  /** Ids of groups whose services are drawn one by one. */
  open: readonly string[];
}

export const UNGROUPED: Grouping = { by: 'none', open: [] };

export interface Group {
  id: string;
  title: string;
  /** Places of its shown services in the estate. */
  members: readonly number[];
  /** The same by health number. */
  byHealth: readonly number[];
  /** Dependencies between its own services. */
  inside: number;
}

export interface Grouped {
  /** The estate with every closed group in place of its services. */
  graph: Graph;
  mask: Uint8Array;
  /** Closed groups by id. */
  groups: ReadonlyMap<string, Group>;
  /** What each dependency of the estate is drawn as; -1 inside a closed group. */
  edgeOf: Int32Array;
}

/** The group that a service belongs to: its id and what people call it. */
export function groupOf(
  service: ServiceLite,
  by: Exclude<GroupBy, 'none'>,
  domainWord: (domain: NonNullable<ServiceLite['domain']>) => string,
): { id: string; title: string } {
  const [key, title] = {
    domain: (): [string | null, string] => [
      service.domain,
      service.domain === null ? 'No domain' : domainWord(service.domain),
    ],
    system: (): [string | null, string] => [service.system, service.system ?? 'No system'],
    team: (): [string | null, string] => [service.owner?.id ?? null, service.owner?.name ?? 'No owner'],
    region: (): [string | null, string] => [service.region, service.region ?? 'No region'],
  }[by]();
  return { id: `group/${by}/${key ?? ''}`, title };
}

/** A group of one service is that service: nothing would be gained by hiding its name. */
const LEAST = 2;

/** Puts the shown services of closed groups together. O(services + dependencies). */
export function groupServices(
  graph: Graph,
  mask: Uint8Array,
  { by, open }: Grouping,
  domainWord: (domain: NonNullable<ServiceLite['domain']>) => string,
): Grouped {
  if (by === 'none') return { graph, mask, groups: new Map(), edgeOf: Int32Array.from(graph.from, (_, e) => e) };
  const collected = new Map<string, { title: string; members: number[] }>();
  const idOf = graph.services.map((service, v) => {
    if (!mask[v]) return null;
    const { id, title } = groupOf(service, by, domainWord);
    if (open.includes(id)) return null;
    const known = collected.get(id);
    if (known) known.members.push(v);
    else collected.set(id, { title, members: [v] });
    return id;
  });
  const services: ServiceLite[] = [];
  const shown: number[] = [];
  const placeOf = new Int32Array(graph.services.length);
  const placeOfGroup = new Map<string, number>();
  graph.services.forEach((service, v) => {
    const id = idOf[v] ?? null;
    const group = id === null ? undefined : collected.get(id)!;
    if (id === null || group!.members.length < LEAST) {
      placeOf[v] = services.length;
      services.push(service);
      shown.push(mask[v]!);
      return;
    }
    const known = placeOfGroup.get(id);
    if (known !== undefined) placeOf[v] = known;
    else {
      placeOf[v] = services.length;
      placeOfGroup.set(id, services.length);
      services.push(asService(graph, id, group!));
      shown.push(1);
    }
  });

  const dependencies: DependencyLite[] = [];
  const weight: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  const inside = new Map<number, number>();
  const known = new Map<number, number>();
  const groupPlaces = new Set(placeOfGroup.values());
  const edgeOf = new Int32Array(graph.from.length);
  for (let e = 0; e < graph.from.length; e++) {
    const a = placeOf[graph.from[e]!]!;
    const b = placeOf[graph.to[e]!]!;
    const one = graph.dependencies[e]!;
    if (a === b && groupPlaces.has(a)) {
      inside.set(a, (inside.get(a) ?? 0) + 1);
      edgeOf[e] = -1;
      continue;
    }
    const joins = groupPlaces.has(a) || groupPlaces.has(b);
    const key = a * services.length + b;
    const there = joins ? known.get(key) : undefined;
    if (there !== undefined) {
      edgeOf[e] = there;
      weight[there]! += graph.weight[e]!;
      const { strength, mode, ...ends } = dependencies[there]!;
      dependencies[there] = {
        ...ends,
        strength: one.strength === 'hard' ? 'hard' : strength,
        mode: mode === one.mode ? mode : 'sync',
      };
      continue;
    }
    edgeOf[e] = dependencies.length;
    if (joins) known.set(key, dependencies.length);
    dependencies.push({ ...one, from: services[a]!.id, to: services[b]!.id });
    weight.push(graph.weight[e]!);
    from.push(a);
    to.push(b);
  }
  const groups = new Map<string, Group>();
  for (const [id, place] of placeOfGroup) {
    const { title, members } = collected.get(id)!;
    const byHealth = [0, 0, 0, 0, 0];
    for (const v of members) byHealth[graph.health[v]!]!++;
    groups.set(id, { id, title, members, byHealth, inside: inside.get(place) ?? 0 });
  }
  const ends = { from: Int32Array.from(from), to: Int32Array.from(to) };
  const drawnAs = (id: string): string => {
    const v = graph.index.get(id);
    return v === undefined ? id : services[placeOf[v]!]!.id;
  };
  return {
    graph: {
      services,
      index: new Map(services.map(({ id }, i) => [id, i])),
      dependencies,
      ...ends,
      weight: Uint32Array.from(weight),
      needs: adjacency(services.length, ends.from, ends.to),
      neededBy: adjacency(services.length, ends.to, ends.from),
      loose: graph.loose.map(({ from: a, to: b, ...rest }) => ({ ...rest, from: drawnAs(a), to: drawnAs(b) })),
      health: Uint8Array.from(services, ({ health }) => HEALTHS.indexOf(health.health)),
      asOf: graph.asOf,
    },
    mask: Uint8Array.from(shown),
    groups,
    edgeOf,
  };
}

/** A closed group as the map and the walk take it: the loudest health, the most important tier, the commonest kind. */
function asService(
  graph: Graph,
  id: string,
  { title, members }: { title: string; members: readonly number[] },
): ServiceLite {
  const each = members.map((v) => graph.services[v]!);
  const loudest = members.reduce((a, b) => (LOUDNESS[graph.health[b]!]! > LOUDNESS[graph.health[a]!]! ? b : a));
  const tiers = each.flatMap(({ tier }) => (tier === null ? [] : [tier]));
  const [{ domain, system, owner, region }] = each as [ServiceLite];
  const same = <T>(value: T, of: (service: ServiceLite) => unknown): T | null =>
    each.every((service) => of(service) === value) ? value : null;
  return {
    id,
    name: title,
    kind: commonest(each.map(({ kind }) => kind)),
    domain: same(domain, (service) => service.domain),
    tier: tiers.length === 0 ? null : Math.min(...tiers),
    owner: each.every((service) => service.owner?.id === owner?.id) ? owner : null,
    system: same(system, (service) => service.system),
    region: same(region, (service) => service.region),
    health: { ...graph.services[loudest]!.health, health: HEALTHS[graph.health[loudest]!]!, source: null, reason: '' },
  };
}

/** The one that occurs most often; of several, the first by name. */
function commonest<T extends string>(values: readonly T[]): T {
  const count = new Map<T, number>();
  for (const value of values) count.set(value, (count.get(value) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]![0];
}

/** What is true of the dependencies that a line stands for: the loudest of their states. @param path by dependency of the estate */
export function foldPath(path: Uint8Array, { edgeOf, graph }: Grouped): Uint8Array {
  const folded = new Uint8Array(graph.from.length);
  for (let e = 0; e < path.length; e++) {
    const line = edgeOf[e]!;
    if (line >= 0 && path[e]! > folded[line]!) folded[line] = path[e]!;
  }
  return folded;
}

const number = new Intl.NumberFormat('en');

/** "+38 hidden, 2 failing, 1 unknown"; what is healthy is not named unless all is. */
export function groupNote({ members, byHealth }: Group, healthWord: (health: Health) => string): string {
  const hurt = HEALTHS.map((health, code) => ({ health, code, count: byHealth[code]! }))
    .filter(({ code, count }) => code !== HEALTHY && count > 0)
    .sort((a, b) => LOUDNESS[b.code]! - LOUDNESS[a.code]!)
    .map(({ health, count }) => `${number.format(count)} ${healthWord(health)}`);
  return `+${number.format(members.length)} hidden, ${hurt.length === 0 ? 'all healthy' : hurt.join(', ')}`;
}
