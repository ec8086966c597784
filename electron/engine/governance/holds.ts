/**
 * Legal holds. Invariant: while one stands, nothing that concerns its incident is deleted, by no retention and by no hand;
 * setting and releasing are in the record with their reasons.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { HoldView } from '../../../shared/contract/governance.ts';
import type { Context } from '../context.ts';
import { namedActor } from '../names.ts';
import type { Store } from '../store/store.ts';

/** @param incident only those of this one; all when null. Standing ones first, the newest first. */
export function holdsOf(context: Context, incident: string | null): HoldView[] {
  return context.store
    .entities('hold', incident ?? undefined)
    .flatMap(({ id, scope, doc }): HoldView[] => {
      const { reason, by, at, released } = doc as Record<string, unknown>;
      if (typeof reason !== 'string') return [];
      const end = released as { at: number; by: string; reason: string } | undefined;
      return [
        {
          ...{ id, reason, at: Number(at), by: namedActor(context, String(by)) },
          incident: {
            id: scope,
            label: context.incidents.labels().get(scope) ?? scope,
            title: String(context.store.entity('incident', scope, scope)?.doc['title'] ?? ''),
          },
          released: end ? { ...end, by: namedActor(context, end.by) } : null,
        },
      ];
    })
    .sort((a, b) => Number(a.released !== null) - Number(b.released !== null) || b.at - a.at);
}

/** From when on samples are kept because of holds, ms: a little before the earliest incident under one began; null when none is. */
export function heldSince(store: Store): number | null {
  const held = store.entities('hold').filter(({ doc }) => typeof doc['reason'] === 'string' && !doc['released']);
  if (held.length === 0) return null;
  const begun = held.map(({ scope }) => {
    const doc = store.entity('incident', scope, scope)?.doc;
    return Number(doc?.['startedAt'] ?? doc?.['declaredAt'] ?? 0);
  });
  return Math.min(...begun) - BEFORE_MS;
}

/** What happened before its start may be asked for, too. */
const BEFORE_MS = 24 * 3600_000;

/** @throws Refusal when there is none, or more than one and none is named */
export function findHold(context: Context, incident: string, key: string | undefined): HoldView {
  const standing = holdsOf(context, incident).filter(({ released }) => released === null);
  const found =
    key === undefined ? standing : standing.filter(({ id }) => id === key || id.endsWith(key.toLowerCase()));
  if (found.length === 1) return found[0]!;
  if (standing.length === 0) throw new Refusal('not_found', 'No legal hold stands on this incident.');
  throw new Refusal(
    'bad_input',
    `hold: ${standing.length} holds stand; name one by its id: ${standing.map(({ id }) => id).join(', ')}.`,
  );
}
