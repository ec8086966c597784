/** What degraded modes want of somebody. Invariant: one that cannot be told asks for nothing. */
import type { NeedsYou } from '../../../shared/contract/console.ts';
import type { Context } from '../context.ts';
import { degradedView } from './view.ts';

/** `incident`: where proposals are answered, the most severe that is open; null when none is. */
export function degradedNeeds(context: Context, incident: { id: string; label: string } | null): NeedsYou[] {
  const { active, modes } = degradedView(context, null);
  const ends = active
    .filter(({ mayEnd }) => mayEnd === 'met')
    .map(({ id, title, incident: of, exit }): NeedsYou => ({
      id: `degraded:${id}`,
      kind: 'degraded-end',
      text: `${of.label}: exit criteria met, end it? ${title}`,
      incident: of.id,
      at: Math.max(...exit.map(({ since }) => since ?? 0)) || null,
    }));
  if (incident === null) return ends;
  const proposed = modes
    .filter(({ state }) => state === 'proposed')
    .map(({ id, title, when }): NeedsYou => ({
      id: `degraded:${id}`,
      kind: 'degraded',
      text: `${incident.label}: degrade on purpose? ${title}`,
      incident: incident.id,
      at: Math.min(...when.flatMap(({ state, since }) => (state === 'met' && since !== null ? [since] : []))),
    }));
  return [...proposed, ...ends];
}
