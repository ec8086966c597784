/**
 * What an incident left to be put right. Invariant: an item is open until its whole count is reconciled or written off; of
 * several answers the one of the least progress is in force; who accepted what is open answers for no more than that.
 */
import type { CleanupItemView } from '../../../shared/contract/cleanup.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { CleanupKind, CleanupState } from '../../../shared/domain/words.ts';
import { heads } from '../../../shared/ops/registers.ts';
import type { Context } from '../context.ts';
import { conflictView } from '../incidents/conflicts.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

/** Oldest first: an item keeps its number. */
export function cleanupItems(context: Context, incident: string): CleanupItemView[] {
  return context.store
    .entities('cleanup', incident)
    .filter(({ doc }) => typeof doc['title'] === 'string')
    .sort((a, b) => Number(a.doc['addedAt']) - Number(b.doc['addedAt']) || (a.id < b.id ? -1 : 1))
    .map((row) => itemView(context, row));
}

function itemView(context: Context, { id, scope, doc }: EntityRow): CleanupItemView {
  const raw = context.store.state('cleanup', scope, id)!;
  const state = CleanupState.catch('open').parse(doc['reconciliation']);
  const said = heads(raw, 'reconciliation').find(({ value }) => value === state);
  const count = whole(doc['count']);
  const reconciled = Math.min(count, whole(doc['reconciled']));
  const writtenOff = Math.min(count - reconciled, whole(doc['writtenOff']));
  const remaining = state === 'reconciled' ? 0 : count - reconciled - writtenOff;
  const person = doc['accepted'];
  const word = heads(raw, 'accepted').find(({ value }) => value === person);
  const dueAt = typeof doc['dueAt'] === 'number' ? doc['dueAt'] : null;
  return {
    id,
    kind: CleanupKind.catch('other').parse(doc['kind']),
    title: String(doc['title']),
    ...{ count, unit: String(doc['unit'] ?? ''), state, reconciled, writtenOff, remaining, dueAt },
    moneyMinor: typeof doc['moneyMinor'] === 'number' ? doc['moneyMinor'] : null,
    currency: typeof doc['currency'] === 'string' ? doc['currency'] : null,
    owner: typeof doc['owner'] === 'string' ? named(context, 'person', doc['owner']) : null,
    overdue: state !== 'reconciled' && dueAt !== null && dueAt < context.now(),
    evidence: typeof doc['evidence'] === 'string' && doc['evidence'] !== '' ? doc['evidence'] : null,
    reason: said?.reason ?? null,
    by: said ? namedActor(context, said.actor) : null,
    at: said?.eventTime ?? null,
    accepted:
      typeof person === 'string' && word
        ? {
            person: named(context, 'person', person),
            by: namedActor(context, word.actor),
            at: word.eventTime,
            remaining: whole(doc['acceptedRemaining']),
            reason: word.reason ?? null,
            holds: remaining <= whole(doc['acceptedRemaining']),
          }
        : null,
    conflicts: (doc.conflicts ?? []).map((conflict) => conflictView(context, conflict)),
  };
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.floor(value)) : 0;
}

export const isSettled = ({ state }: CleanupItemView): boolean => state === 'reconciled';
/** Open, and nobody answers for it. */
export const isUnaccepted = (item: CleanupItemView): boolean => !isSettled(item) && item.accepted?.holds !== true;

/** @throws Refusal `not_found` */
export function findItem(context: Context, incident: string, text: string): CleanupItemView {
  const items = cleanupItems(context, incident);
  const found = items.find(({ id }) => id === text) ?? (/^\d{1,4}$/.test(text) ? items[Number(text) - 1] : undefined);
  if (found) return found;
  throw new Refusal(
    'not_found',
    items.length === 0
      ? 'This incident has no cleanup items.'
      : `There is no cleanup item "${text.slice(0, 60)}": write its id, or its number from 1 to ${items.length}.`,
  );
}

/** @throws Refusal `refused` when open items stand in the way of closing. */
export function mustBeSettled(context: Context, { id }: EntityRow): void {
  const left = cleanupItems(context, id).filter(isUnaccepted);
  if (left.length === 0) return;
  const shown = left.slice(0, 3).map(({ title, remaining, unit }) => `${title} (${remaining} ${unit})`);
  const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
  throw new Refusal(
    'refused',
    `${left.length} cleanup ${left.length === 1 ? 'item is' : 'items are'} open: ${shown.join(', ')}${more}. Reconcile each, or let somebody accept it by name with a reason.`,
  );
}
