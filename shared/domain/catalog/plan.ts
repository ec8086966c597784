/**
 * What an import would change. Invariant: importing the same files again changes nothing; only fields that differ are
 * written; what is dropped was of the same catalog, and is gone from files that could be read whole.
 */
import type { CatalogDiff } from '../../contract/estate.ts';
import type { Json } from '../../ops/canonical.ts';
import { ESTATE_KINDS, readEntity, type EstateKind } from '../estate.ts';
import type { Catalog } from './catalog.ts';
import { refOfEntity } from './draft.ts';
import { identify, type Existing } from './identity.ts';
import { formatPlace, textOf } from './problems.ts';
import { resolve, type CatalogEntity } from './resolve.ts';

export type { Existing } from './identity.ts';

/** One entity to write or to remove. */
export type CatalogChange =
  | { do: 'put'; kind: EstateKind; id: string; fields: Record<string, Json> }
  | { do: 'remove'; kind: EstateKind; id: string };

export interface CatalogPlan {
  changes: CatalogChange[];
  diff: CatalogDiff[];
  counts: { added: number; changed: number; renamed: number; dropped: number; unchanged: number };
  /** How many entities of each kind the catalog holds. */
  entities: Record<string, number>;
}

export interface PlanOptions {
  /** Label under which the entities are kept together. */
  origin: string;
  /** Labels whose entities this catalog takes over when it describes them: what was only there for show. */
  takesOver?: ReadonlySet<string>;
  /** Ids of the runbooks at hand; null when that is not known. */
  runbooks?: ReadonlySet<string> | null;
}

/**
 * Compares what was read with the estate. Problems are added to those of the catalog.
 * @param estate every estate entity, also the deleted ones
 */
export function planCatalog(catalog: Catalog, estate: readonly Existing[], options: PlanOptions): CatalogPlan {
  const { origin, takesOver = new Set<string>(), runbooks = null } = options;
  const { problems } = catalog;
  const existing = estate.map(filledIn);
  const drafts = [...catalog.drafts.values()];
  const held = heldBack(catalog, existing, origin);
  const droppable = (entity: Existing) => entity.fields['origin'] === origin && !held.has(entity);

  const identities = identify(drafts, existing, droppable, problems);
  const claimed = new Set([...identities.values()].map(({ before }) => before));
  tellHeld(
    catalog,
    [...held].filter((entity) => !claimed.has(entity)),
  );
  const standing = existing.filter((entity) => !entity.gone && !claimed.has(entity) && !droppable(entity));
  const dependencies = new Map(
    existing.filter(({ kind }) => kind === 'dependency').map((entity) => [entity.id, entity]),
  );
  const entities = resolve(drafts, identities, standing, dependencies, problems);
  if (runbooks) missingRunbooks(entities, runbooks, catalog);

  const plan: CatalogPlan = {
    changes: [],
    diff: [],
    counts: { added: 0, changed: 0, renamed: 0, dropped: 0, unchanged: 0 },
    entities: {},
  };
  const stays = new Set<Existing | null>(claimed);
  for (const entity of entities) {
    plan.entities[entity.kind] = (plan.entities[entity.kind] ?? 0) + 1;
    stays.add(entity.before);
    put(plan, entity, origin, takesOver);
  }
  tellForeign(catalog, entities, origin, takesOver);
  const heldServices = new Set([...held].filter(({ kind }) => kind === 'service').map(({ id }) => id));
  for (const entity of existing) {
    const { kind, id, fields, gone } = entity;
    if (gone || stays.has(entity) || !droppable(entity)) continue;
    if (kind === 'dependency' && (heldServices.has(String(fields['from'])) || heldServices.has(String(fields['to']))))
      continue;
    plan.changes.push({ do: 'remove', kind, id });
    plan.diff.push({ kind, id, name: nameOf(entity), what: 'dropped', fields: [] });
    plan.counts.dropped++;
  }
  return plan;
}

/** An entity as it is read: what its schema refuses, or does not find, has its default. */
function filledIn(entity: Existing): Existing {
  return { ...entity, fields: { ...entity.fields, ...readEntity(entity.kind, entity.id, entity.fields) } };
}

/** Entities of this catalog that are kept although no descriptor speaks of them: theirs may be among what could not be read. */
function heldBack(catalog: Catalog, existing: readonly Existing[], origin: string): Set<Existing> {
  const { lostFiles, lostRefs } = catalog;
  const everything = catalog.incomplete || catalog.drafts.size === 0;
  if (!everything && lostFiles.size === 0) return new Set();
  const own = existing.filter(({ gone, fields }) => !gone && fields['origin'] === origin);
  return new Set(
    own.filter(
      ({ kind, fields }) =>
        everything ||
        lostFiles.has(fileOf(fields)) ||
        (kind !== 'dependency' && lostRefs.has(refOfEntity(kind, fields))),
    ),
  );
}

