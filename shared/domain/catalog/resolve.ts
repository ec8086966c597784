/**
 * Drafts as entities that refer to one another by id. Invariant: the same documents give the same entities in whatever
 * order their files are read; every entity that comes out holds what its schema wants.
 */
import { dependencyId, ESTATE_KINDS, type EstateKind, type RotaLine } from '../estate.ts';
import { Domain } from '../words.ts';
import { HOLDFAST } from './annotations.ts';
import { graphCycles } from './cycles.ts';
import type { Draft, DraftKind, Use } from './draft.ts';
import type { Existing, Identity } from './identity.ts';
import { MAX_ENTITY } from './limits.ts';
import { circle, formerRefs, Links, type Link, type Node } from './links.ts';
import { quote, type Place, type Problems } from './problems.ts';

/** An entity as the catalog says it: every field with its value, defaults filled in. */
export interface CatalogEntity {
  kind: EstateKind;
  id: string;
  place: Place;
  fields: Record<string, unknown>;
  before: Existing | null;
  /** That it is `before` under a new name is a guess. */
  guessed: boolean;
  /** What to call it in a report. */
  name: string;
}

/**
 * @param standing entities of the estate that stay what they are: of other catalogs, and those whose descriptor could not be read
 * @param dependencies the dependencies that the estate holds or held, by id
 * @returns the entities in the order of reading, dependencies last
 */
export function resolve(
  drafts: readonly Draft[],
  identities: ReadonlyMap<Draft, Identity>,
  standing: readonly Existing[],
  dependencies: ReadonlyMap<string, Existing>,
  problems: Problems,
): CatalogEntity[] {
  const links = new Links(drafts, identities, standing, problems);
  const domains = new Domains(links, drafts, standing);
  const found = findDependencies(drafts, links, standing, problems);
  const entities: CatalogEntity[] = [];
  const services = new Set(standing.filter(({ kind }) => kind === 'service').map(({ id }) => id));
  for (const draft of drafts) {
    const node = links.nodeOf(draft);
    if (!node) continue;
    const identity = identities.get(draft)!;
    const raw = withKept({ ...draft.fields, ...REFERENCES[node.kind](links, node) }, links.keptOf(draft), draft);
    raw['formerRefs'] = formerRefs(draft, identity);
    if (draft.kind === 'service') raw['domain'] ??= domains.of(raw['system'] as string | null);
    if (draft.kind === 'team')
      raw['rota'] = (raw['rota'] as RotaLine[]).map((line) => rotaOf(links, draft, line, problems));
    if (draft.kind === 'source' && raw['enabled'] === undefined && identity.before)
      raw['enabled'] = identity.before.fields['enabled'];
    const fields = checked(draft.kind, raw, draft.place, problems);
    if (draft.kind === 'service' && (fields || identity.before?.gone === false)) services.add(node.id);
    if (!fields) continue;
    entities.push({
      kind: draft.kind,
      ...identity,
      place: draft.place,
      fields,
      name: String(fields['title'] || fields['name']),
    });
  }
  const names = new Map(entities.filter(({ kind }) => kind === 'service').map(({ id, name }) => [id, name]));
  for (const { from, to, place, ...fields } of found.values()) {
    if (!services.has(from.id) || !services.has(to.id)) continue;
    const id = dependencyId(from.id, to.id);
    entities.push({
      kind: 'dependency',
      id,
      place,
      fields: { from: from.id, to: to.id, ...fields },
      before: dependencies.get(id) ?? null,
      guessed: false,
      name: `${names.get(from.id) ?? from.id} → ${names.get(to.id) ?? to.id}`,
    });
  }
  return entities;
}

