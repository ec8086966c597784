/**
 * The audit, read from the log itself. Invariant: an op is listed whether or not its effect stands today, because somebody did
 * it; what is left out is left out by a filter that the answer was asked with.
 */
import type { z } from 'zod';
import type { AuditFilter, AuditLine, AuditView } from '../../../shared/contract/audit.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { UNDER_GRANT } from '../../../shared/domain/access/grants.ts';
import { entryKind, entryTypes, isTold, oneLine } from '../../../shared/domain/timeline.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import type { Context } from '../context.ts';
import { grantLabel } from '../grants/force.ts';
import { findGrant } from '../grants/view.ts';
import { toldOf } from '../incidents/timeline.ts';
import { findIncident } from '../incidents/view.ts';
import { named, namedActor } from '../names.ts';
import { SEALED } from '../store/projection.ts';
import { OP_COLUMNS, toOp, type OpRow, type StoredOp } from '../store/log.ts';

type Filter = z.infer<typeof AuditFilter>;

/** Ops that only state what was measured or counted: nobody did them. */
const BY_ITSELF = ['impact.checkpoint', 'record.held'];
const APPROVALS = [
  'action.approve',
  'action.refuse',
  'action.run',
  'breakglass.open',
  'breakglass.answer',
  'breakglass.review',
];

/** One page, the newest first. @throws Refusal when a filter names what is not there */
export function auditPage(
  context: Context,
  filter: Filter,
  page: { limit: number; before?: number | undefined },
): AuditView {
  const { where, values, fits } = conditions(context, filter);
  const read = context.store.db.prepare<unknown[], OpRow>(
    `SELECT ${OP_COLUMNS} FROM op JOIN console ON console.n = op.console
     WHERE ${['op.n < ?', ...where].join(' AND ')} ORDER BY op.n DESC LIMIT ?`,
  );
  const ops: StoredOp[] = [];
  for (let before = page.before ?? Number.MAX_SAFE_INTEGER; ops.length <= page.limit;) {
    const rows = read.all(before, ...values, page.limit + 1);
    for (const row of rows) {
      const op = toOp(row);
      if (op.type !== SEALED) ops.push(op);
      else {
        const opened = context.store.opened(op);
        if (fits(opened)) ops.push(opened);
      }
    }
    if (rows.length <= page.limit) break;
    before = rows.at(-1)!.n;
  }
  return {
    lines: ops.slice(0, page.limit).map((op) => lineFor(context, op)),
    next: ops.length > page.limit ? ops[page.limit - 1]!.n : null,
    asOf: context.now(),
  };
}

/** What an op must be: in the database, and once more in memory of what is only known when it is opened. */
function conditions(
  context: Context,
  filter: Filter,
): { where: string[]; values: unknown[]; fits: (op: StoredOp) => boolean } {
  const where: string[] = [];
  const values: unknown[] = [];
  const tests: ((op: StoredOp) => boolean)[] = [];
  const always = (sql: string, ...bound: unknown[]): void => {
    where.push(sql);
    values.push(...bound);
  };
  const add = (test: (op: StoredOp) => boolean, sql: string, ...bound: unknown[]): void => {
    tests.push(test);
    always(`(op.type = '${SEALED}' OR ${sql})`, ...bound);
  };
  const { person, incident, grant, kinds, since, until, approvals, everything } = filter;
  if (since !== undefined && until !== undefined && since > until)
    throw new Refusal('bad_input', 'since: it is later than until.');
  if (person !== undefined) {
    const id = context.estate.resolve('person', person) ?? person;
    add(({ actor }) => actor === id, 'op.actor = ?', id);
  }
  if (incident !== undefined) always('op.scope = ?', findIncident(context, incident).id);
  if (grant === 'any')
    add(
      ({ payload }) => payload[UNDER_GRANT] !== undefined,
      `json_extract(op.payload, '$.${UNDER_GRANT}') IS NOT NULL`,
    );
  else if (grant !== undefined) {
    const { id } = findGrant(context, grant);
    add(
      ({ payload }) => payload[UNDER_GRANT] === id || payload['grant'] === id,
      `(json_extract(op.payload, '$.${UNDER_GRANT}') = ? OR json_extract(op.payload, '$.grant') = ?)`,
      ...[id, id],
    );
  }
  const oneOf = (types: readonly string[]): void =>
    add(({ type }) => types.includes(type), 'op.type IN (SELECT value FROM json_each(?))', JSON.stringify(types));
  if (kinds !== undefined) oneOf(entryTypes(kinds));
  if (approvals) oneOf(APPROVALS);
  if (since !== undefined) add(({ eventTime }) => eventTime >= since, 'op.event_time >= ?', since);
  if (until !== undefined) add(({ eventTime }) => eventTime <= until, 'op.event_time <= ?', until);
  if (!everything)
    add(
      ({ actor, type }) => actor !== 'system' && !BY_ITSELF.includes(type),
      "(op.actor <> 'system' AND op.type NOT IN (SELECT value FROM json_each(?)))",
      JSON.stringify(BY_ITSELF),
    );
  return { where, values, fits: (op) => tests.every((test) => test(op)) };
}

