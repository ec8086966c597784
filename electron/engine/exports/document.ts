/**
 * An incident as the one story that every format tells. Invariants: it follows from the ops that were here when it was
 * begun; what is kept in memory grows with roles, asks and runbooks, not with the lines of the timeline.
 */
import { setImmediate } from 'node:timers/promises';
import type { DocumentEntry, DocumentHead } from '../../../shared/contract/exports.ts';
import type { VerifyView } from '../../../shared/contract/record.ts';
import { entryKind } from '../../../shared/domain/timeline.ts';
import { AskState, Health, Role, Severity, Status, StepState } from '../../../shared/domain/words.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import { ESTATE, type Op } from '../../../shared/ops/op.ts';
import type { Head } from '../../../shared/ops/registers.ts';
import type { CarriedStep } from '../../../shared/ops/steps.ts';
import type { Slice } from '../../../shared/ops/segment.ts';
import { ProofSource, slicesOf } from '../bundles/slices.ts';
import { storyOps } from '../bundles/story.ts';
import { ConflictBook } from '../conflicts/book.ts';
import { aboutOf, conflictsIn, wordsOf } from '../conflicts/view.ts';
import type { Context } from '../context.ts';
import { entriesByNumber, storyOf, type Story } from '../incidents/timeline.ts';
import { asksOf, incidentLites } from '../incidents/view.ts';
import { runsOf } from '../runbooks/runs.ts';
import { namedActor } from '../names.ts';
import { coveredOps } from '../store/ingest.ts';
import type { StoredOp } from '../store/log.ts';
import type { EntityRow } from '../store/projection.ts';
import { workOf } from './work.ts';

export const DOCUMENT_FORMAT = 1;
/** Lines that are made before other work gets its turn. */
const PAGE = 200;

export type ForeignMark = DocumentHead['foreign'];

export interface IncidentStory {
  head: DocumentHead;
  /** The timeline, oldest first. */
  entries(): AsyncGenerator<DocumentEntry>;
  /** The proofs of every op that tells it. */
  slices(): Generator<Slice>;
}

/**
 * @param context its `store` and `estate` are those that hold the incident
 * @param zone IANA zone that the story is told in
 * @param record the verification of the whole record
 */
export async function tellIncident(
  context: Context,
  row: EntityRow,
  zone: string,
  record: VerifyView,
  foreign: ForeignMark,
): Promise<IncidentStory> {
  const conflicts = new ConflictBook(context.store);
  const here: Context = { ...context, conflicts, settings: { ...context.settings, headquartersZone: zone } };
  const story = storyOf(here, row);
  const numbers = linesOf(here, row.id, story);
  const gathered = await gather(here, numbers);
  const proofs = proofsOf(here, row.id, story);
  const [lite] = incidentLites(here, [row]);
  const names = namesIn(here, gathered);
  const head: DocumentHead = {
    holdfast: 'incident',
    format: DOCUMENT_FORMAT,
    made: context.now(),
    zone,
    program: context.version,
    organisation: here.estate.profile.name,
    demonstration: here.estate.profile.demonstration,
    console: context.identity.console,
    by: namedActor(context, context.session.actor),
    foreign,
    incident: {
      id: row.id,
      label: lite!.label,
      number: Number(row.doc['number']),
      title: lite!.title,
      severity: lite!.severity,
      status: lite!.status,
      zone: String(row.doc['zone'] ?? 'UTC'),
      declaredAt: lite!.declaredAt,
      declaredBy: namedActor(here, String(row.doc['declaredBy'])),
      startedAt: lite!.startedAt,
      resolvedAt: lite!.resolvedAt,
      closedAt: lite!.closedAt ?? null,
      services: lite!.services,
      businessServices: lite!.businessServices,
    },
    ...courseOf(here, gathered.told),
    roles: rolesOf(here, row, gathered.told),
    asks: asksIn(here, row.id, gathered.told),
    runs: runsIn(here, row.id, gathered.told),
    ...workOf(here, row),
    health: healthIn(here, lite!.services, gathered.told),
    conflicts: contestedIn(here, row),
    entries: numbers.length,
    verification: { record, ops: proofs.ops, unsigned: proofs.ops - proofs.signed },
    consoles: record.consoles.flatMap(({ id, head }) =>
      head ? [{ id, name: consoleName(here, id), seq: head.seq, head: head.id }] : [],
    ),
    names,
  };
  return { head, entries: () => entries(here, numbers), slices: proofs.slices };
}

