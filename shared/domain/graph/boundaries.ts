/**
 * Which trouble stays in its region or with its tenant. Invariant: something is only ever called stopped when the estate
 * itself says why; where it says nothing, trouble goes on.
 *
 * A service that names a region serves that region; one that names none is shared by all. The same holds for tenants
 * (annotation or label `holdfast.dev/tenant`). Trouble carries for whom it is trouble: everyone, or one region (tenant).
 * It begins with what the service that is in trouble serves, and at each dependency `from` needs `to`:
 *
 * 1. Trouble for everyone: `from` is hurt for all whom it serves.
 * 2. `from` serves just those whom the trouble concerns: hurt.
 * 3. `from` is shared, `to` serves one region only: when `from` also needs another instance of the same logical service for
 *    another region, each region's requests go to its own instance, and `from` is hurt for that region alone. Otherwise
 *    that one instance carries all, and `from` is hurt for everyone.
 * 4. `from` and `to` are shared, and `to` is hurt for one region alone: so is `from`.
 * 5. `from` serves another region than the one in trouble:
 *    - `to` is shared and hurt for the other region alone: stopped.
 *    - `to` is an instance of the other region: stopped when `from` is an instance of the same logical service (they stand
 *      beside one another), or needs an instance of it for its own region (which answers for it). Otherwise the estate
 *      declares a need across the boundary, and `from` is hurt.
 *
 * Two services are instances of one logical service when both name it (`holdfast.dev/instance-of`), or when their names
 * are equal but for the region (tenant) that each names: `payments-emea` and `payments-apac`.
 */
import type { Edges } from './graph.ts';

export interface Bounded {
  id: string;
  name: string;
  region: string | null;
  tenant: string | null;
  /** The logical service that it says it is an instance of. */
  instanceOf: string | null;
}

export type BoundaryKind = 'region' | 'tenant';

/** For whom something is trouble, as one number; 0 is everyone. */
export type Scope = number;
export const EVERYONE: Scope = 0;

/** Why trouble does not pass from `to` to `from`. */
export interface Stopped {
  boundary: BoundaryKind;
  /** The region or tenant in trouble, and the one that is spared. */
  hurt: string;
  spared: string;
  why: 'shared' | 'sibling' | 'own-instance';
}

interface Dimension {
  kind: BoundaryKind;
  names: readonly string[];
  /** 1-based place in `names` of what each service serves; 0 when it is shared. */
  of: Uint32Array;
  /** Logical service of each; equal only for instances of one. 0 for none. */
  logical: Uint32Array;
}

export class Boundaries {
  readonly #region: Dimension;
  readonly #tenant: Dimension;
  /** Whether no service names a region or a tenant. */
  readonly none: boolean;
  /** How many scopes there are. */
  readonly scopes: number;

  /** @param services in the order of the graph's indices */
  constructor(services: readonly Bounded[]) {
    this.#region = dimension('region', services);
    this.#tenant = dimension('tenant', services);
    this.none = this.#region.names.length === 0 && this.#tenant.names.length === 0;
    this.scopes = (this.#region.names.length + 1) * (this.#tenant.names.length + 1);
  }

  #pack(region: number, tenant: number): Scope {
    return region * (this.#tenant.names.length + 1) + tenant;
  }

  /** For whom it is trouble when a service is. */
  own(service: number): Scope {
    return this.#pack(this.#region.of[service]!, this.#tenant.of[service]!);
  }

  /** The region and the tenant of a scope; null for all of them. */
  names(scope: Scope): { region: string | null; tenant: string | null } {
    const width = this.#tenant.names.length + 1;
    return {
      region: this.#region.names[Math.floor(scope / width) - 1] ?? null,
      tenant: this.#tenant.names[(scope % width) - 1] ?? null,
    };
  }

  /** What trouble at `to` for `scope` is at `from`, which needs it; or why it stops. */
  pass(needs: Edges, from: number, to: number, scope: Scope): Scope | Stopped {
    const width = this.#tenant.names.length + 1;
    const region = cross(this.#region, needs, from, to, Math.floor(scope / width));
    if (typeof region !== 'number') return region;
    const tenant = cross(this.#tenant, needs, from, to, scope % width);
    return typeof tenant === 'number' ? this.#pack(region, tenant) : tenant;
  }

  /** Whether trouble for `scope` concerns something that serves this region and tenant (null: all). */
  concerns(scope: Scope, region: string | null, tenant: string | null): Stopped | null {
    const names = this.names(scope);
    for (const [boundary, hurt, own] of [
      ['region', names.region, region],
      ['tenant', names.tenant, tenant],
    ] as const)
      if (hurt !== null && own !== null && hurt !== own) return { boundary, hurt, spared: own, why: 'shared' };
    return null;
  }
}

function cross(dimension: Dimension, needs: Edges, from: number, to: number, hurt: number): number | Stopped {
  const { of, logical, names, kind } = dimension;
  const serves = of[from]!;
  if (hurt === 0 || serves === hurt) return serves;
  const instance = of[to]!;
  if (serves === 0) {
    if (instance === 0) return hurt;
    return hasInstance(dimension, needs, from, to, (other) => other !== instance) ? hurt : 0;
  }
  const stopped = (why: Stopped['why']): Stopped => ({
    boundary: kind,
    hurt: names[hurt - 1]!,
    spared: names[serves - 1]!,
    why,
  });
  if (instance === 0) return stopped('shared');
  if (logical[from] !== 0 && logical[from] === logical[to]) return stopped('sibling');
  if (hasInstance(dimension, needs, from, to, (other) => other === serves)) return stopped('own-instance');
  return serves;
}

/** Whether `from` needs an instance of the same logical service as `to` that serves what `fits`. */
function hasInstance(
  { of, logical }: Dimension,
  needs: Edges,
  from: number,
  to: number,
  fits: (serves: number) => boolean,
): boolean {
  const wanted = logical[to]!;
  if (wanted === 0) return false;
  for (let e = needs.start[from]!; e < needs.start[from + 1]!; e++) {
    const other = needs.target[e]!;
    if (other !== to && logical[other] === wanted && of[other] !== 0 && fits(of[other]!)) return true;
  }
  return false;
}

function dimension(kind: BoundaryKind, services: readonly Bounded[]): Dimension {
  const names = new Map<string, number>();
  const logicals = new Map<string, number>();
  const of = new Uint32Array(services.length);
  const logical = new Uint32Array(services.length);
  services.forEach((service, i) => {
    const serves = service[kind];
    if (serves === null || serves === '') return;
    of[i] = placed(names, serves);
    const stem = service.instanceOf === null ? stemOf(service.name, serves) : `= ${service.instanceOf}`;
    if (stem !== null) logical[i] = placed(logicals, stem);
  });
  return { kind, names: [...names.keys()], of, logical };
}

function placed(places: Map<string, number>, name: string): number {
  let place = places.get(name);
  if (place === undefined) places.set(name, (place = places.size + 1));
  return place;
}

/** A name without the region that it names as a whole word: `payments-emea` of `emea` is `payments-*`; null when it names it nowhere. */
function stemOf(name: string, serves: string): string | null {
  const lower = name.toLowerCase();
  const word = serves.toLowerCase();
  for (let at = lower.indexOf(word); at !== -1; at = lower.indexOf(word, at + 1)) {
    const before = lower[at - 1] ?? '-';
    const after = lower[at + word.length] ?? '-';
    if (/[\p{L}\p{N}]/u.test(before) || /[\p{L}\p{N}]/u.test(after)) continue;
    return `${lower.slice(0, at)}*${lower.slice(at + word.length)}`;
  }
  return null;
}