function lineFor(context: Context, op: StoredOp): AuditLine {
  const { summary, text } = ofEstate(op) ?? toldOf(context, op);
  const under = op.payload[UNDER_GRANT];
  const console = context.store.entity('console', ESTATE, op.console)?.doc['name'];
  return {
    ...{ id: op.id, type: op.type, kind: entryKind(op.type), at: op.eventTime, enteredAt: parseHlc(op.hlc).ms },
    who: namedActor(context, op.actor),
    console: { id: op.console, name: typeof console === 'string' ? console : '' },
    incident:
      op.scope === ESTATE ? null : { id: op.scope, label: context.incidents.labels().get(op.scope) ?? op.scope },
    ...{ summary, text },
    approvedBy: approversOf(context, op),
    grant: typeof under === 'string' ? { id: under, label: grantLabel(under) } : null,
  };
}

/** What no timeline tells: changes to the estate itself, and the ticks of a checklist. */
function ofEstate({ type, payload }: StoredOp): { summary: string; text: null } | null {
  const of = (name: string): string => oneLine(String(payload[name] ?? ''), 200);
  switch (type) {
    case 'estate.put': {
      const fields = Object.keys((payload['fields'] ?? {}) as object).join(', ');
      return { summary: oneLine(`${of('kind').replaceAll('-', ' ')} ${of('id')} set: ${fields}`, 300), text: null };
    }
    case 'estate.remove':
      return { summary: `${of('kind').replaceAll('-', ' ')} ${of('id')} removed`, text: null };
    case 'estate.profile':
      return { summary: `the estate is called ${of('name')}`, text: null };
    case 'role.tick':
      return {
        summary: `${payload['done'] === true ? 'ticked' : 'unticked'} ${of('item')} of ${of('role')}`,
        text: null,
      };
    default:
      return isTold(type) ? null : { summary: type.replaceAll(/[.-]/g, ' '), text: null };
  }
}

/** Who approved what was run, by then; who opened emergency access for somebody. */
function approversOf(context: Context, op: StoredOp): AuditLine['approvedBy'] {
  const { witness } = op.payload;
  if (op.type === 'breakglass.open' && typeof witness === 'string') return [named(context, 'person', witness)];
  if (op.type !== 'action.run') return [];
  // What was said of an action stays beside it, also what was sealed.
  const facts = context.store.entity('action', op.scope, String(op.payload['action']))?.doc ?? {};
  const people = Object.entries(facts).flatMap(([field, value]) => {
    const fact = value as { do?: unknown; by?: unknown; hlc?: unknown } | null;
    return field.startsWith('fact.') && fact?.do === 'approve' && String(fact.hlc) <= op.hlc ? [String(fact.by)] : [];
  });
  return [...new Set(people)].map((person) => named(context, 'person', person));
}
