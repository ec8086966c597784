/** A contested field with all its answers, as the contract shows it. */
import type { ConflictView } from '../../../shared/contract/incident.ts';
import type { Conflict } from '../../../shared/ops/project.ts';
import type { Context } from '../context.ts';

export function conflictView(context: Context, { field, heads }: Conflict): ConflictView {
  return {
    field,
    heads: heads.map((head) => ({
      op: head.op,
      value: head.value === null ? null : String(head.value),
      by: context.estate.actorName(head.actor),
      at: head.eventTime,
      reason: head.reason ?? null,
    })),
  };
}
