/**
 * Conflicts as they are shown and settled. Invariant: every answer that stands against another one is listed with whose it
 * is; settling is one op that names the answers that were looked at, so that one which came meanwhile stays visible.
 */
import type { ConflictAnswer, ConflictDetail } from '../../../shared/contract/conflict.ts';
import type { Named } from '../../../shared/contract/common.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { Role } from '../../../shared/domain/words.ts';
import { ESTATE, type OpDraft } from '../../../shared/ops/op.ts';
import type { Conflict } from '../../../shared/ops/project.ts';
import type { Context } from '../context.ts';
import { entryOf } from '../incidents/timeline.ts';
import { namedActor } from '../names.ts';
import type { StoredOp } from '../store/log.ts';
import type { EntityRow } from '../store/projection.ts';
import { registerOf } from './registers.ts';

/** Lines that are shown of what the same console wrote next, and ops that are looked through for them. */
const FOLLOWED = 3;
const LOOK_AHEAD = 200;

export interface Found {
  row: EntityRow;
  conflict: Conflict;
}

/** The conflicts of one scope, or of all, the most pressing first. */
export function conflictsIn(context: Context, scope?: string): Found[] {
  const { conflicts } = context;
  const scopes = scope === undefined ? conflicts.scopes() : [scope];
  return scopes
    .filter((one) => one === scope || one === ESTATE || context.incidents.get(one) !== null)
    .flatMap((one) => conflicts.of(one))
    .flatMap((row) => (row.doc.conflicts ?? []).map((conflict) => ({ row, conflict })))
    .map((found) => ({ found, severity: severityOf(context, found.row.scope), rank: rankOf(found) }))
    .sort(
      (a, b) =>
        (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : 0) ||
        a.rank - b.rank ||
        (a.found.conflict.heads[0]!.hlc < b.found.conflict.heads[0]!.hlc ? -1 : 1),
    )
    .map(({ found }) => found);
}

const rankOf = ({ row, conflict }: Found): number => registerOf(row, conflict)?.rank ?? 9;

function severityOf(context: Context, scope: string): string {
  return scope === ESTATE ? '' : String(context.incidents.get(scope)?.doc['severity'] ?? 'SEV9');
}

/** What names a conflict for as long as it lasts. */
export const keyOf = ({ row: { scope, kind, id }, conflict }: Found): string =>
  `${scope}/${kind}/${id}/${conflict.field}`;

/** "severity", "who commands": what is contested. */
export function aboutOf(context: Context, { row, conflict }: Found): string {
  return registerOf(row, conflict)?.about(context, row, conflict.field) ?? conflict.field;
}

/** A value as a person says it. */
export function wordsOf(context: Context, { row, conflict }: Found, value: unknown): string {
  const text = value === null || value === undefined ? null : String(value);
  const words = registerOf(row, conflict)?.words(context, row, conflict.field, text) ?? text ?? 'nobody';
  return oneLine(words, 200);
}

export function conflictDetail(context: Context, found: Found): ConflictDetail {
  const { row, conflict } = found;
  const { scope, kind, id } = row;
  const incident = scope === ESTATE ? null : context.incidents.get(scope);
  return {
    key: keyOf(found),
    incident:
      incident === null
        ? null
        : {
            id: scope,
            label: context.incidents.labels().get(scope) ?? scope,
            title: String(incident.doc['title'] ?? ''),
          },
    ...{ kind, id, field: conflict.field },
    about: aboutOf(context, found),
    inForce: wordsOf(context, found, row.doc[conflict.field]),
    why: registerOf(row, conflict)?.why ?? 'the first one, because this version does not know what it means',
    asked: askedFor(context, found),
    answers: conflict.heads.map((head): ConflictAnswer => {
      const op = context.store.log.get(head.op);
      return {
        op: head.op,
        value: head.value === null ? null : String(head.value),
        words: wordsOf(context, found, head.value),
        by: namedActor(context, head.actor),
        console: consoleOf(context, op?.console ?? ''),
        at: head.eventTime,
        zone: op?.zone ?? 'UTC',
        arrivedAt: op?.arrived ?? head.eventTime,
        reason: head.reason ?? null,
        ...followedBy(context, op),
      };
    }),
  };
}

