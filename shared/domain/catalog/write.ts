/**
 * The estate as YAML files. Invariant: what is written here reads back as the same entities with the same ids, so that
 * importing an export changes nothing.
 */
import { Document, isScalar, visit } from 'yaml';
import type { EstateEntity, EstateKind, Link } from '../estate.ts';
import {
  formatDependencies,
  formatMatchers,
  formatMetrics,
  formatAway,
  formatRota,
  HOLDFAST,
  type Refinement,
} from './annotations.ts';
import { refOfEntity, type DraftKind } from './draft.ts';
import { formatDuration } from './duration.ts';
import { compare } from './problems.ts';
import { isName, parseFullRef, shortRef, type Ref } from './reference.ts';
import { lookUp } from '../lookup.ts';

/** First line of every file that an export writes: by it the next export knows that it may replace the file. */
export const WRITTEN = '# Written by Holdfast (export catalog). The next export into this folder replaces this file.';

/** Largest file that is written, characters; further entities go into another one beside it. */
const MAX_TEXT = 4 * 1024 * 1024;

export interface CatalogFile {
  /** Relative to the folder of the export, with `/`. */
  path: string;
  text: string;
  entities: number;
}

/** The entities of an estate, by kind. */
export type Estate = { readonly [K in EstateKind]: readonly EstateEntity<K>[] };

/**
 * The estate's files, one by one, with nulls in between where the caller may do other things. A reference to an entity that
 * is gone is written as its id, and leads nowhere again when it is read.
 */
export function* writeCatalog(estate: Estate): Generator<CatalogFile | null> {
  const writer = new Writer(estate);
  yield* files('regions', estate.region, (each) => writer.region(each));
  yield* files('teams', estate.team, (each) => writer.team(each));
  yield* files('people', estate.person, (each) => writer.person(each));
  yield* files('systems', estate.grouping, (each) => writer.grouping(each));
  const byDomain = Map.groupBy(estate.service, ({ domain }) => domain ?? 'other');
  for (const [domain, services] of [...byDomain].sort(([a], [b]) => compare(a, b))) {
    yield* files(`services/${domain}`, services, (each) => writer.service(each));
  }
  yield* files('business-services', estate['business-service'], (each) => writer.businessService(each));
  yield* files('stores', estate.store, (each) => writer.store(each));
  yield* files('calendar', estate.calendar, (each) => writer.calendar(each));
  yield* files('sources', estate.source, (each) => writer.source(each));
}

function* files<T extends { id: string }>(
  path: string,
  entities: readonly T[],
  descriptor: (entity: T) => object,
): Generator<CatalogFile | null> {
  let texts: string[] = [];
  let size = 0;
  let part = 1;
  const take = (): CatalogFile => {
    const file = {
      path: `${path}${part === 1 ? '' : `-${part}`}.yaml`,
      text: `${WRITTEN}\n${texts.join('---\n')}`,
      entities: texts.length,
    };
    part++;
    texts = [];
    size = 0;
    return file;
  };
  for (const entity of entities.toSorted((a, b) => compare(a.id, b.id))) {
    const text = toYaml(descriptor(entity));
    if (texts.length > 0 && size + text.length > MAX_TEXT) yield take();
    texts.push(text);
    size += text.length;
    yield null;
  }
  if (texts.length > 0) yield take();
}

/** What an eye does not see and an editor may strip; such texts are written with escapes. */
const ODD = /[^\P{Cc}\n]|[\u2028\u2029\ufeff]|[ \t]\n/u;

const HOURS_A_LINE = 24;
const PLACE = 'HOLDFAST-SERIES-';

/** Writes long rows of numbers a day to a line; the library would give each number a line of its own. */
function toYaml(descriptor: object): string {
  if (JSON.stringify(descriptor).includes(PLACE)) return plainYaml(descriptor);
  const rows: (number | null)[][] = [];
  const withPlaces = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      if (value.length > HOURS_A_LINE && value.every((item) => typeof item === 'number' || item === null))
        return `${PLACE}${rows.push(value) - 1}-`;
      return value.map(withPlaces);
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withPlaces(member)]));
  };
  const text = plainYaml(withPlaces(descriptor) as object);
  return text.replace(new RegExp(`^( *)(.*)${PLACE}(\\d+)-`, 'gm'), (_, indent: string, before: string, n: string) => {
    const numbers = rows[Number(n)]!;
    const lines: string[] = [];
    for (let at = 0; at < numbers.length; at += HOURS_A_LINE)
      lines.push(
        `${indent}  ${numbers
          .slice(at, at + HOURS_A_LINE)
          .map(String)
          .join(', ')}`,
      );
    return `${indent}${before}[\n${lines.join(',\n')}]`;
  });
}

