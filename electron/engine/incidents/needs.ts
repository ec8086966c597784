/** What needs somebody now. Invariant: every line names something a person can do about it from this console. */
import type { NeedsYou } from '../../../shared/contract/console.ts';
import type { AudienceUpdates } from '../../../shared/contract/updates.ts';
import type { IncidentLite } from '../../../shared/contract/incident.ts';
import { isDue } from '../../../shared/domain/clock/due.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import { cleanupItems, isSettled, isUnaccepted } from '../cleanup/items.ts';
import type { Context } from '../context.ts';
import { lookUp } from '../../../shared/domain/lookup.ts';

const FIELDS: Record<string, string> = { severity: 'severity', status: 'state', 'role:commander': 'who commands' };

/** Most pressing first. */
export async function needsYou(context: Context, incidents: readonly IncidentLite[]): Promise<NeedsYou[]> {
  const now = context.now();
  const needs: NeedsYou[] = [];
  // A start with no incident does without all that belongs to the clock.
  const clock = incidents.length === 0 ? null : await import('../clock/index.ts');
  for (const incident of incidents) {
    const { id, label } = incident;
    const row = context.store.entity('incident', id, id);
    if (row === null || clock === null) continue;
    const waiting = updatesWaiting(incident, clock.audiencesOf(context, row));
    const due = clock
      .clockOf(context, row)
      // What waits for delivery is what the audience is owed: one line, with what can be done about it.
      .filter((one) => isDue(one, now) && !waiting.has(one.id))
      .map(({ id: of, kind, text, at }): NeedsYou => ({
        id: `${id}:${of}`,
        kind,
        text: `${label}: ${text}`,
        incident: id,
        at,
      }));
    const conflicts = (row.doc.conflicts ?? []).map(({ field }): NeedsYou => {
      const what = lookUp(FIELDS, field) ?? field.replace(/^role:/, 'who is ');
      return {
        id: `${id}:${field}`,
        kind: 'conflict',
        text: `${label}: two answers on ${what}`,
        incident: id,
        at: null,
      };
    });
    const command = due.filter(({ kind }) => kind === 'no-commander' || kind === 'escalation');
    needs.push(...command, ...conflicts, ...due.filter((one) => !command.includes(one)));
    needs.push(...waiting.values());
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

/** Updates that wait for somebody to say that they are still true: the newest of each audience, by the id of its clock. */
function updatesWaiting({ id, label }: IncidentLite, audiences: readonly AudienceUpdates[]): Map<string, NeedsYou> {
  const lines = new Map<string, NeedsYou>();
  for (const { name, sent } of audiences) {
    const update = sent.find(({ delivery }) => delivery?.state === 'waiting');
    if (update === undefined) continue;
    const audience = name.toLowerCase();
    lines.set(`update:${audience}`, {
      id: update.id,
      kind: 'update-waiting',
      text: `${label}: update for ${audience} waits for delivery; is it still true?`,
      incident: id,
      at: update.at,
    });
  }
  return lines;
}