/** The fields of an entity that hold ids of others. */
const REFERENCES: Record<DraftKind, (links: Links, node: Node) => Record<string, unknown>> = {
  service: (links, node) => ({
    owner: links.one(node, 'owner'),
    system: links.one(node, 'system'),
    partOf: links.one(node, 'part'),
    region: links.one(node, 'region'),
    businessServices: links.many(node, 'business'),
    providesApis: links.many(node, 'provides'),
    consumesApis: links.many(node, 'consumes'),
  }),
  'business-service': (links, node) => ({ owner: links.one(node, 'owner'), services: links.many(node, 'serves') }),
  store: (links, node) => ({ region: links.one(node, 'region'), services: links.many(node, 'serves') }),
  team: (links, node) => ({ parent: links.one(node, 'parent'), members: links.many(node, 'member') }),
  person: (links, node) => ({ teams: links.many(node, 'member', true) }),
  grouping: (links, node) => ({ owner: links.one(node, 'owner'), partOf: links.one(node, 'part') }),
  region: () => ({}),
  source: () => ({}),
  calendar: () => ({}),
};

/** Puts references that lead nowhere back where they stood. */
function withKept(fields: Record<string, unknown>, kept: readonly Use[], draft: Draft): Record<string, unknown> {
  if (kept.length === 0) return fields;
  const spec = { ...(fields['spec'] as Record<string, unknown>) };
  const annotations = { ...(fields['annotations'] as Record<string, string>) };
  for (const use of kept) {
    if (use.keep?.in === 'spec') {
      const { name, many } = use.keep;
      spec[name] = many ? [...((spec[name] as string[] | undefined) ?? []), use.text] : use.text;
    } else if (use.keep) {
      const { name } = use.keep;
      const refinement = draft.refine.find((each) => each.use === use);
      const text = refinement ? `${use.text}=${refinement.strength},${refinement.mode}` : use.text;
      annotations[name] =
        annotations[name] === undefined ? text : `${annotations[name]}${refinement ? '; ' : ', '}${text}`;
    }
  }
  return { ...fields, spec, annotations };
}

/** The domain of a system: the nearest of the domains it is part of that bears the name of one of the estate's. */
class Domains {
  readonly #parents = new Map<string, string | null>();
  readonly #named = new Map<string, Domain>();

  constructor(links: Links, drafts: readonly Draft[], standing: readonly Existing[]) {
    const learn = (id: string, type: unknown, name: unknown, parent: string | null) => {
      const domain = Domain.safeParse(String(name).toLowerCase());
      if (type === 'domain' && domain.success) this.#named.set(id, domain.data);
      this.#parents.set(id, parent);
    };
    for (const { kind, id, fields } of standing) {
      if (kind === 'grouping')
        learn(id, fields['type'], fields['name'], (fields['partOf'] as string | null | undefined) ?? null);
    }
    for (const draft of drafts) {
      const node = links.nodeOf(draft);
      if (node?.kind === 'grouping') learn(node.id, node.type, draft.fields['name'], links.one(node, 'part'));
    }
  }

  of(system: string | null): Domain | null {
    let at = system;
    for (let hops = 0; at !== null && hops < 32; hops++) {
      const domain = this.#named.get(at);
      if (domain) return domain;
      at = this.#parents.get(at) ?? null;
    }
    return null;
  }
}

/** A person who is not known keeps the place in the rota: leaving them out would move everybody else's turn. */
function rotaOf(links: Links, draft: Draft, line: RotaLine, problems: Problems): RotaLine {
  const people = line.people.map((text) => {
    const id = links.person(draft, text);
    if (id === null)
      problems.warning(
        draft.place,
        `metadata.annotations.${HOLDFAST}rota`,
        `${quote(text)} is on the rota, but is neither in this catalog nor in the estate.`,
      );
    return id ?? text.toLowerCase();
  });
  return { ...line, people };
}

