/** An incident's cleanup as the contract shows it: items, and what the facts propose. */
import type { CleanupView } from '../../../shared/contract/cleanup.ts';
import { cleanupLine } from '../../../shared/domain/cleanup.ts';
import { Status } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';
import { cleanupItems, isSettled, isUnaccepted } from './items.ts';
import { proposals } from './proposals.ts';

export function cleanupView(context: Context, row: EntityRow): CleanupView {
  const items = cleanupItems(context, row.id);
  const open = items.filter((item) => !isSettled(item));
  return {
    asOf: context.now(),
    incident: {
      id: row.id,
      label: context.incidents.labels().get(row.id) ?? row.id,
      status: Status.catch('declared').parse(row.doc['status']),
    },
    items,
    proposals: row.doc['status'] === 'closed' ? [] : proposals(context, row),
    open: open.length,
    unaccepted: open.filter(isUnaccepted).length,
    line: cleanupLine(open),
  };
}