/** Local numbers of the ops that are lines of the story, by when they happened. */
function linesOf({ store }: Context, incident: string, { subjects, since, until }: Story): number[] {
  return store.db
    .prepare<[string, string, number, number], number>(
      `WITH line (n, at) AS (
         SELECT n, at FROM entry WHERE scope = ?
         UNION SELECT entry.n, entry.at FROM json_each(?) AS subject JOIN entry ON entry.subject = subject.value AND entry.at BETWEEN ? AND ?
       )
       SELECT line.n FROM line JOIN op USING (n) JOIN console ON console.n = op.console ORDER BY line.at, op.hlc, console.id`,
    )
    .pluck()
    .all(incident, JSON.stringify(subjects), since, Math.min(until, Number.MAX_SAFE_INTEGER));
}

async function* entries(context: Context, numbers: readonly number[]): AsyncGenerator<DocumentEntry> {
  for (let at = 0; at < numbers.length; at += PAGE) {
    for (const { op, view } of entriesByNumber(context, numbers.slice(at, at + PAGE))) {
      const corrections = view.correction === null ? [] : correctionsOf(context, op);
      const { id, type, eventTime, enteredAt, arrivedAt, zone, actor, summary, text, health } = view;
      yield {
        ...{
          id,
          type,
          kind: entryKind(type),
          eventTime,
          enteredAt,
          arrivedAt,
          zone,
          actor,
          console: op.console,
          summary,
          text,
          health,
        },
        original: corrections.length === 0 ? null : { eventTime: op.eventTime, text: view.correction?.textWas ?? text },
        corrections,
      };
    }
    await setImmediate();
  }
}

function correctionsOf(context: Context, op: StoredOp): DocumentEntry['corrections'] {
  const state = context.store.state('correction', op.scope, op.id);
  return Object.values(state?.sets['by'] ?? {})
    .flatMap(({ added }) => added)
    .flatMap((id) => context.store.log.get(id) ?? [])
    .filter(({ payload }) => payload['entry'] === op.id)
    .sort(byClock)
    .map((correction) => ({
      ...said(context, correction),
      eventTime: typeof correction.payload['eventTime'] === 'number' ? correction.payload['eventTime'] : null,
      text: textIn(correction, 'text'),
    }));
}

const byClock = (a: Op, b: Op): number => (a.hlc < b.hlc ? -1 : a.hlc > b.hlc ? 1 : a.console < b.console ? -1 : 1);

function said(
  context: Context,
  op: Op,
): { by: { id: string; name: string }; at: number; enteredAt: number; reason: string | null } {
  return {
    by: namedActor(context, op.actor),
    at: op.eventTime,
    enteredAt: parseHlc(op.hlc).ms,
    reason: textIn(op, 'reason'),
  };
}

