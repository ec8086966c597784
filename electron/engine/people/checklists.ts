/** A role's checklist with what is ticked. Invariant: a tick of an item that the list no longer has stays in the log and is not shown. */
import type { ChecklistView } from '../../../shared/contract/room.ts';
import type { Role } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { namedActor } from '../names.ts';

export function checklists(context: Context, incident: string, role: Role): ChecklistView {
  const ticks = context.store.entity('checklist', incident, role)?.doc ?? {};
  return {
    role,
    items: (context.policies.get('checklists').value.get(role) ?? []).map(({ id, text }) => {
      const tick = ticks[id] as { done: boolean; by: string; at: number } | undefined;
      return {
        id,
        text,
        done: tick?.done === true,
        by: tick ? namedActor(context, tick.by) : null,
        at: tick?.at ?? null,
      };
    }),
  };
}
