/**
 * Invariant: the estate in memory is what the projections say; each kind is loaded when it is first asked for, and after
 * a commit only what the commit touched is read again. Lookups that people type (a name, a reference, an old name) resolve to one id or to none.
 */
import { ESTATE_KINDS, readEntity, type EstateEntity, type EstateKind } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { Store } from '../store/store.ts';

export interface EstateProfile {
  name: string;
  demonstration: boolean;
}

type Collections = { [K in EstateKind]?: Map<string, EstateEntity<K>> };

/** Dependencies by service id; a dependency to or from a service that does not exist is in neither. */
export interface Adjacency {
  /** What a service needs. */
  upstream: Map<string, EstateEntity<'dependency'>[]>;
  /** What needs a service. */
  downstream: Map<string, EstateEntity<'dependency'>[]>;
}

export class EstateView {
  readonly #store: Store;
  #all: Collections = {};
  #profile: EstateProfile | null = null;
  #adjacency: Adjacency | null = null;
  #names: Map<EstateKind, Map<string, string>> = new Map();
  /** Grows with every change of the estate's structure. */
  revision = 1;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Reads again what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) {
      this.#all = {};
      this.#profile = null;
      this.#forget();
      return;
    }
    for (const { kind, id, scope } of touched) {
      if (scope !== ESTATE) continue;
      if (kind === 'profile') this.#profile = null;
      if (!Object.hasOwn(ESTATE_KINDS, kind)) continue;
      this.#forget();
      const collection = this.#all[kind as EstateKind] as Map<string, unknown> | undefined;
      if (!collection) continue;
      const row = this.#store.entity(kind, ESTATE, id);
      const entity = row && !row.gone ? readEntity(kind as EstateKind, id, row.doc) : null;
      if (entity) collection.set(id, entity);
      else collection.delete(id);
    }
  }

  #forget(): void {
    this.#adjacency = null;
    this.#names = new Map();
    this.revision++;
  }

  get profile(): EstateProfile {
    if (!this.#profile) {
      const doc = this.#store.entity('profile', ESTATE, 'estate')?.doc;
      this.#profile = { name: String(doc?.['name'] ?? ''), demonstration: doc?.['demonstration'] === true };
    }
    return this.#profile;
  }

  /** The entities of a kind, by id, ordered by id when first loaded. */
  all<K extends EstateKind>(kind: K): ReadonlyMap<string, EstateEntity<K>> {
    const loaded = this.#all[kind] as Map<string, EstateEntity<K>> | undefined;
    return loaded ?? this.#load(kind);
  }

  get<K extends EstateKind>(kind: K, id: string): EstateEntity<K> | undefined {
    return this.all(kind).get(id);
  }

  #load<K extends EstateKind>(kind: K): ReadonlyMap<string, EstateEntity<K>> {
    const loaded = new Map<string, EstateEntity<K>>();
    for (const row of this.#store.entities(kind, ESTATE)) {
      const entity = readEntity(kind, row.id, row.doc);
      if (entity) loaded.set(row.id, entity);
    }
    (this.#all as Record<string, unknown>)[kind] = loaded;
    return loaded;
  }

  get adjacency(): Adjacency {
    if (this.#adjacency) return this.#adjacency;
    const upstream: Adjacency['upstream'] = new Map();
    const downstream: Adjacency['downstream'] = new Map();
    const services = this.all('service');
    for (const dependency of this.all('dependency').values()) {
      if (!services.has(dependency.from) || !services.has(dependency.to)) continue;
      push(upstream, dependency.from, dependency);
      push(downstream, dependency.to, dependency);
    }
    return (this.#adjacency = { upstream, downstream });
  }

  /** The id that `text` means among the entities of a kind: an id, a name, a title, a catalog reference or a former one. */
  resolve(kind: EstateKind, text: string): string | null {
    const wanted = text.trim().replace(/^@/, '');
    if (this.all(kind).has(wanted)) return wanted;
    return this.#namesOf(kind).get(wanted.toLowerCase()) ?? null;
  }

  #namesOf(kind: EstateKind): Map<string, string> {
    const known = this.#names.get(kind);
    if (known) return known;
    const names = new Map<string, string>();
    const ambiguous = new Set<string>();
    const learn = (name: unknown, id: string) => {
      if (typeof name !== 'string' || name === '') return;
      const key = name.toLowerCase();
      if (names.has(key) && names.get(key) !== id) ambiguous.add(key);
      names.set(key, id);
    };
    for (const [id, entity] of this.all(kind) as unknown as ReadonlyMap<string, Record<string, unknown>>) {
      learn(id, id);
      learn(entity['name'], id);
      learn(entity['title'], id);
      learn(entity['ref'], id);
      for (const former of (entity['formerRefs'] as string[] | undefined) ?? []) learn(former, id);
    }
    for (const key of ambiguous) names.delete(key);
    this.#names.set(kind, names);
    return names;
  }

  /** What to call an entity on screen: its title, else its name, else its id. */
  name(kind: EstateKind, id: string): string {
    const entity = this.get(kind, id) as { title?: string; name?: string } | undefined;
    return entity?.title || entity?.name || id;
  }

  /** What to call who acted: a person of the estate, the user of this machine (`local:name`), or the console itself. */
  actorName(actor: string): string {
    if (actor === 'system') return 'Holdfast';
    if (actor.startsWith('local:')) return `${actor.slice(6)} (not in the estate)`;
    const person = this.get('person', actor);
    return person ? personName(person) : actor;
  }
}

/** A person's display name: for people `title` is their job, so the name stands for itself. */
export function personName(person: EstateEntity<'person'>): string {
  return person.name || person.id;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