function textIn({ payload }: Op, member: string): string | null {
  const value = payload[member];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** What is read of every line at once, because it belongs together. */
interface Gathered {
  /** Ops that change something other than the timeline, as they were written. */
  told: StoredOp[];
  people: Set<string>;
  services: Set<string>;
  businessServices: Set<string>;
  sources: Set<string>;
}

const LINES_ALONE = new Set(['entry.note', 'entry.decision', 'entry.correct']);

async function gather({ store }: Context, numbers: readonly number[]): Promise<Gathered> {
  const gathered: Gathered = {
    told: [],
    people: new Set(),
    services: new Set(),
    businessServices: new Set(),
    sources: new Set(),
  };
  for (let at = 0; at < numbers.length; at += PAGE * 5) {
    for (const op of store.log.numbered(numbers.slice(at, at + PAGE * 5))) {
      gathered.people.add(op.actor);
      if (LINES_ALONE.has(op.type)) continue;
      gathered.told.push(op);
      const { payload } = op;
      for (const member of ['person', 'owner', 'commander'])
        if (typeof payload[member] === 'string') gathered.people.add(payload[member]);
      for (const id of listIn(payload['services'])) gathered.services.add(id);
      for (const id of listIn(payload['businessServices'])) gathered.businessServices.add(id);
      if (op.type === 'handover.offer' && typeof payload['to'] === 'string') gathered.people.add(payload['to']);
      if (op.type === 'restoration.adopt') for (const id of servicesIn(payload['items'])) gathered.services.add(id);
      for (const { by } of carriedIn(op)) gathered.people.add(by);
      if (typeof payload['service'] === 'string') gathered.services.add(payload['service']);
      if (typeof payload['source'] === 'string') gathered.sources.add(payload['source']);
      if (typeof payload['id'] === 'string')
        (payload['set'] === 'businessServices' ? gathered.businessServices : gathered.services).add(payload['id']);
    }
    await setImmediate();
  }
  gathered.told.sort(byClock);
  return gathered;
}

function listIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function servicesIn(items: unknown): string[] {
  return Array.isArray(items) ? items.flatMap((item: { services?: unknown }) => listIn(item?.services)) : [];
}

/** What a run took over from the one that it goes on from. */
function carriedIn({ type, payload }: Op): CarriedStep[] {
  return type === 'run.start' && Array.isArray(payload['carried']) ? (payload['carried'] as CarriedStep[]) : [];
}

function namesIn(
  { estate }: Context,
  { people, services, businessServices, sources }: Gathered,
): DocumentHead['names'] {
  const named = (ids: ReadonlySet<string>, name: (id: string) => string) =>
    Object.fromEntries([...ids].sort().map((id) => [id, name(id)]));
  return {
    people: named(people, (id) => estate.actorName(id)),
    services: named(services, (id) => estate.name('service', id)),
    businessServices: named(businessServices, (id) => estate.name('business-service', id)),
    sources: named(sources, (id) => estate.name('source', id)),
  };
}

/** The value that an op gave to a contested field; undefined when it did not speak of it. */
function valueFor(op: Op, field: string): string | null | undefined {
  const { type, payload } = op;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  if (type === 'incident.declare') {
    if (field === 'severity') return text(payload['severity']);
    if (field === 'status') return 'declared';
    if (field === 'response') {
      const response = payload['response'] as { level: string; model: string } | undefined;
      return response && `${response.level}/${response.model}`;
    }
    return field === 'role:commander' && typeof payload['commander'] === 'string' ? payload['commander'] : undefined;
  }
  if (type === 'incident.severity' && field === 'severity') return text(payload['severity']);
  if (type === 'incident.response' && field === 'response')
    return `${text(payload['level'])}/${text(payload['model'])}`;
  if (type === 'incident.status' && field === 'status') return text(payload['status']);
  if (type === 'incident.expert' && field === `expert:${String(payload['person'])}`) return text(payload['person']);
  if (type === 'incident.expert-end' && field === `expert:${String(payload['person'])}`) return null;
  if (type === 'incident.role' && field === `role:${String(payload['role'])}`) return text(payload['person']);
  if (type === 'run.start') {
    const run = String(payload['run']);
    return carriedIn(op).find(({ step }) => field === `step:${run}:${step}`)?.state;
  }
  if (type === 'run.step' && field === `step:${String(payload['run'])}:${String(payload['step'])}`)
    return text(payload['state']);
  return undefined;
}

interface Turn {
  op: StoredOp;
  value: string | null;
}

/** The values of a contested field, as they were written. */
function turnsOf(told: readonly StoredOp[], field: string): Turn[] {
  return told.flatMap((op) => {
    const value = valueFor(op, field);
    return value === undefined ? [] : [{ op, value }];
  });
}

/** What an op settled between, when it named several. */
function settledBy(
  context: Context,
  { op }: Turn,
  field: string,
  named: (value: string | null) => string | null,
): { by: { id: string; name: string }; at: number; enteredAt: number; reason: string | null; value: string | null }[] {
  if ((op.base?.length ?? 0) < 2) return [];
  return op
    .base!.flatMap((id) => context.store.log.get(id) ?? [])
    .sort(byClock)
    .flatMap((before) => {
      const value = valueFor(before, field);
      return value === undefined ? [] : [{ ...said(context, before), value: named(value) }];
    });
}

const asIs = (value: string | null): string | null => value;

function courseOf(context: Context, told: readonly StoredOp[]): Pick<DocumentHead, 'severities' | 'statuses'> {
  const history = (field: string) =>
    turnsOf(told, field).map((turn) => ({
      ...said(context, turn.op),
      value: turn.value,
      was: settledBy(context, turn, field, asIs),
    }));
  return {
    severities: history('severity').map(({ value, ...rest }) => ({
      ...rest,
      severity: Severity.catch('SEV1').parse(value),
    })),
    statuses: history('status').map(({ value, ...rest }) => ({
      ...rest,
      status: Status.catch('declared').parse(value),
    })),
  };
}

function rolesOf(context: Context, row: EntityRow, told: readonly StoredOp[]): DocumentHead['roles'] {
  const person = (id: string | null) => (id === null ? null : { id, name: context.estate.actorName(id) });
  const experts = new Set(
    told.flatMap(({ type, payload }) => (type === 'incident.expert' ? [String(payload['person'])] : [])),
  );
  const held = listIn(row.doc['experts']);
  const fields = Role.options.flatMap((role): { role: Role; field: string; holder: unknown }[] =>
    role === 'subject-expert'
      ? [...experts].sort().map((id) => ({ role, field: `expert:${id}`, holder: held.includes(id) ? id : null }))
      : [{ role, field: `role:${role}`, holder: row.doc[`role:${role}`] }],
  );
  return fields.map(({ role, field, holder }) => {
    return {
      role,
      person: person(typeof holder === 'string' ? holder : null),
      history: turnsOf(told, field).map((turn) => ({
        ...said(context, turn.op),
        person: person(turn.value),
        was: settledBy(context, turn, field, (value) => person(value)?.name ?? null),
      })),
    };
  });
}

function asksIn(context: Context, incident: string, told: readonly StoredOp[]): DocumentHead['asks'] {
  const changes = new Map<string, StoredOp[]>();
  for (const op of told) if (op.type === 'ask.change') push(changes, String(op.payload['ask']), op);
  return asksOf(context, incident)
    .map(({ id, text, owner, state, dueAt, openedAt, openedBy }) => ({
      ...{ id, text, owner, dueAt, openedAt, openedBy },
      state: AskState.catch('open').parse(state),
      history: (changes.get(id) ?? []).map((op) => ({
        ...said(context, op),
        reason: textIn(op, 'note'),
        what: whatChanged(context, op),
      })),
    }))
    .sort((a, b) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1));
}

