/** When an incident was over. Invariant: closing it later does not move that. */
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';

/** When it was resolved, ms; null while it goes on. */
export function endedAt(context: Context, row: EntityRow): number | null {
  const { doc } = row;
  if (!isOver(doc['status'] as Status)) return null;
  if (doc['status'] === 'closed' && typeof doc['resolvedAt'] === 'number') return doc['resolvedAt'];
  return statusAt(context, row);
}

/** When the state that is in force began, ms. */
export function statusAt(context: Context, { id }: EntityRow): number {
  const heads = Object.values(context.store.state('incident', id, id)?.contested['status']?.heads ?? {});
  return Math.max(...heads.map((head) => head.eventTime));
}