function plainYaml(descriptor: object): string {
  const document = new Document(descriptor, { aliasDuplicateObjects: false });
  visit(document, {
    Seq(_, node) {
      const list = node;
      list.flow =
        list.items.length <= 6 && list.items.every((item) => isScalar(item) && String(item.value).length < 30);
    },
    Scalar(key, node) {
      const scalar = node;
      // A name that YAML would take for a merge.
      if (key === 'key' && scalar.value === '<<') scalar.type = 'QUOTE_SINGLE';
      if (typeof scalar.value !== 'string') return;
      if (ODD.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
      else if (scalar.value.includes('\n') && key !== 'key') scalar.type = 'BLOCK_LITERAL';
    },
  });
  return document.toString({ lineWidth: 120, minContentWidth: 40, flowCollectionPadding: false });
}

/** Without members that say nothing. */
function pruned(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, member]) => {
      if (member === null || member === undefined || member === '') return false;
      return !(typeof member === 'object' && Object.keys(member).length === 0);
    }),
  );
}

const DEFAULT = 'default';

class Writer {
  readonly #refs: ReadonlyMap<string, string>;
  readonly #dependencies: ReadonlyMap<string, EstateEntity<'dependency'>[]>;
  readonly #providers: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(estate: Estate) {
    const kinds: DraftKind[] = [
      'service',
      'business-service',
      'store',
      'region',
      'team',
      'person',
      'grouping',
      'source',
      'calendar',
    ];
    this.#refs = new Map(
      kinds.flatMap((kind) =>
        estate[kind].map((entity) => [
          `${kind} ${entity.id}`,
          refOfEntity(kind, entity as unknown as Record<string, unknown>),
        ]),
      ),
    );
    this.#dependencies = Map.groupBy(estate.dependency, ({ from }) => from);
    const providers = new Map<string, Set<string>>();
    for (const { id, providesApis } of estate.service) {
      for (const api of providesApis) providers.set(api, (providers.get(api) ?? new Set()).add(id));
    }
    this.#providers = providers;
  }

  /** The shortest reference to an entity in a field with these defaults; an entity that is gone stands by its id. */
  #ref(kind: DraftKind, id: string, kinds: readonly string[], namespace: string): string {
    const ref = this.#full(kind, id);
    return ref ? shortRef(ref, { kinds, namespace }) : id;
  }

  #full(kind: DraftKind, id: string): Ref | null {
    return parseFullRef(this.#refs.get(`${kind} ${id}`) ?? '');
  }

  #refsOf(kind: DraftKind, ids: readonly string[], kinds: readonly string[], namespace: string): string[] {
    return ids.map((id) => this.#ref(kind, id, kinds, namespace));
  }

  /** A field that holds one reference: the entity, or what was written where it leads nowhere. */
  #one(kind: DraftKind, id: string | null, kinds: readonly string[], namespace: string): string | undefined {
    return id === null ? undefined : this.#ref(kind, id, kinds, namespace);
  }

  service(service: EstateEntity<'service'>): object {
    const ref = parseFullRef(service.ref) ?? { kind: 'component', namespace: DEFAULT, name: service.id };
    const { namespace } = ref;
    const { dependsOn, refined } = this.#dependsOn(service);
    const annotations = {
      kind: service.kind,
      domain: service.domain,
      tier: text(service.tier),
      rto: duration(service.rtoMinutes),
      rpo: duration(service.rpoMinutes),
      'business-services': this.#refsOf(
        'business-service',
        service.businessServices,
        ['businessservice'],
        namespace,
      ).join(', '),
      region: this.#one('region', service.region, ['region'], namespace),
      dependencies: formatDependencies(refined),
      prometheus: service.metrics.length === 0 ? '' : formatMetrics(service.metrics),
      'alert-match': formatMatchers(service.alertMatch),
      'vendor-status': service.vendorStatus,
      support: service.support,
      runbooks: service.runbooks.join(', '),
      dashboards: service.dashboards.join(', '),
      logs: service.logs.join(', '),
    };
    const own = {
      lifecycle: service.lifecycle,
      owner: this.#one('team', service.owner, ['group'], namespace),
      system: this.#one('grouping', service.system, ['system'], namespace),
      subcomponentOf: this.#one('service', service.partOf, ['component'], namespace),
      dependsOn,
      providesApis: this.#refsOf('grouping', service.providesApis, ['api'], namespace),
      consumesApis: this.#refsOf('grouping', service.consumesApis, ['api'], namespace),
    };
    return backstage(ref, service, { annotations, own });
  }

  /** Dependencies that no API explains, and how they differ from the usual. */
  #dependsOn(service: EstateEntity<'service'>): { dependsOn: string[]; refined: Refinement[] } {
    const dependsOn: string[] = [];
    const refined: Refinement[] = [];
    const dependencies = (this.#dependencies.get(service.id) ?? []).toSorted((a, b) => compare(a.to, b.to));
    for (const { to, strength, mode } of dependencies) {
      const ref = this.#full('service', to);
      if (!ref || to === service.id) continue;
      const full = `${ref.kind}:${ref.namespace}/${ref.name}`;
      const throughApi = service.consumesApis.some((api) => this.#providers.get(api)?.has(to));
      if (!throughApi) dependsOn.push(full);
      if (strength !== 'hard' || mode !== 'sync') refined.push({ text: full, strength, mode });
    }
    return { dependsOn, refined };
  }

  team(team: EstateEntity<'team'>): object {
    const ref = parseFullRef(team.ref) ?? { kind: 'group', namespace: DEFAULT, name: team.id };
    const { namespace } = ref;
    const rota = team.rota.map((line) => ({
      ...line,
      people: this.#refsOf('person', line.people, ['user'], namespace),
    }));
    const annotations = {
      phone: team.phone,
      chat: team.chat,
      bridge: team.bridge,
      rota: rota.length === 0 ? '' : formatRota(rota),
    };
    const own = {
      profile: { ...object(team.spec['profile']), ...pruned({ displayName: team.title, email: team.email }) },
      parent: this.#one('team', team.parent, ['group'], namespace),
      members: this.#refsOf('person', team.members, ['user'], namespace),
    };
    return backstage(ref, { ...team, title: '' }, { annotations, own });
  }

  person(person: EstateEntity<'person'>): object {
    const ref = parseFullRef(person.ref) ?? { kind: 'user', namespace: DEFAULT, name: person.id };
    const { namespace } = ref;
    const annotations = {
      phone: person.phone,
      timezone: person.timezone,
      title: person.title,
      away: person.away.length === 0 ? '' : formatAway(person.away),
    };
    const displayName =
      person.name.toLowerCase() === ref.name && person.metadata['title'] === undefined ? '' : person.name;
    const own = {
      profile: { ...object(person.spec['profile']), ...pruned({ displayName, email: person.email }) },
      memberOf: this.#refsOf('team', person.teams, ['group'], namespace),
    };
    return backstage(ref, { ...person, title: '', description: '' }, { annotations, own });
  }

  grouping(grouping: EstateEntity<'grouping'>): object {
    const ref = parseFullRef(grouping.ref) ?? { kind: grouping.type, namespace: DEFAULT, name: grouping.id };
    const { namespace } = ref;
    const whole = this.#one('grouping', grouping.partOf, [grouping.type === 'api' ? 'system' : 'domain'], namespace);
    const field = { api: 'system', system: 'domain', domain: 'subdomainOf', location: 'partOf' }[grouping.type];
    const own = { owner: this.#one('team', grouping.owner, ['group'], namespace), [field]: whole };
    return backstage(ref, grouping, { annotations: {}, own });
  }

  businessService(business: EstateEntity<'business-service'>): object {
    return plain('BusinessService', business, {
      criticality: business.criticality,
      owner: this.#one('team', business.owner, ['group'], DEFAULT),
      domains: business.domains,
      services: this.#services(business.services, business.spec['services']),
      rto: duration(business.rtoMinutes),
      rpo: duration(business.rpoMinutes),
      currency: business.currency,
      unit: business.unit,
      prometheus: business.throughput,
      baseline: business.baseline && pruned(business.baseline),
      calendar: business.calendar.map(pruned),
      recoverable: business.recoverable === 0 ? null : business.recoverable,
      sla: business.slaPercent,
    });
  }

  calendar(calendar: EstateEntity<'calendar'>): object {
    return plain('Calendar', calendar, { calendar: calendar.calendar.map(pruned) });
  }

  store(store: EstateEntity<'store'>): object {
    return plain('Store', store, {
      region: this.#one('region', store.region, ['region'], DEFAULT),
      timezone: store.timezone,
      country: store.country,
      phone: store.phone,
      share: store.share,
      services: this.#services(store.services, store.spec['services']),
      hours: store.hours,
    });
  }

  #services(ids: readonly string[], kept: unknown): string[] {
    const refs = ids.flatMap((id) => {
      const ref = this.#full('service', id);
      return ref ? shortRef(ref, { kinds: [], namespace: DEFAULT }) : [];
    });
    return [...refs, ...strings(kept)];
  }

  region(region: EstateEntity<'region'>): object {
    return plain('Region', region, { timezone: region.timezone, country: region.country });
  }

  source(source: EstateEntity<'source'>): object {
    const own = { type: source.type, enabled: source.enabled ? null : false };
    return plain('Source', { ...source, spec: { ...source.spec, ...source.config } }, own);
  }
}

