/** The shown part of the estate as the map draws it. Invariant: every dependency of which one end is shown, and the other hidden or no service at all, is counted at the end that is shown. */
import { type Lanes, laneIn, laneTitles } from '../../../../shared/domain/layout/lanes.ts';
import { KIND_WORDS } from '../../../ui/words.ts';
import { type Cast, type Live, OUTLINE, outlineOf, styleOf } from '../draw/scene.ts';
import { type Graph, LOUDNESS, UNKNOWN } from './graph.ts';
import { type Group, type GroupBy, groupOf } from './grouping.ts';
import { isolated } from './isolated.ts';

export interface Casting {
  cast: Cast;
  /** Place in the estate of every service of the cast, and back (-1 where it is hidden). */
  services: Int32Array;
  memberOf: Int32Array;
  /** The same for dependencies. */
  edges: Int32Array;
}

/** How the map is arranged: what its lanes stand for, and what begins side by side. */
export interface Arrangement {
  lanes: Lanes;
  by: GroupBy;
}

const USUAL: Arrangement = { lanes: 'kind', by: 'none' };

/** @param groups what of the graph is a closed group, by id */
export function castOf(
  graph: Graph,
  mask: Uint8Array,
  { lanes, by }: Arrangement = USUAL,
  groups: ReadonlyMap<string, Group> = new Map(),
): Casting {
  const memberOf = new Int32Array(mask.length).fill(-1);
  const members: number[] = [];
  for (let v = 0; v < mask.length; v++) {
    if (!mask[v]) continue;
    memberOf[v] = members.length;
    members.push(v);
  }
  const edges: number[] = [];
  const hiddenNeeds = new Uint16Array(members.length);
  const hiddenNeededBy = new Uint16Array(members.length);
  for (let e = 0; e < graph.from.length; e++) {
    const a = memberOf[graph.from[e]!]!;
    const b = memberOf[graph.to[e]!]!;
    if (a >= 0 && b >= 0) edges.push(e);
    else if (a >= 0) hiddenNeeds[a]! += graph.weight[e]!;
    else if (b >= 0) hiddenNeededBy[b]! += graph.weight[e]!;
  }
  const memberNamed = (id: string): number => memberOf[graph.index.get(id) ?? -1] ?? -1;
  for (const { from, to } of graph.loose) {
    const a = memberNamed(from);
    const b = memberNamed(to);
    if (a >= 0) hiddenNeeds[a]!++;
    else if (b >= 0) hiddenNeededBy[b]!++;
  }
  const service = (v: number) => graph.services[v]!;
  const names = members.map((v) => {
    const group = groups.get(service(v).id);
    return group === undefined
      ? service(v).name
      : `${isolated(group.title)} (${group.members.length.toLocaleString('en')})`;
  });
  const cast: Cast = {
    ids: members.map((v) => service(v).id),
    groups: members.map((v) =>
      by === 'none' ? (service(v).domain ?? '') : groupOf(service(v), by, (domain) => domain).id,
    ),
    names,
    alike: alikeOf(names),
    notes: members.map(
      (v) => `${service(v).tier === null ? 'no tier' : `tier ${service(v).tier}`} · ${KIND_WORDS[service(v).kind]}`,
    ),
    outline: Uint8Array.from(members, (v) => (groups.has(service(v).id) ? OUTLINE.stack : outlineOf(service(v).kind))),
    tier: Uint8Array.from(members, (v) => service(v).tier ?? 0),
    lane: Uint8Array.from(members, (v) => laneIn(lanes, service(v))),
    laneTitles: laneTitles(lanes),
    stores: lanes === 'kind',
    from: Int32Array.from(edges, (e) => memberOf[graph.from[e]!]!),
    to: Int32Array.from(edges, (e) => memberOf[graph.to[e]!]!),
    weight: Uint32Array.from(edges, (e) => graph.weight[e]!),
    style: Uint8Array.from(edges, (e) => styleOf(graph.dependencies[e]!.strength, graph.dependencies[e]!.mode)),
    hiddenNeeds,
    hiddenNeededBy,
  };
  return { cast, services: Int32Array.from(members), memberOf, edges: Int32Array.from(edges) };
}

/** What is left of a name where there is little room. */
const BEGINNING = 6;

function alikeOf(names: readonly string[]): Uint8Array {
  const beginnings = names.map((name) => name.slice(0, BEGINNING).toLowerCase());
  const times = new Map<string, number>();
  for (const one of beginnings) times.set(one, (times.get(one) ?? 0) + 1);
  return Uint8Array.from(beginnings, (one) => (times.get(one)! > 1 ? 1 : 0));
}

/** Health of a cast. @param path QUIET, AT_RISK or HURT per dependency of the estate */
export function liveOf(
  graph: Graph,
  { services, memberOf, edges }: Casting,
  path: Uint8Array,
  notes: ReadonlyMap<string, string> = new Map(),
  changed: ReadonlySet<string> = new Set(),
): Live {
  const hiddenHealth = new Uint8Array(services.length);
  const behind = (member: number, hidden: number): void => {
    const health = graph.health[hidden]!;
    if (LOUDNESS[health]! > LOUDNESS[hiddenHealth[member]!]!) hiddenHealth[member] = health;
  };
  for (let e = 0; e < graph.from.length; e++) {
    const from = graph.from[e]!;
    const to = graph.to[e]!;
    if (memberOf[from]! >= 0 && memberOf[to]! < 0) behind(memberOf[from]!, to);
    else if (memberOf[from]! < 0 && memberOf[to]! >= 0) behind(memberOf[to]!, from);
  }
  // How something is doing that no service is, nobody knows.
  for (const { from, to } of graph.loose)
    for (const id of [from, to]) {
      const member = memberOf[graph.index.get(id) ?? -1] ?? -1;
      if (member >= 0 && LOUDNESS[UNKNOWN]! > LOUDNESS[hiddenHealth[member]!]!) hiddenHealth[member] = UNKNOWN;
    }
  return {
    health: Uint8Array.from(services, (v) => graph.health[v]!),
    edge: Uint8Array.from(edges, (e) => path[e]!),
    hiddenHealth,
    changed: Uint8Array.from(services, (v) => (changed.has(graph.services[v]!.id) ? 1 : 0)),
    notes: new Map(
      [...notes].flatMap(([id, note]): [number, string][] => {
        const v = graph.index.get(id);
        const member = v === undefined ? -1 : memberOf[v]!;
        return member < 0 ? [] : [[member, note]];
      }),
    ),
  };
}
