/**
 * A descriptor as it was read, before its references are resolved. Invariant: a draft depends on its own document alone.
 */
import type { EstateKind } from '../estate.ts';
import type { DependencyMode, DependencyStrength } from '../words.ts';
import type { Place } from './problems.ts';
import type { Ref } from './reference.ts';

export type DraftKind = Exclude<EstateKind, 'dependency'>;

/**
 * How two entities can belong together, read from the first to the second: `x owner team`, `x system s`, `x part y`,
 * `x depends y`, `x provides api`, `x consumes api`, `team member person`, `team parent team`, `x region r`,
 * `service business b`, `business service or store serves service`.
 */
export type Relation =
  | 'owner'
  | 'system'
  | 'part'
  | 'depends'
  | 'provides'
  | 'consumes'
  | 'member'
  | 'parent'
  | 'region'
  | 'business'
  | 'serves';

/** One reference of a descriptor. */
export interface Use {
  relation: Relation;
  /** The descriptor is the second end of the relation, as in `dependencyOf`. */
  inverse: boolean;
  /** What it may mean, most likely first. */
  targets: Ref[];
  /** As written. */
  text: string;
  place: Place;
  field: string;
  /** Where the text is kept when it leads nowhere, so that an export gives it back. */
  keep: { in: 'spec'; name: string; many: boolean } | { in: 'annotations'; name: string } | null;
}

export interface Draft {
  kind: DraftKind;
  ref: Ref;
  place: Place;
  /** `holdfast.dev/id`. */
  id: string | null;
  uid: string | null;
  /** `holdfast.dev/renamed-from`, oldest first. */
  renamedFrom: Ref[];
  /** Every field that holds no reference. */
  fields: Record<string, unknown>;
  uses: Use[];
  /** `holdfast.dev/dependencies`. */
  refine: { use: Use; strength: DependencyStrength; mode: DependencyMode }[];
  /** Files that a Location names: they are read too. */
  targets: { text: string; place: Place; field: string }[];
}

const ESTATE_KIND_OF: Record<string, DraftKind> = {
  component: 'service',
  resource: 'service',
  api: 'grouping',
  system: 'grouping',
  domain: 'grouping',
  location: 'grouping',
  group: 'team',
  user: 'person',
  businessservice: 'business-service',
  store: 'store',
  region: 'region',
  source: 'source',
  calendar: 'calendar',
};

/** The estate's word for a catalog's kind; null for kinds that the estate does not have. */
export function estateKindOf(catalogKind: string): DraftKind | null {
  return Object.hasOwn(ESTATE_KIND_OF, catalogKind) ? ESTATE_KIND_OF[catalogKind]! : null;
}

/** Under which reference an entity of the estate stands in catalogs. */
export function refOfEntity(kind: DraftKind, fields: Record<string, unknown>): string {
  if (typeof fields['ref'] === 'string' && fields['ref'] !== '') return fields['ref'];
  return `${kind.replace('-', '')}:default/${String(fields['name']).toLowerCase()}`;
}
