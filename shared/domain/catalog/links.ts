/**
 * The references of a catalog as links between entities. Invariant: a reference that leads nowhere, to the wrong kind of
 * thing or round in a circle is told, draws nothing, and is remembered under its draft so that it goes back where it stood.
 */
import { estateKindOf, refOfEntity, type Draft, type DraftKind, type Relation, type Use } from './draft.ts';
import { pointerCycles } from './cycles.ts';
import type { Existing, Identity } from './identity.ts';
import { compare, formatPlace, quote, textOf, type Problems } from './problems.ts';
import { formatRef, parseFullRef, parseRef } from './reference.ts';

/** An entity that references lead to. */
export interface Node {
  kind: DraftKind;
  id: string;
  /** `system`, `domain`, `api` or `location` of a grouping. */
  type: string;
  ref: string;
}

export interface Link {
  relation: Relation;
  from: Node;
  to: Node;
  /** Said by the descriptor of `from`. */
  direct: boolean;
  draft: Draft;
  use: Use;
}

/** What an entity is to another: only the first of these counts, and more are told. */
const SINGLE = ['owner', 'system', 'part', 'parent', 'region'] as const;
type Single = (typeof SINGLE)[number];
type Many = Exclude<Relation, Single>;

const NAMES: Record<Relation, string> = {
  owner: 'the owner',
  system: 'the system',
  part: 'the whole',
  depends: 'a dependency',
  provides: 'an API provided by',
  consumes: 'an API consumed by',
  member: 'a member',
  parent: 'the parent',
  region: 'the region',
  business: 'a business service',
  serves: 'a service',
};

/** Kinds that lists of ours name by id where it differs from the name. */
const BY_ID = new Set(['businessservice', 'region', 'store', 'group', 'user']);

export class Links {
  readonly #problems: Problems;
  readonly #nodes = new Map<Draft, Node>();
  readonly #byRef = new Map<string, Node>();
  readonly #byId = new Map<string, Node>();
  /** Null when several stood under that reference. */
  readonly #formerly = new Map<string, Node | null>();
  readonly #kept = new Map<Draft, Use[]>();
  readonly #links: Link[] = [];
  readonly #single = new Map<string, Link>();
  readonly #many = new Map<string, string[]>();

  /** @param standing entities of the estate that stay what they are: of other catalogs, and those whose descriptor could not be read */
  constructor(
    drafts: readonly Draft[],
    identities: ReadonlyMap<Draft, Identity>,
    standing: readonly Existing[],
    problems: Problems,
  ) {
    this.#problems = problems;
    for (const { kind, id, fields } of standing) {
      if (kind === 'dependency') continue;
      const former = Array.isArray(fields['formerRefs']) ? fields['formerRefs'].map(String) : [];
      this.#learn({ kind, id, type: textOf(fields['type']), ref: refOfEntity(kind, fields) }, former);
    }
    for (const draft of drafts) {
      const identity = identities.get(draft);
      if (!identity) continue;
      const node: Node = {
        kind: draft.kind,
        id: identity.id,
        type: textOf(draft.fields['type']),
        ref: formatRef(draft.ref),
      };
      this.#nodes.set(draft, node);
      this.#learn(node, formerRefs(draft, identity));
    }
    for (const draft of this.#nodes.keys()) for (const use of draft.uses) this.#add(draft, use);
    this.#settle();
  }

  #learn(node: Node, former: string[]): void {
    this.#byRef.set(node.ref, node);
    this.#byId.set(idKey(node.kind, node.id), node);
    for (const ref of former) this.#formerly.set(ref, this.#formerly.has(ref) ? null : node);
  }

  /** The entity that a draft describes. */
  nodeOf(draft: Draft): Node | undefined {
    return this.#nodes.get(draft);
  }

  /** References of a draft that lead nowhere, in the order of the file, except where another one has taken their place. */
  keptOf(draft: Draft): readonly Use[] {
    const node = this.#nodes.get(draft);
    return (this.#kept.get(draft) ?? []).filter(
      ({ relation, inverse }) => !node || inverse || !isSingle(relation) || this.one(node, relation) === null,
    );
  }