/** What descriptors of all kinds keep besides their own fields. */
interface Described {
  id: string;
  name: string;
  title: string;
  description?: string;
  formerRefs: string[];
  uid: string | null;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  metadata: Record<string, unknown>;
  spec: Record<string, unknown>;
  links: Link[];
  tags: string[];
}

const KINDS: Record<string, string> = {
  component: 'Component',
  resource: 'Resource',
  api: 'API',
  system: 'System',
  domain: 'Domain',
  location: 'Location',
  group: 'Group',
  user: 'User',
};

function backstage(
  ref: Ref,
  entity: Described,
  { annotations, own }: { annotations: Record<string, unknown>; own: Record<string, unknown> },
): object {
  const name = entity.name.toLowerCase() === ref.name ? entity.name : ref.name;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: lookUp(KINDS, ref.kind) ?? ref.kind,
    metadata: metadata(name, entity, annotations, ref.namespace),
    ...spec(joined(entity.spec, own)),
  };
}

function plain(kind: string, entity: Described, own: Record<string, unknown>): object {
  const name = isName(entity.name) ? entity.name : entity.id;
  // What stands in `spec` under the name of a field is what that field could not make sense of.
  return {
    apiVersion: 'holdfast.dev/v1',
    kind,
    metadata: metadata(name, entity, {}, DEFAULT),
    ...spec({ ...pruned(own), ...Object.fromEntries(sorted(entity.spec)), ...lists(own) }),
  };
}

