/**
 * How things stood when an action began to wait, and what is another since. Invariant: what is kept is small and without
 * figures of money; what can't be compared is left out rather than called the same.
 */
import { formatDuration } from '../../../shared/domain/times.ts';
import { healthName } from '../../../shared/domain/timeline.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Known } from './view.ts';

export function snapshotOf(
  context: Context,
  incident: EntityRow,
  services: readonly string[],
  now: { reaches: number | null; reach: string },
): Record<string, string | number | null> {
  return {
    severity: String(incident.doc['severity'] ?? ''),
    status: String(incident.doc['status'] ?? ''),
    reach: now.reach,
    reaches: now.reaches,
    ...Object.fromEntries(
      services.slice(0, 20).map((id, n) => [`health${n}`, context.sources.board.serviceHealth(id).health]),
    ),
  };
}

/** Sentences on what is another since the action began to wait. */
export function changedSince(context: Context, { incident, proposal, folded, now }: Known): string[] {
  const { waiting } = folded;
  if (!waiting) return [];
  const then = waiting.snapshot ?? {};
  const is = snapshotOf(context, incident, proposal.services, now);
  const changed = [`It waited ${formatDuration(Math.max(0, context.now() - waiting.at))}.`];
  if (then['severity'] !== undefined && then['severity'] !== is['severity'])
    changed.push(`The severity was ${String(then['severity'])} and is ${String(is['severity'])}.`);
  if (then['status'] !== undefined && then['status'] !== is['status'])
    changed.push(`The incident was ${String(then['status'])} and is ${String(is['status'])}.`);
  proposal.services.slice(0, 20).forEach((id, n) => {
    const was = then[`health${n}`];
    const health = String(is[`health${n}`]);
    if (was !== undefined && was !== health)
      changed.push(
        `${context.estate.name('service', id)} was ${healthName(String(was))} and is ${healthName(health)}.`,
      );
  });
  if (then['reach'] !== undefined && then['reach'] !== is['reach'])
    changed.push(
      then['reaches'] === is['reaches']
        ? 'What it reaches has changed.'
        : `It reached ${reached(then['reaches'])} and reaches ${reached(is['reaches'])}.`,
    );
  for (const { fact, void: why } of folded.approvals)
    if (why !== null)
      changed.push(`The approval of ${context.estate.actorName(fact.by)} does not count any more: ${why}.`);
  if (changed.length === 1) changed.push('Severity, health and reach are as they were.');
  return changed;
}

function reached(figure: unknown): string {
  return typeof figure === 'number' ? `${figure} ${figure === 1 ? 'service' : 'services'}` : 'nobody knows what';
}