  #keep(draft: Draft, use: Use): void {
    const kept = this.#kept.get(draft);
    if (kept) kept.push(use);
    else this.#kept.set(draft, [use]);
  }

  /** What a reference leads to; when that is nothing, or not the kind of thing it should be, that is told. */
  follow(draft: Draft, use: Use): Node | null {
    const node = this.#find(use);
    if (node) return node;
    const repeated = use.keep === null && draft.uses.some((each) => each.keep !== null && sharesTarget(each, use));
    if (!repeated) {
      const namesake = this.#namesake(use);
      const hint = namesake ? `; there is ${namesake.ref}, perhaps that is meant` : '';
      this.#problems.warning(
        use.place,
        use.field,
        `${quote(use.text)} is neither in this catalog nor in the estate${hint}: the reference leads nowhere.`,
      );
    }
    this.#keep(draft, use);
    return null;
  }

  #find(use: Use): Node | null {
    const refs = use.targets.map(formatRef);
    for (const ref of refs) {
      const node = this.#byRef.get(ref);
      if (node) return node;
    }
    for (const ref of refs) {
      const node = this.#formerly.get(ref);
      if (!node) continue;
      this.#problems.warning(
        use.place,
        use.field,
        `${quote(use.text)} is called ${node.ref} now and is taken for that.`,
      );
      return node;
    }
    for (const { kind, namespace, name } of use.targets) {
      const node =
        BY_ID.has(kind) && namespace === 'default' ? this.#byId.get(idKey(estateKindOf(kind)!, name)) : undefined;
      if (node) return node;
    }
    return null;
  }

  /** A component where a resource was meant, or the other way round. */
  #namesake(use: Use): Node | undefined {
    const [{ kind, namespace, name }] = use.targets as [Use['targets'][number]];
    const other = kind === 'component' ? 'resource' : kind === 'resource' ? 'component' : null;
    return other === null ? undefined : this.#byRef.get(formatRef({ kind: other, namespace, name }));
  }

  #add(draft: Draft, use: Use): void {
    const self = this.#nodes.get(draft)!;
    const other = this.follow(draft, use);
    if (!other) return;
    const [from, to] = use.inverse ? [other, self] : [self, other];
    const relation = MEANINGS[use.relation](from, to);
    if (relation === null) {
      this.#problems.warning(
        use.place,
        use.field,
        `${other.ref} cannot be ${NAMES[use.relation]} here; the reference is left out.`,
      );
      this.#keep(draft, use);
    } else if (from === to) {
      this.#problems.warning(use.place, use.field, `${self.ref} refers to itself; the reference is left out.`);
      this.#keep(draft, use);
    } else this.#links.push({ relation, from, to, direct: !use.inverse, draft, use });
  }

  /** Decides where an entity can have one of several, and cuts circles. What an entity says of itself goes before what others say of it. */
  #settle(): void {
    const said = this.#links.toSorted(
      (a, b) =>
        Number(b.direct) - Number(a.direct) ||
        (a.direct ? 0 : compare(a.from.id, b.from.id) || compare(a.to.id, b.to.id)),
    );
    for (const link of said) {
      const { relation, from, to, use } = link;
      if (isSingle(relation)) {
        const key = linkKey(from, relation);
        const first = this.#single.get(key);
        if (!first) this.#single.set(key, link);
        else if (first.to !== to) {
          this.#problems.warning(
            use.place,
            use.field,
            `${from.ref} already has ${NAMES[relation]} ${first.to.ref} (${formatPlace(first.use.place)}); this reference is left out.`,
          );
        }
      } else {
        this.#append(linkKey(from, relation), to.id);
      }
    }
    // Seen from the other end: first what that end said, then the rest by id, so that the order of files does not matter.
    const received = this.#links.toSorted(
      (a, b) => Number(a.direct) - Number(b.direct) || (a.direct ? compare(a.from.id, b.from.id) : 0),
    );
    for (const { relation, from, to } of received)
      if (!isSingle(relation)) this.#append(linkKey(to, relation, true), from.id);
    for (const relation of ['part', 'parent'] as const) this.#cut(relation);
  }

  #append(key: string, id: string): void {
    const ids = this.#many.get(key);
    if (!ids) this.#many.set(key, [id]);
    else if (!ids.includes(id)) ids.push(id);
  }

  #cut(relation: 'part' | 'parent'): void {
    const next = new Map<string, string>();
    for (const link of this.#single.values()) {
      if (link.relation === relation) next.set(idKey(link.from.kind, link.from.id), idKey(link.to.kind, link.to.id));
    }
    for (const cycle of pointerCycles(next)) {
      const links = cycle.map((key) => this.#single.get(linkKey(this.#byId.get(key)!, relation))!);
      // Chosen by name and not by place, so that it is the same wherever the files were moved to.
      const last = links.reduce((a, b) => (a.from.ref > b.from.ref ? a : b));
      const at = links.indexOf(last);
      const names = [...links.slice(at + 1), ...links.slice(0, at + 1)].map((link) => link.from.ref);
      this.#problems.error(
        last.use.place,
        last.use.field,
        `${circle(names)} are part of one another in a circle; the reference of ${last.from.ref} is left out.`,
      );
      this.#single.delete(linkKey(last.from, relation));
      this.#keep(last.draft, last.use);
    }
  }

  /** The id that `node` has in a relation, or null. */
  one(node: { kind: DraftKind; id: string }, relation: Single): string | null {
    return this.#single.get(linkKey(node, relation))?.to.id ?? null;
  }

  /** The ids that `node` relates to, or with `received` the ids that relate to it. */
  many(node: { kind: DraftKind; id: string }, relation: Many, received = false): string[] {
    return this.#many.get(linkKey(node, relation, received)) ?? [];
  }

  /** The links of a relation, in the order of reading. */
  of(relation: Relation): Link[] {
    return this.#links.filter((link) => link.relation === relation);
  }

  /** The id of a person who is named in the namespace of a draft. */
  person(draft: Draft, text: string): string | null {
    const [ref] = parseRef(text, { kinds: ['user'], namespace: draft.ref.namespace }) ?? [];
    return (ref && (this.#byRef.get(formatRef(ref)) ?? this.#byId.get(idKey('person', ref.name)))?.id) ?? null;
  }
}

const idKey = (kind: string, id: string) => `${kind} ${id}`;
const linkKey = ({ kind, id }: { kind: string; id: string }, relation: Relation, received = false) =>
  `${kind} ${id} ${relation}${received ? ' of' : ''}`;
const isSingle = (relation: Relation): relation is Single => (SINGLE as readonly Relation[]).includes(relation);

/** `a → b → c → a`, shortened in the middle when it is long. */
export function circle(names: string[]): string {
  const shown = names.length > 8 ? [...names.slice(0, 4), `… ${names.length - 7} more …`, ...names.slice(-3)] : names;
  return [...shown, names[0]].join(' → ');
}

const isGrouping = (node: Node, type: string) => node.kind === 'grouping' && node.type === type;

/** What a relation means between two kinds of entities; null when it means nothing. */
const MEANINGS: Record<Relation, (from: Node, to: Node) => Relation | null> = {
  owner: (_, to) => (to.kind === 'team' ? 'owner' : null),
  system: (from, to) => (from.kind === 'service' && isGrouping(to, 'system') ? 'system' : null),
  part: (from, to) => {
    if (from.kind === 'service') return to.kind === 'service' ? 'part' : isGrouping(to, 'system') ? 'system' : null;
    if (isGrouping(from, 'api')) return isGrouping(to, 'system') ? 'part' : null;
    return (isGrouping(from, 'system') || isGrouping(from, 'domain')) && isGrouping(to, 'domain') ? 'part' : null;
  },
  depends: (from, to) => {
    if (from.kind !== 'service') return null;
    return to.kind === 'service' ? 'depends' : isGrouping(to, 'api') ? 'consumes' : null;
  },
  provides: (from, to) => (from.kind === 'service' && isGrouping(to, 'api') ? 'provides' : null),
  consumes: (from, to) => (from.kind === 'service' && isGrouping(to, 'api') ? 'consumes' : null),
  member: (from, to) => (from.kind === 'team' && to.kind === 'person' ? 'member' : null),
  parent: (from, to) => (from.kind === 'team' && to.kind === 'team' ? 'parent' : null),
  region: (_, to) => (to.kind === 'region' ? 'region' : null),
  business: (from, to) => (from.kind === 'service' && to.kind === 'business-service' ? 'business' : null),
  serves: (_, to) => (to.kind === 'service' ? 'serves' : null),
};

function sharesTarget(a: Use, b: Use): boolean {
  const refs = new Set(a.targets.map(formatRef));
  return b.targets.some((target) => refs.has(formatRef(target)));
}

/** The complete references under which an entity stood before, oldest first. */
export function formerRefs(draft: Draft, { before }: Identity): string[] {
  const known = before && Array.isArray(before.fields['formerRefs']) ? before.fields['formerRefs'].map(String) : [];
  const last = before ? refOfEntity(draft.kind, before.fields) : null;
  const current = formatRef(draft.ref);
  const all = [...known, ...draft.renamedFrom.map(formatRef), ...(last === null ? [] : [last])];
  return [...new Set(all)].filter((ref) => ref !== current && parseFullRef(ref) !== null);
}
