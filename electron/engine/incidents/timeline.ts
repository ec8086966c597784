/**
 * An incident's timeline: its own entries, and what happened meanwhile to the services that it affects. Invariant: pages
 * follow each other by (event time, HLC) without gaps or repeats, however many streams are merged.
 */
import type { EntryView, Timeline } from '../../../shared/contract/incident.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { entryTypes, tell, type EntryKind, type Names } from '../../../shared/domain/timeline.ts';
import { Health } from '../../../shared/domain/words.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { PinnedStep } from '../../../shared/ops/steps.ts';
import type { Context } from '../context.ts';
import { namedActor } from '../names.ts';
import type { StoredOp } from '../store/log.ts';
import type { EntryRow, Place } from '../store/store.ts';
import type { EntityRow } from '../store/projection.ts';
import { endedAt } from './ended.ts';

/** How long before an incident's start its services' health changes belong to its story, ms. */
const LEAD_MS = 30 * 60_000;
/** More affected services than this and only the incident's own entries are listed, so that a page stays quick. */
const MAX_STREAMS = 60;
/** Newest changes of the estate that are looked through for those of an incident, and those that are listed. */
const MAX_CHANGES = 300;
const MAX_CHANGE_LINES = 60;
/** Lines of the estate, not of an incident, that its story may hold. */
const ABOUT_ESTATE: ReadonlySet<string> = new Set([
  'health.change',
  'health.manual',
  'health.manual-end',
  'change.record',
  'change.withdraw',
  'maintenance.plan',
  'maintenance.end',
]);

export interface TimelinePage {
  limit: number;
  /** `next` of the page before. */
  before?: string | undefined;
  /** Only lines of these kinds. */
  kinds?: readonly EntryKind[] | undefined;
}

export function timeline(context: Context, row: EntityRow, { limit, before: cursor, kinds }: TimelinePage): Timeline {
  const before = cursor === undefined ? undefined : parseCursor(cursor);
  const types = kinds && entryTypes(kinds);
  const page = { limit: limit + 1, ...(before ? { before } : {}), ...(types ? { types } : {}) };
  const { subjects, since, until } = storyOf(context, row);
  const found = context.store.entries({ scope: row.id }, page);
  // From the end of the story on, lest what its services do later fills the page and is then left out.
  const ended = Number.isFinite(until) && (!before || before.at > until) ? { before: { at: until + 1, hlc: '' } } : {};
  for (const subject of types && !types.some((type) => ABOUT_ESTATE.has(type)) ? [] : subjects) {
    found.push(...context.store.entries({ subject }, { ...page, ...ended, since }));
  }
  found.sort((a, b) => b.at - a.at || (a.op.hlc < b.op.hlc ? 1 : -1));
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const names = namesFor(context, row.id);
  return {
    entries: shown.map((entry) => entryView(context, entry, names)),
    next: found.length > limit && last ? `${last.at}~${last.op.hlc}` : null,
    total: context.store.entryCount(row.id),
  };
}

/** What belongs to an incident's timeline besides its own entries: lines about these subjects, from `since` to `until` (ms). */
export interface Story {
  subjects: string[];
  since: number;
  /** Infinity while it goes on. */
  until: number;
}

export function storyOf(context: Context, row: EntityRow): Story {
  const affected = (kind: string, set: string) =>
    ((row.doc[set] as string[] | undefined) ?? []).map((id) => `${kind}:${id}`);
  const span = {
    since: Number(row.doc['startedAt'] ?? row.doc['declaredAt']) - LEAD_MS,
    // What its services do after its end belongs to the next.
    until: endedAt(context, row) ?? Infinity,
  };
  return {
    subjects: [
      ...[...affected('business-service', 'businessServices'), ...affected('service', 'services')].slice(
        0,
        MAX_STREAMS,
      ),
      ...changesIn(context, row, span),
    ],
    ...span,
  };
}

