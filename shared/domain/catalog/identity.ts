/**
 * Which entity of the estate a descriptor is about. Invariant: an entity keeps its id for life, so that its health, incidents
 * and changes stay with it through renames; the same files give a fresh estate the same ids on every console.
 */
import type { EstateKind } from '../estate.ts';
import { refOfEntity, type Draft, type DraftKind } from './draft.ts';
import { compare, formatPlace, type Problems } from './problems.ts';
import { formatRef, type Ref } from './reference.ts';
import { guessRenames } from './rename.ts';

/** An entity that the estate holds, or held. */
export interface Existing {
  kind: EstateKind;
  id: string;
  /** As projected: with `origin` and `at`. */
  fields: Record<string, unknown>;
  gone: boolean;
}

export interface Identity {
  id: string;
  /** The entity as the estate has it, or had it before it was dropped; null for a new one. */
  before: Existing | null;
  /** Nothing in the files says that it was renamed; it looks so. */
  guessed: boolean;
}

interface Index {
  byId: Map<string, Existing>;
  byRef: Map<string, Existing>;
  /** Several where a file gave one uid twice. */
  byUid: Map<string, Existing[]>;
  /** Null when several stood under that reference. */
  byFormer: Map<string, Existing | null>;
  goneByRef: Map<string, Existing>;
}

const inKind = (kind: EstateKind, text: string) => `${kind} ${text}`;

/** The identity of every draft. `droppable` says whether an entity that no draft claims would be dropped. */
export function identify(
  drafts: Iterable<Draft>,
  existing: readonly Existing[],
  droppable: (entity: Existing) => boolean,
  problems: Problems,
): Map<Draft, Identity> {
  const index = indexed(existing);
  const all = [...drafts];
  const refs = new Set(all.map((draft) => formatRef(draft.ref)));
  const identities = new Map<Draft, Identity>();
  const claimed = new Set<Existing>();
  const claim = (draft: Draft, entity: Existing | null | undefined, guessed = false): void => {
    if (!entity || claimed.has(entity) || identities.has(draft)) return;
    claimed.add(entity);
    identities.set(draft, { id: entity.id, before: entity, guessed });
  };
  /** An old name leads to an entity only when nothing else bears that name now. */
  const free = (entity: Existing | null | undefined): Existing | null | undefined =>
    entity && refs.has(refOfEntity(entity.kind as DraftKind, entity.fields)) ? undefined : entity;

  const declared = new Map<string, Draft>();
  for (const draft of all) {
    if (draft.id === null) continue;
    const key = inKind(draft.kind, draft.id);
    const first = declared.get(key);
    if (first) {
      problems.error(
        draft.place,
        'metadata.annotations.holdfast.dev/id',
        `The id ${draft.id} is already given in ${formatPlace(first.place)}; this one is not used.`,
      );
      draft.id = null;
    } else declared.set(key, draft);
  }
  for (const draft of all) if (draft.id !== null) claim(draft, index.byId.get(inKind(draft.kind, draft.id)));
  for (const draft of all) claim(draft, index.byRef.get(inKind(draft.kind, formatRef(draft.ref))));
  for (const draft of all) {
    if (draft.uid === null) continue;
    const same = index.byUid.get(inKind(draft.kind, draft.uid)) ?? [];
    claim(
      draft,
      same.find((entity) => free(entity) && !claimed.has(entity)),
    );
  }
  for (const draft of all) {
    for (const ref of draft.renamedFrom) {
      const old = inKind(draft.kind, formatRef(ref));
      claim(draft, free(index.byRef.get(old)) ?? free(index.byFormer.get(old)));
    }
    claim(draft, free(index.byFormer.get(inKind(draft.kind, formatRef(draft.ref)))));
  }
  for (const draft of all) claim(draft, index.goneByRef.get(inKind(draft.kind, formatRef(draft.ref))));

  const strangers = all.filter((draft) => !identities.has(draft) && draft.id === null);
  const leavers = existing.filter((entity) => !entity.gone && !claimed.has(entity) && droppable(entity));
  const idOf = (ref: string): string | undefined => {
    for (const kind of ['service', 'grouping', 'business-service', 'team', 'region'] as const) {
      const entity = index.byRef.get(inKind(kind, ref));
      if (entity) return entity.id;
    }
    return undefined;
  };
  for (const [draft, entity] of guessRenames(all, strangers, leavers, existing, idOf)) claim(draft, entity, true);

  for (const draft of all) {
    const identity = identities.get(draft);
    if (identity?.before && draft.id !== null && draft.id !== identity.id) {
      problems.warning(
        draft.place,
        'metadata.annotations.holdfast.dev/id',
        `This is known as ${identity.id} since it was first imported and keeps that id.`,
      );
    }
  }
  const taken = new Set(existing.map((entity) => inKind(entity.kind, entity.id)));
  const newcomers = all
    .filter((draft) => !identities.has(draft))
    .sort((a, b) => compare(formatRef(a.ref), formatRef(b.ref)));
  // Ids that the files give come first, then names, then former names: a name that is in use now is never lent to another.
  for (const draft of newcomers) if (draft.id !== null) assign(draft, [draft.id]);
  for (const draft of newcomers) if (draft.renamedFrom.length === 0) assign(draft, candidates(draft.ref));
  for (const draft of newcomers)
    assign(draft, [...draft.renamedFrom.filter((ref) => !refs.has(formatRef(ref))), draft.ref].flatMap(candidates));

  function assign(draft: Draft, wanted: string[]): void {
    if (identities.has(draft)) return;
    const id = wanted.find((each) => !taken.has(inKind(draft.kind, each)));
    if (id === undefined) return;
    taken.add(inKind(draft.kind, id));
    identities.set(draft, { id, before: null, guessed: false });
  }
  return identities;
}

/** Ids that an entity may get for its name, the plainest first. The last one is nobody else's. */
function candidates({ kind, namespace, name }: Ref): string[] {
  const places = namespace === 'default' ? [''] : ['', `${namespace}.`];
  return [
    ...places.map((place) => place + name),
    ...places.map((place) => `${kind}.${place}${name}`),
    `${kind}.${namespace}.${name}`,
  ].map(bounded);
}

/** Ids of two services and an arrow between them make the id of a dependency, which has 200 characters at most. */
function bounded(id: string): string {
  if (id.length <= 98) return id;
  let hash = 0n;
  for (const char of id) hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0)!)) * 0x100000001b3n);
  return `${id.slice(0, 81)}.${hash.toString(16).padStart(16, '0')}`;
}

function indexed(existing: readonly Existing[]): Index {
  const index: Index = {
    byId: new Map(),
    byRef: new Map(),
    byUid: new Map(),
    byFormer: new Map(),
    goneByRef: new Map(),
  };
  for (const entity of existing) {
    const { kind, id, fields, gone } = entity;
    if (kind === 'dependency') continue;
    index.byId.set(inKind(kind, id), entity);
    (gone ? index.goneByRef : index.byRef).set(inKind(kind, refOfEntity(kind, fields)), entity);
    if (gone) continue;
    if (typeof fields['uid'] === 'string') {
      const key = inKind(kind, fields['uid']);
      index.byUid.set(key, [...(index.byUid.get(key) ?? []), entity]);
    }
    for (const former of Array.isArray(fields['formerRefs']) ? fields['formerRefs'] : []) {
      const key = inKind(kind, String(former));
      index.byFormer.set(key, index.byFormer.has(key) ? null : entity);
    }
  }
  return index;
}
