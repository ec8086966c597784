/** The briefing of an incident, from what this console holds. */
import { between, decimals, loss } from '../../../shared/domain/impact/money.ts';
import { briefing } from '../../../shared/domain/people/briefing.ts';
import { healthName } from '../../../shared/domain/timeline.ts';
import { aboutOf, conflictsIn, wordsOf } from '../conflicts/view.ts';
import type { Context } from '../context.ts';
import { clockOf } from '../clock/index.ts';
import { impact } from '../impact/index.ts';
import { timeline } from '../incidents/timeline.ts';
import { incidentView, isOpen } from '../incidents/view.ts';
import type { EntityRow } from '../store/projection.ts';
import { subteams } from './subteams.ts';

/** Newest decisions that are looked at. */
const DECISIONS = 20;
/** What the other parts of a briefing tell themselves. */
const TOLD: ReadonlySet<string> = new Set([
  'ask-overdue',
  'ask-check-back',
  'ask-unacknowledged',
  'unowned',
  'no-commander',
  'handover',
]);

export function briefingOf(context: Context, row: EntityRow): string {
  const incident = incidentView(context, row);
  const cost = impact(context, row.id).incidents[0]?.totals ?? [];
  const { entries } = timeline(context, row, { limit: DECISIONS, kinds: ['decision'] });
  return briefing({
    label: incident.label,
    title: incident.title,
    severity: incident.severity,
    status: incident.status,
    startedAt: incident.startedAt,
    hurt: [
      ...incident.businessServices.map(({ id, name }) => ({
        name,
        health: healthName(context.sources.board.businessHealth(id).health.health),
      })),
      ...incident.health.map(({ name, health }) => ({ name, health: healthName(health.health) })),
    ],
    cost: cost.flatMap(({ currency, soFar }) => {
      if (soFar === null) return [];
      const range = between(soFar, 10 ** decimals(currency));
      return `${loss(soFar.likely, currency)}${range === null ? '' : ` (${range})`}, ${soFar.kind}`;
    }),
    asks: incident.asks.filter(isOpen).map(({ text, owner, state, dueAt }) => ({
      text,
      owner: owner?.name ?? null,
      acknowledged: state === 'acknowledged',
      dueAt,
    })),
    decisions: entries
      .filter(({ type, takenBack }) => type === 'entry.decision' && !takenBack)
      .map(({ summary, eventTime, actor }) => ({ text: summary, at: eventTime, by: actor.name })),
    runs: incident.runs.map(({ title, steps }) => ({
      title,
      done: steps.filter(({ state }) => state === 'done' || state === 'skipped').length,
      steps: steps.length,
      next: steps.find(({ state }) => state === 'open' || state === 'doing' || state === 'failed')?.title ?? null,
    })),
    due: clockOf(context, row)
      .filter(({ kind }) => !TOLD.has(kind))
      .map(({ text, at }) => ({ text, at })),
    conflicts: conflictsIn(context, row.id).map(
      (found) =>
        `${aboutOf(context, found)}: ${found.conflict.heads.map(({ value, actor }) => `${wordsOf(context, found, value)} (${context.estate.actorName(actor)})`).join(' or ')}`,
    ),
    roles: incident.roles.flatMap(({ role, person }) => (person === null ? [] : { role, person: person.name })),
    teams: subteams(context, row.id, incident.asks).map(({ name, lead }) => ({ name, lead: lead.name })),
    now: context.now(),
    zone: context.settings.headquartersZone ?? context.zone,
  });
}
