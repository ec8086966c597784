/**
 * Every contested register: what it is called, how its values are said, why one of them counts meanwhile, and the op that
 * settles it. Invariant: an op that settles says what the kept answer says and names every answer that was looked at.
 */
import type { Capability } from '../../../shared/contract/spec.ts';
import { lookUp } from '../../../shared/domain/lookup.ts';
import { responseName } from '../../../shared/domain/policy/words.ts';
import { oneLine, roleName } from '../../../shared/domain/timeline.ts';
import { ResponseLevel, ResponseModel } from '../../../shared/domain/policy/substance.ts';
import type { Conflict } from '../../../shared/ops/project.ts';
import { END, readOutcome } from '../../../shared/ops/outcome.ts';
import type { PinnedStep } from '../../../shared/ops/steps.ts';
import type { OpDraft } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import type { Pinned } from '../restoration/index.ts';
import { nameOf } from '../restoration/index.ts';
import type { StoredOp } from '../store/log.ts';
import type { EntityRow } from '../store/projection.ts';

type Value = string | null;

export interface Register {
  about(context: Context, row: EntityRow, field: string): string;
  words(context: Context, row: EntityRow, field: string, value: Value): string;
  /** Why what is in force counts. */
  why: string;
  /** The capability that settling it needs, when commanding is not enough. */
  needs?: Capability;
  /** What pressing order it has; the lowest first. */
  rank: number;
  /** Type and payload of the op that gives `value` once more, as the op `kept` gave it. */
  settle(at: {
    context: Context;
    row: EntityRow;
    field: string;
    value: Value;
    kept: StoredOp;
  }): Pick<OpDraft, 'type' | 'payload'>;
}

const word = (_context: Context, _row: EntityRow, _field: string, value: Value): string =>
  value === null ? 'nobody' : value.replaceAll('-', ' ');
const person = (context: Context, _row: EntityRow, _field: string, value: Value): string =>
  value === null ? 'nobody' : context.estate.actorName(value);
const rest = (field: string): string => field.slice(field.indexOf(':') + 1);
const LESSER = 'of several states the one that is less far';
const NEITHER = 'none of the answers, so that nobody goes on before it is settled';

