/**
 * Which services a restoration concerns. Invariant: what an incident affects, the hard paths of the business services that it hurts,
 * what all of these need over hard dependencies, and whom the unhealthy ones of them reach; the whole estate when the
 * incident names nothing.
 */
import { needsRestoring, type RestorationService } from '../../../shared/domain/restoration/plan.ts';
import type { Edges } from '../../../shared/domain/graph/graph.ts';
import type { Context } from '../context.ts';
import { serviceGraph } from '../estate/graph.ts';
import type { EntityRow } from '../store/projection.ts';

export function reachOf(context: Context, { doc }: EntityRow): RestorationService[] {
  const graph = serviceGraph(context);
  const affected = texts(doc['services']);
  const named = new Set(affected);
  const business = texts(doc['businessServices']).flatMap(
    (id) => context.estate.get('business-service', id)?.services ?? [],
  );
  const at = (i: number): RestorationService => serviceOf(context, graph.ids[i]!, named);
  const begin = [...affected, ...business].map((id) => graph.indexOf(id)).filter((i) => i >= 0);
  if (begin.length === 0) return graph.ids.map((_, i) => at(i));
  const found = follow(graph.needs, begin);
  const known = new Map([...found].map((i) => [i, at(i)]));
  const sick = [...known].flatMap(([i, service]) => (needsRestoring(service) ? [i] : []));
  for (const i of follow(graph.neededBy, sick)) if (!known.has(i)) known.set(i, at(i));
  return [...known.values()];
}

/** All that is reached over hard edges, the beginnings included. */
function follow({ start, target, soft }: Edges, begin: readonly number[]): Set<number> {
  const found = new Set(begin);
  for (const i of found) for (let e = start[i]!; e < start[i + 1]!; e++) if (soft[e] === 0) found.add(target[e]!);
  return found;
}

function serviceOf(context: Context, id: string, named: ReadonlySet<string>): RestorationService {
  const { kind, tier, rtoMinutes, rpoMinutes } = context.estate.get('service', id)!;
  const { health, since, last, byHand } = context.sources.board.serviceHealth(id);
  return {
    id,
    kind,
    tier,
    health,
    since,
    heard: last !== null || byHand !== undefined,
    named: named.has(id),
    rtoMinutes,
    rpoMinutes,
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