function spec(members: Record<string, unknown>): { spec?: object } {
  return Object.keys(members).length === 0 ? {} : { spec: members };
}

/** `services` is written with what leads nowhere already among it. */
function lists(own: Record<string, unknown>): Record<string, unknown> {
  return Array.isArray(own['services']) && own['services'].length > 0 ? { services: own['services'] } : {};
}

function metadata(name: string, entity: Described, ours: Record<string, unknown>, namespace: string): unknown {
  const annotations: Record<string, string> = { ...entity.annotations };
  for (const [key, value] of Object.entries({ id: entity.id, 'renamed-from': entity.formerRefs.join(', '), ...ours })) {
    if (value === null || value === undefined || value === '') continue;
    // A text that is kept is what the field could not make sense of; of a list it is the part that leads nowhere.
    const kept = annotations[HOLDFAST + key];
    if (kept === undefined) annotations[HOLDFAST + key] = value;
    else if (key === 'dependencies' || key === 'business-services')
      annotations[HOLDFAST + key] = `${value}${key === 'dependencies' ? '; ' : ', '}${kept}`;
  }
  return {
    ...pruned({
      name,
      namespace: namespace === DEFAULT ? '' : namespace,
      title: entity.title,
      description: entity.description,
      uid: entity.uid,
    }),
    ...Object.fromEntries(sorted(entity.metadata)),
    ...pruned({
      labels: Object.fromEntries(sorted(entity.labels)),
      annotations: Object.fromEntries(sorted(annotations)),
      tags: entity.tags,
      links: entity.links.map(({ title, url, icon, type }) =>
        pruned({ url, title: title === url ? '' : title, icon, type }),
      ),
    }),
  };
}

/** The members that a kind has, in its order, each with what is kept because it leads nowhere; then all that is kept besides. */
function joined(kept: Record<string, unknown>, own: Record<string, unknown>): Record<string, unknown> {
  const spec: Record<string, unknown> = kept['type'] === undefined ? {} : { type: kept['type'] };
  for (const [name, value] of Object.entries(pruned(own))) {
    spec[name] = Array.isArray(value) ? [...value, ...strings(kept[name])] : value;
  }
  for (const [name, value] of sorted(kept)) if (!Object.hasOwn(spec, name)) spec[name] = value;
  return spec;
}

const sorted = <T>(members: Record<string, T>): [string, T][] =>
  Object.entries(members).sort(([a], [b]) => compare(a, b));
const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const text = (value: number | null): string | null => (value === null ? null : String(value));
const duration = (minutes: number | null): string | null => (minutes === null ? null : formatDuration(minutes * 60));