/** Changes, shortly before and during an incident, to what it affects and to what that needs over hard dependencies. */
function changesIn(
  { estate, store }: Context,
  { doc }: EntityRow,
  { since, until }: Omit<Story, 'subjects'>,
): string[] {
  const recent = store
    .newestChanges(MAX_CHANGES, { withdrawn: true })
    .filter((change) => Number(change.doc['at']) >= since && Number(change.doc['at']) <= until);
  if (recent.length === 0) return [];
  const { upstream } = estate.adjacency;
  const concerned = new Set((doc['services'] as string[] | undefined) ?? []);
  for (const id of (doc['businessServices'] as string[] | undefined) ?? [])
    for (const service of estate.get('business-service', id)?.services ?? []) concerned.add(service);
  for (const service of concerned)
    for (const { to, strength } of upstream.get(service) ?? []) if (strength === 'hard') concerned.add(to);
  return recent
    .filter((change) => ((change.doc['services'] as string[] | undefined) ?? []).some((each) => concerned.has(each)))
    .slice(0, MAX_CHANGE_LINES)
    .map(({ id }) => `change:${id}`);
}

/** Timeline lines by local op number, in the given order, for search. */
export function entriesByNumber(context: Context, numbers: readonly number[]): { op: StoredOp; view: EntryView }[] {
  const names = new Map<string, Names>();
  return context.store.log.numbered(numbers).map((op) => {
    let known = names.get(op.scope);
    if (!known) names.set(op.scope, (known = namesFor(context, op.scope)));
    const corrected = context.store.state('correction', op.scope, op.id)?.fields['eventTime']?.value;
    return {
      op,
      view: entryView(context, { op, at: typeof corrected === 'number' ? corrected : op.eventTime }, known),
    };
  });
}

function parseCursor(text: string): Place {
  const [at, hlc] = text.split('~');
  if (!hlc || !Number.isFinite(Number(at))) throw new Refusal('bad_input', 'before: not a place in a timeline.');
  return { at: Number(at), hlc };
}

function entryView(context: Context, { op, at }: EntryRow, names: Names): EntryView {
  const state = context.store.state('correction', op.scope, op.id);
  const undone = state?.fields['undone']?.value as { by: string; at: number } | undefined;
  const zone = context.settings.headquartersZone ?? context.zone;
  const told = tell(
    { type: op.type, payload: op.payload, eventTime: at, zone },
    names,
    replaced(context, op.base, op.type),
  );
  const textIs = state?.fields['text']?.value;
  return {
    id: op.id,
    type: op.type,
    eventTime: at,
    enteredAt: parseHlc(op.hlc).ms,
    arrivedAt: op.arrived,
    zone: op.zone,
    actor: namedActor(context, op.actor),
    summary: told.summary,
    text: typeof textIs === 'string' ? textIs : told.text,
    ...(undone ? { takenBack: { by: namedActor(context, undone.by), at: undone.at } } : {}),
    correction: state ? correctionView(context, op.id, op.eventTime, told.text, state) : null,
    health: op.type === 'health.change' ? Health.catch('unknown').parse(op.payload['health']) : null,
  };
}

/** What one op says: its line, and the words that somebody wrote with it. */
export function toldOf(context: Context, op: StoredOp): Pick<EntryView, 'summary' | 'text'> {
  const { summary, text } = entryView(context, { op, at: op.eventTime }, namesFor(context, op.scope));
  return { summary, text };
}

/** The line of one op. */
export function entryOf(context: Context, op: StoredOp): string {
  return entryView(context, { op, at: op.eventTime }, namesFor(context, op.scope)).summary;
}

