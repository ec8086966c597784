/**
 * Health at other times than now. Invariant: says no more than the log does: a service of which nothing had been reported by then is
 * unknown, a person's word stood for as long as it said itself, and that a source fell silent is not in the log, so what was last
 * reported stands.
 */
import type { HealthHistory } from '../../../../shared/contract/estate.ts';
import type { Health } from '../../../../shared/domain/words.ts';
import { type Graph, HEALTHS, LOUDNESS } from './graph.ts';

interface Reported {
  health: Health;
  since: number;
  source: string | null;
  reason: string;
  byHand: boolean;
}

/** What had been reported of each service by an instant, ms. O(services + changes). */
function reportedAt({ start, changes }: HealthHistory, at: number): Map<string, Reported> {
  const reported = new Map<string, Reported>();
  for (const { service, health, since, byHand } of start)
    reported.set(service, { health, since, source: null, reason: '', byHand });
  for (const { at: since, service, health, source, reason, byHand } of changes) {
    if (since > at) break;
    reported.set(service, { health, since, source, reason, byHand });
  }
  return reported;
}

/** What was said by hand or being worked on at an instant, by service, in words. */
export function notesAt(history: HealthHistory, at: number): Map<string, string> {
  const notes = new Map<string, string>();
  for (const { from, to, services } of history.windows)
    if (from <= at && at < to) for (const service of services) notes.set(service, 'in maintenance');
  for (const [service, { byHand }] of reportedAt(history, at)) if (byHand) notes.set(service, 'by hand');
  return notes;
}

/** The estate as it is now in the health of then. */
export function graphAt(graph: Graph, history: HealthHistory, at: number): Graph {
  const reported = reportedAt(history, at);
  const services = graph.services.map((service) => {
    const { health, since, source, reason } = reported.get(service.id) ?? {
      health: 'unknown' as const,
      since: null,
      source: null,
      reason: 'Nothing had been reported by then',
    };
    return { ...service, health: { health, since, source, observedAt: since, reason, last: null } };
  });
  return {
    ...graph,
    services,
    health: Uint8Array.from(services, ({ health }) => HEALTHS.indexOf(health.health)),
    asOf: at,
  };
}

export interface Comparison {
  /** Ids of services that are louder now than then, and of those that are quieter. */
  worse: string[];
  better: string[];
  same: number;
  /** What each of the changed ones was, by id. */
  was: ReadonlyMap<string, Health>;
}

/** Now against then, service by service. */
export function compare(graph: Graph, history: HealthHistory, at: number): Comparison {
  const reported = reportedAt(history, at);
  const comparison = { worse: [] as string[], better: [] as string[], same: 0, was: new Map<string, Health>() };
  graph.services.forEach(({ id, health: { health } }) => {
    const then = reported.get(id)?.health ?? 'unknown';
    if (then === health) {
      comparison.same++;
      return;
    }
    comparison.was.set(id, then);
    const louder = LOUDNESS[HEALTHS.indexOf(health)]! > LOUDNESS[HEALTHS.indexOf(then)]!;
    (louder ? comparison.worse : comparison.better).push(id);
  });
  return comparison;
}

/** The nearest instant before or after `at` at which something changed; null when there is none. */
export function changeBeside({ changes }: HealthHistory, at: number, direction: -1 | 1): number | null {
  if (direction === 1) return changes.find((change) => change.at > at)?.at ?? null;
  return changes.findLast((change) => change.at < at)?.at ?? null;
}