function consoleOf({ store }: Context, id: string): ConflictAnswer['console'] {
  const name = store.entity('console', ESTATE, id)?.doc['name'];
  return { id, name: typeof name === 'string' ? name : '', own: id === store.console };
}

/** What the console that wrote `op` wrote next in the same scope: people went on from their answer. */
function followedBy(context: Context, op: StoredOp | null): Pick<ConflictAnswer, 'followed' | 'more'> {
  if (op === null) return { followed: [], more: 0 };
  const { console, scope, seq } = op;
  const next = context.store.log
    .range(console, seq + 1, seq + LOOK_AHEAD, LOOK_AHEAD)
    .map((other) => context.store.opened(other))
    .filter((other) => other.scope === scope && other.actor !== 'system');
  return {
    followed: next
      .slice(0, FOLLOWED)
      .map((other) => ({ at: other.eventTime, text: oneLine(entryOf(context, other), 160) })),
    more: Math.max(0, next.length - FOLLOWED),
  };
}

/** Both commanders when it is about command, else who commands; those who gave the answers when nobody does. */
function askedFor(context: Context, { row, conflict }: Found): Named[] {
  const people = (ids: readonly unknown[]): Named[] =>
    [...new Set(ids)].filter((id) => typeof id === 'string').map((id) => namedActor(context, id));
  if (conflict.field === `role:${Role.enum.commander}`) {
    const both = people(conflict.heads.map(({ value }) => value));
    if (both.length > 0) return both;
  }
  const incident = row.scope === ESTATE ? null : context.incidents.get(row.scope);
  const open = incident?.doc.conflicts?.find(({ field }) => field === 'role:commander');
  const commanders = open ? open.heads.map(({ value }) => value) : [incident?.doc['role:commander']];
  const found = people(commanders);
  return found.length > 0 ? found : people(conflict.heads.map(({ actor }) => actor));
}

/** The conflict in which `keep`, an op id or the head of one, is an answer; on `field` when it gives several. @throws Refusal */
export function findConflict(
  context: Context,
  { keep, field }: { keep: string; field?: string | undefined },
): { found: Found; head: Conflict['heads'][number] } {
  const matches = conflictsIn(context)
    .filter(({ conflict }) => field === undefined || conflict.field === field)
    .flatMap((found) => found.conflict.heads.filter(({ op }) => op.startsWith(keep)).map((head) => ({ found, head })));
  const [match, other] = matches;
  if (match && !other) return match;
  // One op can give several answers, as a declaration does.
  if (other)
    throw new Refusal(
      'bad_input',
      other.head.op === match!.head.op
        ? `“${keep}” gives several contested answers: ${matches.map(({ found }) => found.conflict.field).join(', ')}; say which as the field.`
        : `“${keep}” begins several ops: write more of it.`,
    );
  const op = keep.length === 43 ? context.store.log.get(keep) : null;
  throw new Refusal(
    op === null ? 'not_found' : 'refused',
    op === null
      ? `No contested answer has the op “${keep.slice(0, 43)}”: \`conflicts\` lists them.`
      : 'That is settled already: another answer took its place, or nothing stands against it any more.',
  );
}

/** The op that keeps `head`. */
export function settling(
  context: Context,
  { found, head }: { found: Found; head: Conflict['heads'][number] },
  reason: string,
): OpDraft {
  const { row, conflict } = found;
  const register = registerOf(row, conflict);
  const kept = context.store.log.get(head.op);
  if (register === null || kept === null)
    throw new Refusal(
      'refused',
      'This version of Holdfast does not know what is contested here; settle it with a newer one.',
    );
  const value = head.value === null ? null : String(head.value);
  const { type, payload } = register.settle({ context, row, field: conflict.field, value, kept });
  return {
    scope: row.scope,
    type,
    payload: type === 'console.enrol' ? payload : { ...payload, reason },
    base: conflict.heads.map(({ op }) => op),
  };
}
