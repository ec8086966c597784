/** What needs somebody now. Invariant: every line names something a person can do about it from this console. */
import type { NeedsYou } from '../../../shared/contract/console.ts';
import type { AudienceUpdates } from '../../../shared/contract/updates.ts';
import type { IncidentLite } from '../../../shared/contract/incident.ts';
import { isDue } from '../../../shared/domain/clock/due.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import { cleanupItems, isSettled, isUnaccepted } from '../cleanup/items.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';

/** Most pressing first. */
export async function needsYou(context: Context, incidents: readonly IncidentLite[]): Promise<NeedsYou[]> {
  const now = context.now();
  const needs: NeedsYou[] = await contested(context, ESTATE);
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
    const conflicts = await contested(context, id);
    const command = due.filter(({ kind }) => kind === 'no-commander' || kind === 'escalation');
    needs.push(...command, ...conflicts, ...due.filter((one) => !command.includes(one)));
    needs.push(...waiting.values());
  }
  needs.push(...(await asking(context)), ...debts(context));
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

const HOW_MANY = ['no', 'one', 'two', 'three', 'four', 'five'];

/** What consoles said apart from each other. Only where there is such a thing, so that a start does without its words. */
async function contested(context: Context, scope: string): Promise<NeedsYou[]> {
  if (context.conflicts.of(scope).length === 0) return [];
  const { aboutOf, conflictsIn, keyOf, wordsOf } = await import('../conflicts/view.ts');
  const label = scope === ESTATE ? '' : `${context.incidents.labels().get(scope) ?? scope}: `;
  return conflictsIn(context, scope).map((found): NeedsYou => {
    const answers = [...new Set(found.conflict.heads.map(({ value }) => wordsOf(context, found, value)))];
    const many = HOW_MANY[answers.length] ?? String(answers.length);
    return {
      id: keyOf(found),
      kind: 'conflict',
      text: `${label}${many} answers on ${aboutOf(context, found)}: ${answers.slice(0, 4).join(' / ')}`,
      incident: scope === ESTATE ? null : scope,
      at: null,
    };
  });
}

/** Consoles that ask to join and may be let in. */
async function asking(context: Context): Promise<NeedsYou[]> {
  if (context.store.joinRequests().length === 0) return [];
  const { requestView, waitingRequests } = await import('../joining/requests.ts');
  return waitingRequests(context)
    .map((asked) => requestView(context, asked))
    .filter(({ problem }) => problem === null)
    .map(({ console, name, at }): NeedsYou => ({
      id: `join:${console}`,
      kind: 'console',
      text: `Console ${name} asks to join`,
      incident: null,
      at,
    }));
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
