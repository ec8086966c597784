/**
 * What of a blast radius people outside the machine room ask for: business services, stores, regions. Invariant: a business
 * service or a store is reached exactly when a service that it starts from is in trouble or reached, for somebody whom it
 * serves; of several such services the one that hurts it most surely, then most directly, explains it.
 */
import type { Blast, Reach } from './blast.ts';
import { type Boundaries, EVERYONE, type Scope, type Stopped } from './boundaries.ts';
import type { ServiceGraph } from './graph.ts';

/** Something that stands on services without being one. */
export interface Standing {
  id: string;
  /** Ids of the services it starts from; those that are not in the estate are left out. */
  services: readonly string[];
  region: string | null;
  tenant: string | null;
}

export interface StandingReach {
  id: string;
  /** How the service that explains it is hurt; a root's own reach has no hops. */
  by: Reach;
  /** For whom it is hurt; empty when for all whom it serves. */
  scopes: Scope[];
}

export interface StandingBlast {
  /** Certain first, then nearest, then by id. */
  reached: StandingReach[];
  /** What stands on something that is hurt for others only. */
  stopped: (Stopped & { id: string; at: number })[];
}

/** Which of `standing` a blast reaches, and which a boundary keeps whole. */
export function standingReach(
  graph: ServiceGraph,
  boundaries: Boundaries | null,
  blast: Blast,
  standing: Iterable<Standing>,
): StandingBlast {
  const reached: StandingReach[] = [];
  const stopped: StandingBlast['stopped'] = [];
  for (const { id, services, region, tenant } of standing) {
    let best: Reach | null = null;
    const scopes = new Set<Scope>();
    let wholeElsewhere = false;
    let stop: StandingBlast['stopped'][number] | null = null;
    for (const service of services) {
      const at = graph.indexOf(service);
      if (at === -1) continue;
      const by = blast.of(at);
      if (!by) {
        wholeElsewhere ||= boundaries !== null && boundaries.own(at) !== EVERYONE;
        continue;
      }
      const spared = sparedBy(boundaries, by, at, region, tenant);
      if (spared) {
        stop ??= { ...spared, id, at };
        continue;
      }
      if (best === null || order(by, best) < 0) best = by;
      if (by.scopes.length > 0) for (const scope of by.scopes) scopes.add(scope);
      else scopes.add(boundaries?.own(at) ?? EVERYONE);
    }
    const partly =
      region === null && tenant === null && !scopes.has(EVERYONE) && (wholeElsewhere || best?.scopes.length);
    if (best) reached.push({ id, by: best, scopes: partly ? [...scopes].sort((a, b) => a - b) : [] });
    else if (stop) stopped.push(stop);
  }
  return {
    reached: reached.sort((a, b) => order(a.by, b.by) || (a.id < b.id ? -1 : 1)),
    stopped: stopped.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Why a hurt service does not hurt what serves this region and tenant; null when it does. */
function sparedBy(
  boundaries: Boundaries | null,
  { scopes }: Reach,
  at: number,
  region: string | null,
  tenant: string | null,
): Stopped | null {
  if (!boundaries) return null;
  let spared: Stopped | null = null;
  for (const scope of scopes.length > 0 ? scopes : [boundaries.own(at)]) {
    spared = boundaries.concerns(scope, region, tenant);
    // What names a service of another region says itself that it needs it.
    if (spared === null || scopes.length === 0) return null;
  }
  return spared;
}

function order(a: Reach, b: Reach): number {
  return a.soft - b.soft || a.hops - b.hops;
}
