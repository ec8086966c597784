/** Similar incidents of the past and how they ended. Invariant: only what the log says of them; the likeness is pure. */
import type { Named } from '../../../shared/contract/common.ts';
import type { SimilarIncident } from '../../../shared/contract/workspace.ts';
import { similar, tellLikeness, type Resembling } from '../../../shared/domain/similar.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { Severity, Status } from '../../../shared/domain/words.ts';
import { heads } from '../../../shared/ops/registers.ts';
import type { Context } from '../context.ts';
import { endedAt } from '../incidents/ended.ts';
import { textsOf } from '../incidents/view.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Store } from '../store/store.ts';

const SHOWN = 3;

/** What an incident's row says, once for each of its states. */
const known = new WeakMap<EntityRow, Omit<Resembling, 'runbooks'>>();

function saidBy(row: EntityRow): Omit<Resembling, 'runbooks'> {
  let said = known.get(row);
  if (!said) {
    said = {
      id: row.id,
      title: String(row.doc['title'] ?? ''),
      services: textsOf(row.doc['services']),
      businessServices: textsOf(row.doc['businessServices']),
      causes: Object.keys(row.doc).flatMap((field) =>
        field.startsWith('cause:') && row.doc[field] === 'confirmed' ? field.slice('cause:'.length) : [],
      ),
    };
    known.set(row, said);
  }
  return said;
}

const RUNS = `
  SELECT scope, json_extract(state, '$.fields.runbook.value') AS runbook
  FROM entity WHERE kind = 'run' AND json_type(state, '$.fields.runbook.value') = 'text'`;

const kept = new WeakMap<Store, { runs: number; byIncident: Map<string, string[]> }>();

/** The runbooks that each incident ran, read again only when another run was begun. */
function runbooksOf({ store }: Context): Map<string, string[]> {
  const runs = store.db.prepare<[], number>("SELECT COUNT(*) FROM entity WHERE kind = 'run'").pluck().get()!;
  const before = kept.get(store);
  if (before?.runs === runs) return before.byIncident;
  const byIncident = new Map<string, string[]>();
  for (const { scope, runbook } of store.db.prepare<[], { scope: string; runbook: string }>(RUNS).all()) {
    const list = byIncident.get(scope);
    if (list) list.push(runbook);
    else byIncident.set(scope, [runbook]);
  }
  kept.set(store, { runs, byIncident });
  return byIncident;
}

/** @param suspected services that probably are the cause; @param fitting runbooks that fit it */
export function similarIncidents(
  context: Context,
  row: EntityRow,
  { suspected, fitting }: { suspected: readonly string[]; fitting: readonly string[] },
): SimilarIncident[] {
  const runbooks = runbooksOf(context);
  const rows = new Map(context.incidents.declared().map((one) => [one.id, one]));
  const past = [...rows.values()].flatMap((one) =>
    one.id === row.id ? [] : [{ ...saidBy(one), runbooks: runbooks.get(one.id) ?? [] }],
  );
  const own = saidBy(row);
  const target = {
    ...own,
    causes: [...new Set([...own.causes, ...suspected])],
    runbooks: [...(runbooks.get(row.id) ?? []), ...fitting],
  };
  const titles = new Map(context.runbooks.list().map(({ id, title }) => [id, title]));
  const names = {
    service: (id: string) => context.estate.name('service', id),
    businessService: (id: string) => context.estate.name('business-service', id),
    runbook: (id: string) => titles.get(id) ?? id,
  };
  return similar(target, past, SHOWN).map((likeness) => {
    const one = rows.get(likeness.id)!;
    return {
      id: one.id,
      label: context.incidents.labels().get(one.id) ?? one.id,
      title: String(one.doc['title'] ?? ''),
      severity: Severity.catch('SEV1').parse(one.doc['severity']),
      status: Status.catch('declared').parse(one.doc['status']),
      startedAt: Number(one.doc['startedAt'] ?? one.doc['declaredAt']),
      resolvedAt: endedAt(context, one),
      why: tellLikeness(likeness, names),
      ended: endedHow(context, one),
      runbooks: (runbooks.get(one.id) ?? []).map((id): Named => ({ id, name: names.runbook(id) })),
    };
  });
}

function endedHow(context: Context, row: EntityRow): string[] {
  const told: string[] = [];
  const causes = saidBy(row).causes.map((id) => context.estate.name('service', id));
  if (causes.length > 0) told.push(`cause: ${causes.join(', ')}`);
  const [decision] = context.store.entries({ scope: row.id }, { limit: 1, types: ['entry.decision'] });
  if (decision) told.push(`last decision: ${oneLine(String(decision.op.payload['text'] ?? ''), 200)}`);
  const state = context.store.state('incident', row.id, row.id);
  const reason = state === null ? undefined : heads(state, 'status').at(-1)?.reason;
  if (reason !== undefined && reason !== '') told.push(oneLine(reason, 200));
  return told;
}
