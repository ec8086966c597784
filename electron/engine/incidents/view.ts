/**
 * Incidents as the contract shows them. Invariant: built from the projections alone, so every console that holds the same
 * ops shows the same; what is due is judged at the moment of asking.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { AskView, IncidentLite, IncidentView, RoleView } from '../../../shared/contract/incident.ts';
import { Suspicion } from '../../../shared/domain/policy/substance.ts';
import { AskState, Role, Severity, Status } from '../../../shared/domain/words.ts';
import type { Document } from '../../../shared/ops/project.ts';
import type { Context } from '../context.ts';
import { isForeign } from '../exports/foreign-id.ts';
import { named, namedActor } from '../names.ts';
import { requiredOf } from '../people/required.ts';
import { suggestionsOf } from '../proposals/runbooks.ts';
import { runsOf } from '../runbooks/runs.ts';
import type { EntityRow } from '../store/projection.ts';
import { conflictView } from './conflicts.ts';
import { endedAt, statusAt } from './ended.ts';
import { briefOf, labelsOf } from './rows.ts';

/** What each of several incidents is called, by id. */
export function labels(rows: readonly EntityRow[]): Map<string, string> {
  return labelsOf(rows.map(briefOf));
}

/** The incidents that were declared, resolved ones too. */
export function declared(context: Context): EntityRow[] {
  return context.incidents.declared();
}

/**
 * The incident that a person means by id, label or number.
 * @throws Refusal `not_found`; `refused` when it is the record of another organisation
 */
export function findIncident(context: Context, key: string): EntityRow {
  const direct = context.store.entity('incident', key, key);
  if (direct && typeof direct.doc['number'] === 'number') return direct;
  const wanted = key.trim().toUpperCase();
  const padded = /^\d+$/.test(wanted)
    ? `INC-${wanted.padStart(4, '0')}`
    : wanted.replace(/^INC-?(\d+)/, (_, digits: string) => `INC-${digits.padStart(4, '0')}`);
  const id = context.incidents
    .labels()
    .entries()
    .find(([, label]) => label.toUpperCase() === padded)?.[0];
  const found = id === undefined ? null : context.store.entity('incident', id, id);
  if (found) return found;
  if (isForeign(context.store.db, key))
    throw new Refusal('refused', 'This is a foreign record: it can be read and exported, not changed.');
  const foreign = key.includes('@') ? ' of ours; a foreign record can be read and exported, not changed' : '';
  throw new Refusal('not_found', `There is no incident "${key.slice(0, 60)}"${foreign}.`);
}

/** The order in which incidents stand wherever they are listed: the most severe first, of those the newest. */
export function worstIncident(
  a: Pick<IncidentLite, 'severity' | 'declaredAt'>,
  b: Pick<IncidentLite, 'severity' | 'declaredAt'>,
): number {
  return a.severity === b.severity ? b.declaredAt - a.declaredAt : a.severity < b.severity ? -1 : 1;
}

/** Of more incidents than this what is contested is looked up at once. */
const FEW = 50;

export function incidentLites(context: Context, rows: readonly EntityRow[]): IncidentLite[] {
  const names = context.incidents.labels();
  if (rows.length > FEW) context.conflicts.scopes();
  return rows.map((row) => lite(context, row, names.get(row.id)!));
}

function lite(context: Context, row: EntityRow, label: string): IncidentLite {
  const { id, doc } = row;
  const asks = asksOf(context, id);
  const commander = doc['role:commander'];
  return {
    id,
    label,
    title: String(doc['title'] ?? ''),
    severity: Severity.catch('SEV1').parse(doc['severity']),
    status: Status.catch('declared').parse(doc['status']),
    commander: typeof commander === 'string' ? named(context, 'person', commander) : null,
    declaredAt: Number(doc['declaredAt']),
    startedAt: Number(doc['startedAt'] ?? doc['declaredAt']),
    resolvedAt: endedAt(context, row),
    closedAt: doc['status'] === 'closed' ? statusAt(context, row) : null,
    services: textsOf(doc['services']).map((service) => named(context, 'service', service)),
    businessServices: textsOf(doc['businessServices']).map((service) => named(context, 'business-service', service)),
    openAsks: asks.filter(isOpen).length,
    overdueAsks: asks.filter((ask) => ask.overdue).length,
    conflicts: context.conflicts.of(id).reduce((sum, one) => sum + (one.doc.conflicts?.length ?? 0), 0),
    ...disputedOf(context, doc),
    openCleanup: context.incidents.debt().get(id) ?? 0,
    ...restrictedOf(context, id),
  };
}

function restrictedOf(context: Context, id: string): Pick<IncidentLite, 'restricted'> {
  const known = context.store.keyring.get(id);
  if (!known?.restricted) return {};
  const contact = known.contact === null ? null : named(context, 'person', known.contact);
  return { restricted: { inside: known.keys.length > 0, sealed: context.store.sealedCount(id), contact } };
}

