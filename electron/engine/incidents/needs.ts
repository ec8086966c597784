/** What needs somebody now. Invariant: every line names something a person can do about it from this console. */
import type { NeedsYou } from '../../../shared/contract/console.ts';
import type { AskView, IncidentLite } from '../../../shared/contract/incident.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import { cleanupItems, isSettled, isUnaccepted } from '../cleanup/items.ts';
import type { Context } from '../context.ts';

/** An ask that nobody acknowledged for this long is a nudge, ms. */
const ACKNOWLEDGE_MS = 5 * 60_000;

const FIELDS: Record<string, string> = { severity: 'severity', status: 'state', 'role:commander': 'who commands' };

/** Most pressing first. */
export function needsYou(
  context: Context,
  incidents: readonly IncidentLite[],
  asks: ReadonlyMap<string, AskView[]>,
): NeedsYou[] {
  const now = context.now();
  const needs: NeedsYou[] = [];
  for (const incident of incidents) {
    const { id, label } = incident;
    if (incident.commander === null) {
      needs.push({
        id: `${id}:commander`,
        kind: 'no-commander',
        text: `${label}: nobody commands`,
        incident: id,
        at: incident.declaredAt,
      });
    }
    for (const { field } of context.store.entity('incident', id, id)?.doc.conflicts ?? []) {
      const what = FIELDS[field] ?? field.replace(/^role:/, 'who is ');
      needs.push({
        id: `${id}:${field}`,
        kind: 'conflict',
        text: `${label}: two answers on ${what}`,
        incident: id,
        at: null,
      });
    }
    for (const ask of asks.get(id) ?? []) {
      const owner = ask.owner?.name ?? 'nobody';
      if (ask.overdue) {
        needs.push({
          id: ask.id,
          kind: 'ask-overdue',
          text: `${label}: overdue, ${owner}: ${ask.text}`,
          incident: id,
          at: ask.dueAt,
        });
      } else if (ask.state === 'open' && ask.owner === null) {
        needs.push({
          id: ask.id,
          kind: 'unowned',
          text: `${label}: nobody owns "${ask.text}"`,
          incident: id,
          at: ask.openedAt,
        });
      } else if (ask.state === 'open' && now - ask.openedAt > ACKNOWLEDGE_MS) {
        needs.push({
          id: ask.id,
          kind: 'ask-unacknowledged',
          text: `${label}: not acknowledged by ${owner}: ${ask.text}`,
          incident: id,
          at: ask.openedAt,
        });
      }
    }
  }
  needs.push(...debts(context));
  for (const source of context.sources.list()) {
    if (source.state !== 'down') continue;
    needs.push({
      id: `source:${source.id}`,
      kind: 'source-down',
      text: `Source ${source.title} is down: ${source.message}`,
      incident: null,
      at: source.lastSuccessAt,
    });
  }
  return needs;
}

/** What resolved incidents left to be put right, and closed ones against their closing. */
function debts(context: Context): NeedsYou[] {
  return [...context.incidents.debt().keys()].flatMap((id) => {
    const status = context.incidents.get(id)?.doc['status'] as Status | undefined;
    if (status === undefined || !isOver(status)) return [];
    const items = cleanupItems(context, id).filter(status === 'closed' ? isUnaccepted : (item) => !isSettled(item));
    if (items.length === 0) return [];
    const due = items.flatMap(({ dueAt }) => dueAt ?? []);
    const label = context.incidents.labels().get(id) ?? id;
    const open = `${items.length} cleanup ${items.length === 1 ? 'item' : 'items'} open`;
    const late = items.filter(({ overdue }) => overdue).length;
    return [
      {
        id: `${id}:cleanup`,
        kind: 'cleanup' as const,
        text: `${label}: ${status}, ${open}${late > 0 ? `, ${late} overdue` : ''}`,
        incident: id,
        at: due.length === 0 ? null : Math.min(...due),
      },
    ];
  });
}