function correctionView(
  context: Context,
  entry: string,
  eventTimeWas: number,
  textWas: string | null,
  state: NonNullable<ReturnType<Context['store']['state']>>,
): EntryView['correction'] {
  const corrections = Object.values(state.sets['by'] ?? {})
    .flatMap((membership) => membership.added)
    .flatMap((id) => context.store.log.get(id) ?? [])
    .filter((op) => op.payload['entry'] === entry)
    .sort((a, b) => (a.hlc < b.hlc ? -1 : 1));
  const last = corrections.at(-1);
  if (!last) return null;
  return {
    by: namedActor(context, last.actor),
    at: parseHlc(last.hlc).ms,
    eventTimeWas: state.fields['eventTime'] ? eventTimeWas : null,
    textWas: state.fields['text'] ? textWas : null,
    reason: typeof last.payload['reason'] === 'string' ? last.payload['reason'] : null,
  };
}

const REPLACED: Record<string, string> = {
  'incident.severity': 'severity',
  'incident.status': 'status',
  'incident.role': 'person',
  'run.step': 'state',
  'restoration.item': 'state',
  'cleanup.state': 'state',
  'incident.cause': 'verdict',
};

/** The value that an op on a contested field replaced, as far as this console has heard of it. */
export function replaced(context: Context, base: string[] | undefined, type: string): string | null | undefined {
  const field = REPLACED[type];
  if (field === undefined) return undefined;
  if (!base || base.length === 0) return null;
  const before = context.store.log.get(base[0]!);
  if (!before) return undefined;
  if (before.type === 'incident.declare') {
    if (field === 'status') return 'declared';
    const value = before.payload[field === 'person' ? 'commander' : field];
    return typeof value === 'string' ? value : null;
  }
  const value = before.payload[field];
  return typeof value === 'string' ? value : null;
}

function namesFor(context: Context, incident: string): Names {
  const { estate, store } = context;
  return {
    person: (id) => estate.actorName(id),
    service: (id) => estate.name('service', id),
    change: (id) => String(store.entity('change', ESTATE, id)?.doc['title'] ?? id),
    businessService: (id) => estate.name('business-service', id),
    step: (run, step) => {
      const steps = store.entity('run', incident, run)?.doc['steps'];
      const found = Array.isArray(steps)
        ? (steps as { id: string; title: string }[]).find(({ id }) => id === step)
        : undefined;
      return found?.title ?? step;
    },
    branch: (run, step, branch) => {
      const steps = store.entity('run', incident, run)?.doc['steps'];
      const found = Array.isArray(steps) ? (steps as PinnedStep[]).find(({ id }) => id === step) : undefined;
      return found?.branches?.find(({ to }) => to === branch)?.label ?? branch;
    },
    ask: (id) => {
      const doc = store.entity('ask', incident, id)?.doc;
      return doc
        ? { text: String(doc['text'] ?? ''), owner: typeof doc['owner'] === 'string' ? doc['owner'] : null }
        : null;
    },
    entry: (id) => {
      const op = store.log.get(id);
      if (!op) return null;
      const text = op.payload['text'] ?? op.payload['title'];
      return typeof text === 'string' ? text : op.type;
    },
    action: (id) => String(store.entity('action', incident, id)?.doc['title'] ?? id),
    degraded: (id) => {
      const title = store.entity('degraded', incident, id)?.doc['title'];
      return typeof title === 'string' ? title : id.replaceAll('-', ' ');
    },
    source: (id) => estate.name('source', id),
    proposal: (id) => {
      const text = store.entity('proposal', incident, id)?.doc['text'];
      return typeof text === 'string' ? text : null;
    },
    handover: (id) => store.entity('handover', incident, id)?.doc ?? null,
    subteam: (id) => {
      const name = store.state('subteam', incident, id)?.fields['name']?.value;
      return typeof name === 'string' ? name : id;
    },
    update: (id) => {
      const audience = store.entity('update', incident, id)?.doc['audience'];
      return typeof audience === 'string' ? audience : null;
    },
    cleanup: (id) => {
      const title = store.entity('cleanup', incident, id)?.doc['title'];
      return typeof title === 'string' ? title : null;
    },
  };
}
