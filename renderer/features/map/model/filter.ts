/**
 * What of the estate is shown. Invariant: shown and hidden add up to the estate, for services and for dependencies, and
 * whatever is hidden is told with its health, so that an empty corner of the map is never taken for a healthy one.
 */
import type { Domain } from '../../../../shared/domain/words.ts';
import { type Graph, HEALTHY } from './graph.ts';
import { isolated } from './isolated.ts';

export interface Filter {
  /**
   * `unhealthy`: what is not healthy and what is near it; `focus`: one service and what is near it;
   * `changed`: what is not as it was then, and what is near it. */
  show: 'all' | 'unhealthy' | 'focus' | 'changed';
  /** How many dependencies away still counts as near, in both directions. */
  hops: number;
  /** Service id, for `focus`. */
  focus: string | null;
  /** Null: all of them. `none` stands for services without one. */
  domain: Domain | 'none' | null;
  tier: 1 | 2 | 3 | 'none' | null;
}

export const EVERYTHING: Filter = { show: 'all', hops: 1, focus: null, domain: null, tier: null };

export interface Shown {
  /** 1 for every service that is shown. */
  mask: Uint8Array;
  services: number;
  dependencies: number;
  /** Dependencies with one end shown and one hidden. */
  crossing: number;
  /** Hidden services by health number. */
  hiddenByHealth: number[];
}

/**
 * Applies a filter. A focus on a service that is gone shows everything.
 * @param changed ids of what is not as it was at the time that is compared with
 */
export function applyFilter(graph: Graph, filter: Filter, changed: ReadonlyMap<string, unknown> = new Map()): Shown {
  const n = graph.services.length;
  const mask = new Uint8Array(n);
  const passes = (v: number): boolean => {
    const { domain, tier } = graph.services[v]!;
    return (
      (filter.domain === null || (filter.domain === 'none' ? domain === null : domain === filter.domain)) &&
      (filter.tier === null || (filter.tier === 'none' ? tier === null : tier === filter.tier))
    );
  };
  const focus = filter.show === 'focus' && filter.focus !== null ? graph.index.get(filter.focus) : undefined;
  if (filter.show === 'all' || (filter.show === 'focus' && focus === undefined)) {
    for (let v = 0; v < n; v++) mask[v] = passes(v) ? 1 : 0;
  } else {
    let ring: number[] = [];
    for (let v = 0; v < n; v++) {
      const seed =
        filter.show === 'focus'
          ? v === focus
          : passes(v) && (filter.show === 'changed' ? changed.has(graph.services[v]!.id) : graph.health[v] !== HEALTHY);
      if (!seed) continue;
      mask[v] = 1;
      ring.push(v);
    }
    for (let hop = 0; hop < filter.hops && ring.length > 0; hop++) {
      const next: number[] = [];
      for (const v of ring) {
        for (const side of [graph.needs, graph.neededBy]) {
          for (let i = side.start[v]!; i < side.start[v + 1]!; i++) {
            const w = side.other[i]!;
            if (mask[w] || !passes(w)) continue;
            mask[w] = 1;
            next.push(w);
          }
        }
      }
      ring = next;
    }
  }
  return { mask, ...count(graph, mask) };
}

function count(graph: Graph, mask: Uint8Array): Omit<Shown, 'mask'> {
  const hiddenByHealth = [0, 0, 0, 0, 0];
  let services = 0;
  for (let v = 0; v < mask.length; v++) {
    if (mask[v]) services++;
    else hiddenByHealth[graph.health[v]!]!++;
  }
  let dependencies = 0;
  let crossing = 0;
  for (let e = 0; e < graph.from.length; e++) {
    const ends = mask[graph.from[e]!]! + mask[graph.to[e]!]!;
    if (ends === 2) dependencies++;
    else if (ends === 1) crossing++;
  }
  return { services, dependencies, crossing, hiddenByHealth };
}

/** The filter in words, as it stands in the count line: "not healthy + 1 hop, e-commerce, tier 1". */
export function describeFilter(filter: Filter, graph: Graph, domainWord: (domain: Domain) => string): string {
  const words: string[] = [];
  const near = filter.hops === 0 ? '' : ` + ${filter.hops} ${filter.hops === 1 ? 'hop' : 'hops'}`;
  const focus = filter.focus === null ? undefined : graph.index.get(filter.focus);
  if (filter.show === 'unhealthy') words.push(`not healthy${near}`);
  if (filter.show === 'changed') words.push(`changed since then${near}`);
  if (filter.show === 'focus' && focus !== undefined) words.push(`${isolated(graph.services[focus]!.name)}${near}`);
  if (filter.domain !== null) words.push(filter.domain === 'none' ? 'no domain' : domainWord(filter.domain));
  if (filter.tier !== null) words.push(filter.tier === 'none' ? 'no tier' : `tier ${filter.tier}`);
  return words.join(', ');
}