function fileOf(fields: Record<string, unknown>): string {
  return textOf(fields['at']).replace(/:\d+$/, '');
}

function tellHeld(catalog: Catalog, held: Existing[]): void {
  const entities = held.filter(({ kind }) => kind !== 'dependency');
  for (const [file, group] of Map.groupBy(entities, ({ fields }) => fileOf(fields))) {
    const which =
      group.length === 1 ? `${nameOf(group[0]!)} is` : `${nameOf(group[0]!)} and ${group.length - 1} more are`;
    catalog.problems.warning(
      { file, line: 0 },
      '',
      `${which} kept as last imported, because not everything could be read.`,
    );
  }
}

function tellForeign(
  catalog: Catalog,
  entities: CatalogEntity[],
  origin: string,
  takesOver: ReadonlySet<string>,
): void {
  const foreign = entities.filter(({ kind, before }) => {
    const owner = before && !before.gone && kind !== 'dependency' ? before.fields['origin'] : origin;
    return owner !== origin && !takesOver.has(textOf(owner));
  });
  for (const [owner, group] of Map.groupBy(foreign, ({ before }) => before!.fields['origin'])) {
    const [{ name, place }] = group as [CatalogEntity, ...CatalogEntity[]];
    const from = typeof owner === 'string' ? `first imported as part of "${owner}"` : 'entered by hand';
    const message =
      group.length === 1
        ? `${name} was ${from} and stays so: this import changes it but will never drop it.`
        : `${name} and ${group.length - 1} more were ${from} and stay so: this import changes them but will never drop them.`;
    catalog.problems.warning(place, '', message);
  }
}

function missingRunbooks(entities: CatalogEntity[], known: ReadonlySet<string>, catalog: Catalog): void {
  for (const { kind, fields, place } of entities) {
    if (kind !== 'service') continue;
    for (const id of fields['runbooks'] as string[]) {
      if (!known.has(id))
        catalog.problems.warning(
          place,
          'metadata.annotations.holdfast.dev/runbooks',
          `There is no runbook "${id}" here yet.`,
        );
    }
  }
}

/** Adds what has to be written of one entity. */
function put(plan: CatalogPlan, entity: CatalogEntity, origin: string, takesOver: ReadonlySet<string>): void {
  const { kind, id, name, before } = entity;
  const alive = before && !before.gone ? before : null;
  const was: Record<string, unknown> = { ...defaultsOf(kind), ...before?.fields };
  const fields: Record<string, Json> = {};
  for (const [field, value] of Object.entries(entity.fields)) {
    if (!same(value, was[field] ?? null)) fields[field] = value as Json;
  }
  const owner = before?.fields['origin'] ?? null;
  if (!alive || takesOver.has(textOf(owner))) fields['origin'] = origin;
  if (alive && Object.keys(fields).length === 0) {
    plan.counts.unchanged++;
    return;
  }
  const renamed =
    alive !== null && kind !== 'dependency' && refOfEntity(kind, alive.fields) !== refOfEntity(kind, entity.fields);
  const what = !alive ? 'added' : renamed ? 'renamed' : 'changed';
  plan.counts[what]++;
  plan.diff.push({
    kind,
    id,
    name,
    what,
    fields: alive
      ? Object.entries(fields).map(([field, value]) => ({
          field,
          from: short(field === 'origin' ? owner : was[field]),
          to: short(value),
        }))
      : [],
  });
  plan.changes.push({ do: 'put', kind, id, fields: { ...fields, at: formatPlace(entity.place) } });
}

/** Whether two values are equal as JSON; members that are undefined count as missing. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, n) => same(item, b[n]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(left).filter((name) => left[name] !== undefined);
  return (
    names.length === Object.keys(right).filter((name) => right[name] !== undefined).length &&
    names.every((name) => Object.hasOwn(right, name) && same(left[name], right[name]))
  );
}

const defaults = new Map<EstateKind, Record<string, unknown>>();

function defaultsOf(kind: EstateKind): Record<string, unknown> {
  let values = defaults.get(kind);
  if (!values) {
    const shape = ESTATE_KINDS[kind].shape as Record<
      string,
      { safeParse(value: unknown): { success: boolean; data?: unknown } }
    >;
    values = Object.fromEntries(
      Object.entries(shape).flatMap(([name, schema]) => {
        const parsed = schema.safeParse(undefined);
        return parsed.success ? [[name, parsed.data]] : [];
      }),
    );
    defaults.set(kind, values);
  }
  return values;
}

function nameOf({ id, fields }: Existing): string {
  return textOf(fields['title']) || textOf(fields['name']) || id;
}

/** Longest value that a diff shows, characters. */
const SHORT = 160;

function short(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  let text: string;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) text = value.join(', ');
  else text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === '' || text === '[]' || text === '{}') return null;
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}
