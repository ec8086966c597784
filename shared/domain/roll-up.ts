/**
 * Health of business services from the services on their paths. Invariant: the roll-up after any number of single changes
 * equals the roll-up computed from nothing; a change costs work for the business services that it reaches only. Cycles
 * are ordinary: a path is the set of services that can be reached.
 *
 * - The hard path is every service reached from the entry services by hard dependencies. The worst of them decides.
 * - A soft dependency of the hard path, with its own hard path, hurts at most as an early warning, and only when it is
 *   degraded or failing.
 * - A service that nothing watches (no query, no alert matcher, no vendor page) does not make a business service unknown
 *   while others on the path are watched; it is counted and said.
 */
import { worstFirst } from './health.ts';
import type { DependencyStrength, Health } from './words.ts';

export interface RollUpGraph {
  services: Iterable<string>;
  dependencies: Iterable<{ from: string; to: string; strength: DependencyStrength }>;
  /** `services`: where the hard path starts. */
  businessServices: Iterable<{ id: string; services: readonly string[] }>;
}

/** `unwatched`: nothing in the estate says how its health could be known, so nobody could have reported. */
export type Reported = Health | 'unwatched';

export interface RolledUp {
  health: Health;
  /** Services that decide it: on the hard path with that health, or the soft ones behind an early warning. Sorted by id. */
  because: string[];
  /** Whether `because` are soft dependencies. */
  soft: boolean;
  /** Services on the hard path, and how many of them are unknown or not watched by anything. */
  path: number;
  unknown: number;
  unwatched: number;
}

interface Path {
  hard: Set<string>;
  /** Reached by a soft dependency of the hard path and not part of it. */
  soft: Set<string>;
  /** Members of `hard`, and of `soft`, that are not healthy, by what is reported of them. */
  hardBy: Map<Reported, Set<string>>;
  softBy: Map<Reported, Set<string>>;
}

export class RollUp {
  readonly #paths = new Map<string, Path>();
  /** Business services by the services on their paths. */
  readonly #reached = new Map<string, { id: string; path: Path; hard: boolean }[]>();
  readonly #reported = new Map<string, Reported>();

  /** O(business services × (services + dependencies)). Entry services that the estate does not have are left out. */
  constructor(graph: RollUpGraph, reported: (service: string) => Reported) {
    for (const service of graph.services) this.#reported.set(service, reported(service));
    const hard = new Map<string, string[]>();
    const soft = new Map<string, string[]>();
    for (const { from, to, strength } of graph.dependencies) {
      if (!this.#reported.has(from) || !this.#reported.has(to)) continue;
      const edges = strength === 'hard' ? hard : soft;
      const list = edges.get(from);
      if (list) list.push(to);
      else edges.set(from, [to]);
    }
    for (const { id, services } of graph.businessServices) {
      const path = this.#trace(services, hard, soft);
      this.#paths.set(id, path);
      for (const service of path.hard) this.#join(service, id, path, true);
      for (const service of path.soft) this.#join(service, id, path, false);
    }
  }

  #trace(entries: readonly string[], hard: Map<string, string[]>, soft: Map<string, string[]>): Path {
    const present = entries.filter((service) => this.#reported.has(service));
    const onHard = closure(present, hard);
    const softly: string[] = [];
    for (const service of onHard)
      for (const target of soft.get(service) ?? []) if (!onHard.has(target)) softly.push(target);
    const onSoft = closure(softly, hard);
    for (const service of onHard) onSoft.delete(service);
    return { hard: onHard, soft: onSoft, hardBy: new Map(), softBy: new Map() };
  }

  #join(service: string, id: string, path: Path, hard: boolean): void {
    const list = this.#reached.get(service);
    if (list) list.push({ id, path, hard });
    else this.#reached.set(service, [{ id, path, hard }]);
    put(hard ? path.hardBy : path.softBy, this.#reported.get(service)!, service);
  }

  /** Takes what is newly reported of a service; gives the business services whose path it lies on. */
  set(service: string, reported: Reported): string[] {
    const before = this.#reported.get(service);
    if (before === undefined || before === reported) return [];
    this.#reported.set(service, reported);
    const reached = this.#reached.get(service) ?? [];
    for (const { path, hard } of reached) {
      const by = hard ? path.hardBy : path.softBy;
      by.get(before)?.delete(service);
      put(by, reported, service);
    }
    return reached.map(({ id }) => id);
  }

  /** The roll-up of a business service; null when the estate has none of that id. */
  of(id: string): RolledUp | null {
    const path = this.#paths.get(id);
    if (!path) return null;
    const { hardBy, softBy } = path;
    const count = (reported: Reported) => hardBy.get(reported)?.size ?? 0;
    const rest = { path: path.hard.size, unknown: count('unknown'), unwatched: count('unwatched') };
    const hard = (health: Health): RolledUp => ({ health, because: sorted(hardBy.get(health)), soft: false, ...rest });
    if (count('failing') > 0) return hard('failing');
    if (count('degraded') > 0) return hard('degraded');
    if (count('unknown') > 0) return hard('unknown');
    if (path.hard.size === 0 || rest.unwatched === path.hard.size) {
      return { health: 'unknown', because: sorted(hardBy.get('unwatched')), soft: false, ...rest };
    }
    if (count('early-warning') > 0) return hard('early-warning');
    const softly = [...sorted(softBy.get('failing')), ...sorted(softBy.get('degraded'))];
    if (softly.length > 0) return { health: 'early-warning', because: softly, soft: true, ...rest };
    return { health: 'healthy', because: [], soft: false, ...rest };
  }

  /** Services on the hard path that are not healthy, worst first, then by id. Those that nothing watches are left out. */
  hurtBy(id: string): string[] {
    const by = this.#paths.get(id)?.hardBy;
    if (!by) return [];
    const order = (['failing', 'degraded', 'unknown', 'early-warning'] satisfies Health[]).toSorted(worstFirst);
    return order.flatMap((health) => sorted(by.get(health)));
  }

  /** Whether some business service stands on it by hard dependencies only. */
  onHardPath(service: string): boolean {
    return this.#reached.get(service)?.some(({ hard }) => hard) ?? false;
  }

  /** Services on the hard path of a business service. */
  hardPath(id: string): ReadonlySet<string> {
    return this.#paths.get(id)?.hard ?? new Set();
  }
}

/** Everything that can be reached from `from`, itself included. */
function closure(from: readonly string[], edges: Map<string, string[]>): Set<string> {
  const seen = new Set(from);
  const open = [...seen];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const target of edges.get(next) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return seen;
}

function put(by: Map<Reported, Set<string>>, reported: Reported, service: string): void {
  if (reported === 'healthy') return;
  const set = by.get(reported);
  if (set) set.add(service);
  else by.set(reported, new Set([service]));
}

function sorted(set: Set<string> | undefined): string[] {
  return set ? [...set].sort() : [];
}