function whatChanged({ estate }: Context, { payload }: StoredOp): string {
  const parts: string[] = [];
  const { state, owner, dueAt, text } = payload;
  if (typeof state === 'string') parts.push(state);
  if (owner !== undefined)
    parts.push(typeof owner === 'string' ? `handed to ${estate.actorName(owner)}` : 'taken from its owner');
  if (dueAt !== undefined) parts.push(dueAt === null ? 'no limit' : 'another limit');
  if (typeof text === 'string') parts.push(`now reads: ${text}`);
  return parts.join(', ') || 'noted';
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function runsIn(context: Context, incident: string, told: readonly StoredOp[]): DocumentHead['runs'] {
  return runsOf(context, incident).map(({ id, runbook, title, version, hash, startedAt, startedBy, ended, steps }) => ({
    ...{ id, runbook, title, version, hash, startedAt, startedBy },
    ended: ended && { at: ended.at, by: ended.by, reason: ended.reason },
    steps: steps.map((step) => {
      const field = `step:${id}:${step.id}`;
      return {
        ...{ id: step.id, title: step.title, state: step.state, reversible: step.reversible, role: step.role },
        history: turnsOf(told, field).map((turn) => {
          const carried = carriedIn(turn.op).find((one) => one.step === step.id);
          const branch = carried ? (carried.branch ?? null) : textIn(turn.op, 'branch');
          return {
            ...said(context, turn.op),
            ...(carried && {
              ...{ by: namedActor(context, carried.by), at: carried.at, reason: carried.reason ?? null },
            }),
            state: StepState.catch('open').parse(turn.value),
            was: settledBy(context, turn, field, asIs),
            branch: branch === null ? null : (step.branches?.find(({ to }) => to === branch)?.label ?? branch),
            carried: carried !== undefined,
          };
        }),
        evidence: step.attached,
        overruled: step.overruled.map(({ figure, ...one }) => ({ ...one, figure: figure ?? null })),
      };
    }),
  }));
}

function healthIn(
  { estate }: Context,
  affected: readonly { id: string; name: string }[],
  told: readonly StoredOp[],
): DocumentHead['health'] {
  const changes = new Map<string, StoredOp[]>();
  for (const op of told) if (op.type === 'health.change') push(changes, String(op.payload['service']), op);
  // What was affected once and then was not still has its story.
  const others = [...changes.keys()].filter((id) => !affected.some((service) => service.id === id));
  return [...affected, ...others.map((id) => ({ id, name: estate.name('service', id) }))].map(({ id, name }) => ({
    service: { id, name },
    changes: (changes.get(id) ?? [])
      .sort((a, b) => a.eventTime - b.eventTime || byClock(a, b))
      .map((op) => ({
        at: op.eventTime,
        seenAt: typeof op.payload['since'] === 'number' ? op.payload['since'] : op.eventTime,
        health: Health.catch('unknown').parse(op.payload['health']),
        source: estate.name('source', String(op.payload['source'] ?? '')),
        reason: textIn(op, 'reason') ?? '',
      })),
  }));
}

function contestedIn(context: Context, row: EntityRow): DocumentHead['conflicts'] {
  const found = conflictsIn(context, row.id);
  const answer = ({ hlc, actor, eventTime, reason }: Head, value: string) => ({
    by: namedActor(context, actor),
    at: eventTime,
    enteredAt: parseHlc(hlc).ms,
    reason: reason ?? null,
    value,
  });
  return found.map((one) => ({
    about: aboutOf(context, one),
    inForce: wordsOf(context, one, one.row.doc[one.conflict.field]),
    answers: one.conflict.heads.map((head) => answer(head, wordsOf(context, one, head.value))),
  }));
}

function proofsOf(
  { store }: Context,
  incident: string,
  story: Story,
): { ops: number; signed: number; slices(): Generator<Slice> } {
  const wanted = storyOps(store.db, incident, story);
  const source = new ProofSource(store.db);
  function* slices(): Generator<Slice> {
    for (const [console, seqs] of wanted) yield* slicesOf(source, console, seqs);
  }
  let signed = 0;
  for (const slice of slices()) signed += coveredOps(slice).ops.length;
  return { ops: [...wanted.values()].reduce((sum, seqs) => sum + seqs.length, 0), signed, slices };
}

function consoleName({ store }: Context, id: string): string {
  if (id === store.console) return 'this console';
  return String(store.entity('console', ESTATE, id)?.doc['name'] ?? '');
}