/** The fields as their schema wants them, without those that it refuses; null when it refuses the whole. */
function checked(
  kind: EstateKind,
  raw: Record<string, unknown>,
  place: Place,
  problems: Problems,
): Record<string, unknown> | null {
  const schema = ESTATE_KINDS[kind];
  const fields = { ...raw };
  let result = schema.safeParse(fields);
  if (!result.success) {
    for (const issue of result.error.issues) {
      const name = String(issue.path[0] ?? '');
      if (name in fields)
        problems.error(
          place,
          name,
          `${issue.path.slice(0, 3).map(String).join('.')}: ${issue.message}; it is left out.`,
        );
      delete fields[name];
    }
    result = schema.safeParse(fields);
    if (!result.success) {
      const missing = result.error.issues.map((issue) => String(issue.path[0])).join(', ');
      problems.error(place, missing, `Without ${missing} this document is left out.`);
      return null;
    }
  }
  const size = JSON.stringify(result.data).length;
  if (size > MAX_ENTITY) {
    problems.error(
      place,
      '',
      `This holds ${Math.ceil(size / 1024)} KiB; one entity holds at most ${MAX_ENTITY / 1024} KiB, so it is left out.`,
    );
    return null;
  }
  return result.data;
}

interface Found {
  from: Node;
  to: Node;
  strength: string;
  mode: string;
  api: string | null;
  place: Place;
}

/** Dependencies that the catalog says: by name, through an API, or in a refinement. */
function findDependencies(
  drafts: readonly Draft[],
  links: Links,
  standing: readonly Existing[],
  problems: Problems,
): Map<string, Found> {
  const found = new Map<string, Found>();
  const add = (from: Node, to: Node, place: Place, api: string | null = null): Found | null => {
    if (from.id === to.id) return null;
    const id = dependencyId(from.id, to.id);
    let dependency = found.get(id);
    if (!dependency) {
      dependency = { from, to, strength: 'hard', mode: 'sync', api, place };
      found.set(id, dependency);
    }
    dependency.api ??= api;
    return dependency;
  };
  for (const { from, to, use } of links.of('depends')) add(from, to, use.place);
  throughApis(links, standing, problems, add);
  for (const draft of drafts) {
    const from = links.nodeOf(draft);
    if (!from) continue;
    for (const { use, strength, mode } of draft.refine) {
      const to = links.follow(draft, use);
      if (!to) continue;
      if (to.kind !== 'service') {
        problems.warning(use.place, use.field, `${to.ref} is no service, so no dependency on it is drawn.`);
        continue;
      }
      const dependency = add(from, to, use.place);
      if (dependency) Object.assign(dependency, { strength, mode });
    }
  }
  warnOfCircles(found, problems);
  return found;
}

/** Who consumes an API depends on whoever provides it. */
function throughApis(
  links: Links,
  standing: readonly Existing[],
  problems: Problems,
  add: (from: Node, to: Node, place: Place, api: string) => void,
): void {
  const providers = new Map<string, Node[]>();
  for (const { from, to } of links.of('provides')) push(providers, to.id, from);
  for (const { kind, id, fields } of standing) {
    if (kind !== 'service') continue;
    const node: Node = { kind, id, type: '', ref: String(fields['ref']) };
    for (const api of (fields['providesApis'] as string[] | undefined) ?? []) push(providers, api, node);
  }
  const consumed = new Map<string, Link[]>();
  for (const link of links.of('consumes')) push(consumed, link.from.id, link);
  for (const uses of consumed.values()) {
    const order = links.many(uses[0]!.from, 'consumes');
    for (const { from, to: api, use } of uses.toSorted((a, b) => order.indexOf(a.to.id) - order.indexOf(b.to.id))) {
      const known = providers.get(api.id);
      if (!known)
        problems.warning(
          use.place,
          use.field,
          `No service here provides ${api.ref}, so no dependency is drawn for it.`,
        );
      for (const node of known ?? []) add(from, node, use.place, api.id);
    }
  }
}

function warnOfCircles(found: ReadonlyMap<string, Found>, problems: Problems): void {
  const edges = new Map<string, string[]>();
  const refs = new Map<string, string>();
  for (const { from, to } of found.values()) {
    push(edges, from.id, to.id);
    refs.set(from.id, from.ref).set(to.id, to.ref);
  }
  for (const cycle of graphCycles(edges)) {
    const place = found.get(dependencyId(cycle[0]!, cycle[1] ?? cycle[0]!))!.place;
    problems.warning(
      place,
      'spec.dependsOn',
      `${circle(cycle.map((id) => refs.get(id)!))} depend on one another in a circle; it is kept as it is.`,
    );
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