const REGISTERS: Record<string, Register> = {
  'incident role': {
    about: (_context, _row, field) =>
      rest(field) === 'commander' ? 'who commands' : `who is ${roleName(rest(field))}`,
    words: person,
    why: 'the one who was there first',
    rank: 0,
    settle: ({ field, value }) => ({ type: 'incident.role', payload: { role: rest(field), person: value } }),
  },
  'incident severity': {
    about: () => 'severity',
    words: word,
    why: 'the highest severity',
    rank: 1,
    settle: ({ value }) => ({ type: 'incident.severity', payload: { severity: value } }),
  },
  'incident status': {
    about: () => 'state',
    words: word,
    why: LESSER,
    rank: 2,
    settle: ({ value }) => ({ type: 'incident.status', payload: { status: value } }),
  },
  'incident response': {
    about: () => 'response',
    words: (_context, _row, _field, value) => {
      const [level, model] = String(value).split('/');
      const known = ResponseLevel.safeParse(level).success && ResponseModel.safeParse(model).success;
      return known
        ? `${responseName(level as never)} with ${responseName(model as never)}`
        : oneLine(String(value), 80);
    },
    why: 'the response that calls most people',
    rank: 3,
    settle: ({ row, value }) => {
      const [level, model] = String(value).split('/');
      const beside = (row.doc[`substance:${value}`] ?? {}) as Record<string, unknown>;
      return { type: 'incident.response', payload: { level, model, ...beside } };
    },
  },
  'incident cause': {
    about: (context, _row, field) => `whether ${context.estate.name('service', rest(field))} is the cause`,
    words: word,
    why: NEITHER,
    rank: 6,
    settle: ({ field, value }) => ({
      type: 'incident.cause',
      payload: { service: rest(field), verdict: value },
    }),
  },
  'run step': {
    about: (_context, { doc }, field) =>
      `the step “${stepOf(doc, field)?.title ?? rest(field)}” of ${oneLine(String(doc['title'] ?? 'a runbook'), 80)}`,
    words: (_context, { doc }, field, value) => {
      const { state, branch } = readOutcome(value);
      if (branch === null) return state;
      const label = stepOf(doc, field)?.branches?.find(({ to }) => to === branch)?.label;
      return `${state}: ${label ?? (branch === END ? 'end' : branch)}`;
    },
    why: LESSER,
    rank: 4,
    settle: ({ row, field, value }) => {
      const { state, branch } = readOutcome(value);
      return {
        type: 'run.step',
        payload: { run: row.id, step: rest(field), state, ...(branch === null ? {} : { branch }) },
      };
    },
  },
  'restoration item': {
    about: (context, row, field) => {
      const item = pinnedIn(context, row).find(({ id }) => id === rest(field));
      return `the restoration of ${item ? nameOf(context, item) : rest(field)}`;
    },
    words: word,
    why: LESSER,
    rank: 4,
    settle: ({ kept }) => ({ type: 'restoration.item', payload: kept.payload }),
  },
  'restoration plan': {
    about: () => 'which restoration plan holds',
    words: (context, { scope }, _field, value) => {
      const items = planItems(context, scope, value);
      const names = items.slice(0, 3).map((item) => nameOf(context, item));
      const more = items.length - names.length;
      return `${names.join(' → ')}${more > 0 ? ` and ${more} more` : ''}` || 'a plan without items';
    },
    why: 'the plan that was adopted first',
    rank: 4,
    settle: ({ kept }) => ({ type: 'restoration.adopt', payload: kept.payload }),
  },
  'cleanup reconciliation': {
    about: (_context, { doc }) => `cleanup “${oneLine(String(doc['title'] ?? ''), 80)}”`,
    words: word,
    why: LESSER,
    rank: 5,
    settle: ({ row, value }) => ({ type: 'cleanup.state', payload: { item: row.id, state: value } }),
  },
  'cleanup accepted': {
    about: (_context, { doc }) => `who answers for cleanup “${oneLine(String(doc['title'] ?? ''), 80)}”`,
    words: person,
    why: 'none of the answers, so that it stays open',
    rank: 5,
    settle: ({ kept }) => ({ type: 'cleanup.accept', payload: kept.payload }),
  },
  'handover answer': {
    about: (context, { doc }) => `the handover to ${context.estate.actorName(String(doc['to'] ?? 'system'))}`,
    words: word,
    why: 'the answer that hands over less',
    rank: 2,
    settle: ({ kept }) => ({ type: 'handover.answer', payload: kept.payload }),
  },
  'suggestion settled': {
    about: (_context, _row, field) => `a suggestion (${oneLine(field.split(' ').slice(0, 2).join(' '), 80)})`,
    words: word,
    why: NEITHER,
    rank: 7,
    settle: ({ kept }) => ({ type: 'suggestion.settle', payload: kept.payload }),
  },
  'access-role held': {
    about: (context, { doc }) =>
      `whether ${holder(context, doc)} has the role ${oneLine(String(doc['role'] ?? ''), 60)}`,
    words: word,
    why: 'the answer that gives less access',
    rank: 1,
    needs: 'grant-access',
    settle: ({ kept }) => ({ type: kept.type, payload: kept.payload }),
  },
  'restriction member': {
    about: (context, _row, field) => {
      const [to, ...id] = rest(field).split(':');
      return `whether ${to === 'person' ? context.estate.actorName(id.join(':')) : `${to} ${id.join(':')}`} reads it`;
    },
    words: (_context, _row, _field, value) => (value === 'in' ? 'reads it' : 'does not'),
    why: 'the answer that gives less access',
    rank: 1,
    settle: ({ kept }) => ({ type: 'restriction.member', payload: kept.payload }),
  },
  'console access': {
    about: (_context, { id, doc }) => `whether console ${oneLine(String(doc['name'] ?? id), 60)} counts`,
    words: word,
    why: 'the answer that gives less access',
    rank: 1,
    needs: 'manage-console',
    settle: ({ kept }) => ({ type: kept.type, payload: kept.payload }),
  },
};

/** How a contested field is to be spoken of. A field of a newer version is shown by its name, and cannot be settled here. */
export function registerOf({ kind }: Pick<EntityRow, 'kind'>, { field }: Pick<Conflict, 'field'>): Register | null {
  const name = kind === 'suggestion' ? 'settled' : field.split(':')[0]!;
  return lookUp(REGISTERS, `${kind} ${name}`) ?? null;
}

function holder(context: Context, { to, subject }: EntityRow['doc']): string {
  const id = String(subject ?? '');
  return to === 'person' ? context.estate.actorName(id) : `${String(to)} ${oneLine(id, 60)}`;
}

function stepOf(doc: EntityRow['doc'], field: string): PinnedStep | undefined {
  const steps = doc['steps'];
  return Array.isArray(steps) ? (steps as PinnedStep[]).find(({ id }) => id === rest(field)) : undefined;
}

function planItems(context: Context, scope: string, plan: unknown): Pinned[] {
  const items = context.store.entity('restoration-plan', scope, String(plan))?.doc['items'];
  return Array.isArray(items) ? (items as Pinned[]) : [];
}

const pinnedIn = (context: Context, { scope, doc }: EntityRow): Pinned[] => planItems(context, scope, doc['plan']);
