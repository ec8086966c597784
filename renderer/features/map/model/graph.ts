/**
 * The estate as a graph in flat arrays. Invariant: every dependency of the estate is counted exactly once: it is either
 * an edge of the graph or one of the `loose` ones that name a service nobody knows, so that none goes missing in silence.
 */
import type { DependencyLite, EstateMap, ServiceLite } from '../../../../shared/contract/estate.ts';
import { type Adjacency, adjacency } from '../../../../shared/domain/layout/adjacency.ts';
import type { Health } from '../../../../shared/domain/words.ts';

/** Health as a number for flat arrays: its place here. */
export const HEALTHS: readonly Health[] = ['healthy', 'early-warning', 'degraded', 'failing', 'unknown'];
export const HEALTHY = 0;
export const EARLY_WARNING = 1;
export const DEGRADED = 2;
export const FAILING = 3;
export const UNKNOWN = 4;

/** How loud each health is, by its number; not knowing is as loud as being degraded. */
export const LOUDNESS: readonly number[] = [0, 1, 3, 4, 2];

export interface Graph {
  services: readonly ServiceLite[];
  index: ReadonlyMap<string, number>;
  /** Dependencies between known services; edge `e` is `dependencies[e]`. */
  dependencies: readonly DependencyLite[];
  from: Int32Array;
  to: Int32Array;
  /** How many dependencies of the estate each edge stands for. */
  weight: Uint32Array;
  /** What each service needs, and what needs it. */
  needs: Adjacency;
  neededBy: Adjacency;
  /** Dependencies of which an end is not in the estate. */
  loose: readonly DependencyLite[];
  health: Uint8Array;
  asOf: number;
}

export function toGraph(map: EstateMap): Graph {
  const { services } = map;
  const index = new Map(services.map((service, i) => [service.id, i]));
  const dependencies: DependencyLite[] = [];
  const loose: DependencyLite[] = [...(map.loose ?? [])];
  for (const dependency of map.dependencies) {
    if (index.has(dependency.from) && index.has(dependency.to)) dependencies.push(dependency);
    else loose.push(dependency);
  }
  const from = Int32Array.from(dependencies, (dependency) => index.get(dependency.from)!);
  const to = Int32Array.from(dependencies, (dependency) => index.get(dependency.to)!);
  return {
    services,
    index,
    dependencies,
    from,
    to,
    weight: new Uint32Array(from.length).fill(1),
    needs: adjacency(services.length, from, to),
    neededBy: adjacency(services.length, to, from),
    loose,
    health: Uint8Array.from(services, (service) => HEALTHS.indexOf(service.health.health)),
    asOf: map.asOf,
  };
}
