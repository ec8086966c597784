/**
 * An incident's state. Invariant: going back needs a reason; nothing is closed that was not resolved, nor while something
 * that it left behind is open and nobody answers for it.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { Status } from '../../../shared/domain/words.ts';
import { mustBeSettled } from '../cleanup/items.ts';
import type { Context } from '../context.ts';
import { mustBeReviewed } from '../grants/must-be-reviewed.ts';
import type { EntityRow } from '../store/projection.ts';

/** @throws Refusal `refused` */
export function setStatus(context: Context, row: EntityRow, status: Status, reason: string | undefined): void {
  const { id, doc } = row;
  const contested = doc.conflicts?.some(({ field }) => field === 'status') ?? false;
  const order = Status.options;
  const present = Status.catch('declared').parse(doc['status']);
  if (!contested && order.indexOf(status) < order.indexOf(present) && !reason)
    throw new Refusal('refused', `Going back from ${present} to ${status} needs a reason.`);
  if (status === 'closed' && (present !== 'closed' || contested)) {
    if (!isOver(present) && !contested)
      throw new Refusal('refused', `It is ${present}: resolve it first, then close it.`);
    mustBeSettled(context, row);
    mustBeReviewed(context, row);
  }
  context.commit((tx) => {
    if (present !== status || contested) {
      tx.append({
        scope: id,
        type: 'incident.status',
        payload: { status, ...(reason ? { reason } : {}) },
        base: tx.headIds('incident', id, id, 'status'),
      });
    }
    return {};
  });
}
