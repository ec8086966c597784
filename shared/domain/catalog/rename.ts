/**
 * Renames that nobody declared. Invariant: only the obvious counts (same kind, same owner, at least 80 % of dependencies
 * and annotations the same, and no second candidate), because a wrong guess would give one service another one's history.
 */
import type { Draft } from './draft.ts';
import type { Existing } from './identity.ts';
import { textOf } from './problems.ts';
import { formatRef, parseFullRef, parseRef } from './reference.ts';

const ALIKE = 0.8;
/** With fewer traits in common two services are too bland to be told apart. */
const MIN_COMMON = 4;

/**
 * Pairs of a new descriptor and the entity that it most likely was. Looks at services only: other kinds are too alike.
 * @param existing with every field that has a default filled in
 */
export function guessRenames(
  drafts: readonly Draft[],
  strangers: readonly Draft[],
  leavers: readonly Existing[],
  existing: readonly Existing[],
  idOf: (ref: string) => string | undefined,
): [Draft, Existing][] {
  const news = strangers.filter((draft) => draft.kind === 'service');
  const olds = leavers.filter((entity) => entity.kind === 'service');
  if (news.length === 0 || olds.length === 0) return [];

  const newTraits = traitsOfDrafts(drafts, new Set(news), idOf);
  const oldTraits = traitsOfEntities(existing, new Set(olds.map((entity) => entity.id)));
  const byGroup = Map.groupBy(olds, (entity) => groupOfEntity(entity));
  const candidates = news.flatMap((draft) =>
    (byGroup.get(groupOfDraft(draft, idOf)) ?? [])
      .filter((entity) => alike(newTraits.get(draft)!, oldTraits.get(entity.id)!))
      .map((entity) => [draft, entity] as const),
  );
  const perDraft = Map.groupBy(candidates, ([draft]) => draft);
  const perEntity = Map.groupBy(candidates, ([, entity]) => entity);
  return candidates
    .filter(([draft, entity]) => perDraft.get(draft)!.length === 1 && perEntity.get(entity)!.length === 1)
    .map(([draft, entity]) => [draft, entity]);
}

function alike(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const common = a.intersection(b).size;
  return common >= MIN_COMMON && common / (a.size + b.size - common) >= ALIKE;
}

function groupOfDraft(draft: Draft, idOf: (ref: string) => string | undefined): string {
  const owner = draft.uses.find((use) => use.relation === 'owner' && !use.inverse);
  return [draft.ref.kind, draft.fields['kind'], owner ? ends(owner.targets.map(formatRef), idOf) : ''].join(' ');
}

function groupOfEntity({ fields }: Existing): string {
  const ref = parseFullRef(textOf(fields['ref']));
  const written = textOf((fields['spec'] as Record<string, unknown> | undefined)?.['owner']);
  const nowhere = parseRef(written, { kinds: ['group'], namespace: ref?.namespace ?? 'default' })?.map(formatRef)[0];
  return [ref?.kind, fields['kind'], textOf(fields['owner']) || (nowhere ?? '')].join(' ');
}

/** The id behind a reference, or the reference itself when the estate does not know it. */
function ends(refs: string[], idOf: (ref: string) => string | undefined): string {
  for (const ref of refs) {
    const id = idOf(ref);
    if (id !== undefined) return id;
  }
  return refs[0]!;
}

const FIELDS = [
  'title',
  'description',
  'domain',
  'tier',
  'rtoMinutes',
  'rpoMinutes',
  'lifecycle',
  'vendorStatus',
  'support',
] as const;
const LISTS = ['metrics', 'alertMatch', 'runbooks', 'dashboards', 'logs', 'links', 'tags'] as const;

function ownTraits(fields: Record<string, unknown>): Set<string> {
  const traits = new Set<string>();
  for (const name of FIELDS) {
    const value = fields[name];
    if (value !== null && value !== undefined && value !== '') traits.add(`${name} ${textOf(value)}`);
  }
  for (const name of LISTS)
    for (const item of (fields[name] as unknown[] | undefined) ?? []) traits.add(`${name} ${JSON.stringify(item)}`);
  for (const name of ['annotations', 'labels']) {
    for (const [key, value] of Object.entries((fields[name] as object | undefined) ?? {}))
      traits.add(`${name} ${key} ${textOf(value)}`);
  }
  return traits;
}

function traitsOfDrafts(
  drafts: readonly Draft[],
  wanted: ReadonlySet<Draft>,
  idOf: (ref: string) => string | undefined,
): Map<Draft, Set<string>> {
  const byRef = new Map([...wanted].map((draft) => [formatRef(draft.ref), draft]));
  const traits = new Map([...wanted].map((draft) => [draft, ownTraits(draft.fields)]));
  for (const draft of drafts) {
    const self = formatRef(draft.ref);
    for (const use of [...draft.uses, ...draft.refine.map((refinement) => refinement.use)]) {
      if (
        use.relation !== 'depends' &&
        use.relation !== 'provides' &&
        use.relation !== 'consumes' &&
        use.relation !== 'business'
      )
        continue;
      const refs = use.targets.map(formatRef);
      const own = traits.get(draft);
      own?.add(`${use.relation} ${use.inverse} ${ends(refs, idOf)}`);
      for (const ref of refs) traits.get(byRef.get(ref)!)?.add(`${use.relation} ${!use.inverse} ${idOf(self) ?? self}`);
    }
  }
  return traits;
}

function traitsOfEntities(existing: readonly Existing[], wanted: ReadonlySet<string>): Map<string, Set<string>> {
  const traits = new Map<string, Set<string>>();
  for (const { kind, id, fields, gone } of existing) {
    if (kind !== 'service' || gone || !wanted.has(id)) continue;
    const own = ownTraits(fields);
    const lists: [string, unknown][] = [
      ['provides', fields['providesApis']],
      ['consumes', fields['consumesApis']],
      ['business', fields['businessServices']],
    ];
    for (const [relation, ids] of lists)
      for (const each of (ids as string[] | undefined) ?? []) own.add(`${relation} false ${each}`);
    traits.set(id, own);
  }
  for (const { kind, fields, gone } of existing) {
    if (kind !== 'dependency' || gone || typeof fields['api'] === 'string') continue;
    const [from, to] = [String(fields['from']), String(fields['to'])];
    traits.get(from)?.add(`depends false ${to}`);
    traits.get(to)?.add(`depends true ${from}`);
  }
  return traits;
}
