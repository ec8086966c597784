/** The failing path on the screen's graph. Invariant: what the engine names and this graph does not hold is left out, never drawn elsewhere. */
import { type PathCause, failingPath } from '../../../../shared/domain/graph/path.ts';
import type { MapMarks } from '../../../../shared/contract/map.ts';
import { DEGRADED, FAILING, type Graph } from './graph.ts';

const between = (a: number | undefined, b: number | undefined): [number, number][] =>
  a === undefined || b === undefined ? [] : [[a, b]];

/** QUIET, AT_RISK or HURT for every edge. @param causes where it began; none: from everything that is hurt */
export function pathOn(graph: Graph, causes: MapMarks['causes'] = []): Uint8Array {
  const { index, health, dependencies } = graph;
  const known = causes.flatMap(({ id, steps }): PathCause[] => {
    const service = index.get(id);
    if (service === undefined) return [];
    return [{ service, steps: steps.flatMap(([from, to]) => between(index.get(from), index.get(to))) }];
  });
  return failingPath(
    {
      ...graph,
      isHard: (e) => dependencies[e]!.strength === 'hard',
      isHurt: (v) => health[v] === DEGRADED || health[v] === FAILING,
    },
    known,
  );
}