function disputedOf(context: Context, doc: Document): Pick<IncidentLite, 'disputed'> {
  const others = (field: string): unknown[] | undefined => {
    const heads = doc.conflicts?.find((conflict) => conflict.field === field)?.heads;
    return heads && [...new Set(heads.map(({ value }) => value))].filter((value) => value !== doc[field]);
  };
  const severity = others('severity')?.flatMap((value) => Severity.safeParse(value).data ?? []);
  const status = others('status')?.flatMap((value) => Status.safeParse(value).data ?? []);
  const commander = others('role:commander')?.map((id) =>
    typeof id === 'string' ? named(context, 'person', id) : null,
  );
  const disputed = {
    ...(severity === undefined ? {} : { severity }),
    ...(status === undefined ? {} : { status }),
    ...(commander === undefined ? {} : { commander }),
  };
  return Object.keys(disputed).length === 0 ? {} : { disputed };
}

export function isOpen(ask: { state: string }): boolean {
  return ask.state === 'open' || ask.state === 'acknowledged';
}

export function asksOf(context: Context, incident: string): AskView[] {
  const now = context.now();
  return context.store
    .entities('ask', incident)
    .filter((row) => typeof row.doc['text'] === 'string')
    .map(({ id, doc }) => {
      const state = AskState.catch('open').parse(doc['state']);
      const dueAt = typeof doc['dueAt'] === 'number' ? doc['dueAt'] : null;
      return {
        id,
        text: String(doc['text']),
        owner: typeof doc['owner'] === 'string' ? named(context, 'person', doc['owner']) : null,
        state,
        openedAt: Number(doc['openedAt'] ?? 0),
        openedBy: namedActor(context, String(doc['openedBy'] ?? 'system')),
        dueAt,
        stateAt: typeof doc['stateAt'] === 'number' ? doc['stateAt'] : null,
        overdue: isOpen({ state }) && dueAt !== null && dueAt < now,
        ...teamOf(context, incident, doc['team']),
      };
    })
    .sort(
      (a, b) =>
        Number(isOpen(b)) - Number(isOpen(a)) ||
        (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
        a.openedAt - b.openedAt,
    );
}

function teamOf(context: Context, incident: string, team: unknown): Pick<AskView, 'team'> {
  if (typeof team !== 'string') return {};
  const row = context.store.entity('subteam', incident, team);
  return row === null || row.gone ? {} : { team: { id: team, name: String(row.doc['name'] ?? team) } };
}

/** Every role, held or not; each subject expert counts, and none of them leaves one line that says so. */
export function rolesOf(context: Context, row: EntityRow): RoleView[] {
  const state = context.store.state('incident', row.id, row.id);
  return Role.options.flatMap((role): RoleView[] => {
    if (role === 'subject-expert') {
      const experts = textsOf(row.doc['experts']).map((id): RoleView => {
        const subject = expertSubject(row.doc, id);
        const since = expertDetail(row.doc, id)['since'];
        return {
          role,
          person: named(context, 'person', id),
          since: typeof since === 'number' ? since : null,
          ...(subject === null ? {} : { subject }),
        };
      });
      return experts.length > 0 ? experts : [{ role, person: null, since: null }];
    }
    const person = row.doc[`role:${role}`];
    const heads = Object.values(state?.contested[`role:${role}`]?.heads ?? {});
    return [
      {
        role,
        person: typeof person === 'string' ? named(context, 'person', person) : null,
        since: heads.length > 0 ? Math.min(...heads.map((head) => head.eventTime)) : null,
      },
    ];
  });
}

function expertDetail(doc: Document, person: string): Record<string, unknown> {
  return (doc[`expert:${person}`] ?? {}) as Record<string, unknown>;
}

/** What a subject expert is asked about; null when nobody said. */
export function expertSubject(doc: Document, person: string): string | null {
  const { subject } = expertDetail(doc, person);
  return typeof subject === 'string' ? subject : null;
}

export function incidentView(context: Context, row: EntityRow): IncidentView {
  const base = lite(context, row, context.incidents.labels().get(row.id)!);
  const runs = runsOf(context, row.id);
  return {
    ...base,
    declaredBy: namedActor(context, String(row.doc['declaredBy'])),
    zone: String(row.doc['zone'] ?? 'UTC'),
    roles: rolesOf(context, row),
    required: requiredOf(row),
    asks: asksOf(context, row.id),
    runs,
    health: base.services.map(({ id, name }) => ({ id, name, health: context.sources.board.serviceHealth(id) })),
    suggestedRunbooks: suggestedRunbooks(context, row.doc, new Set(runs.map((run) => run.runbook))),
    conflictList: (row.doc.conflicts ?? []).map((conflict) => conflictView(context, conflict)),
    entries: context.store.entryCount(row.id),
  };
}

/** Runbooks that fit the incident, the best first, with why; those already running are left out. */
export function suggestedRunbooks(
  context: Context,
  doc: Document,
  running: ReadonlySet<string>,
): IncidentView['suggestedRunbooks'] {
  const startedAt = Number(doc['startedAt'] ?? doc['declaredAt']);
  const [services, businessServices] = [textsOf(doc['services']), textsOf(doc['businessServices'])];
  const security = Suspicion.catch('none').parse(doc['security']);
  const title = String(doc['title'] ?? '');
  return suggestionsOf(context, { title, services, businessServices, security, startedAt, running })
    .slice(0, 5)
    .map(({ id, title, reasons }) => ({ id, title, why: reasons.slice(0, 3).join('; ') }));
}

/** The strings of what should be a list of them. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
