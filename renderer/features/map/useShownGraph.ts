/**
 * From the estate and the filter to what is drawn. Invariant: a change of health alone gives the same cast object, so that
 * nothing is laid out again for it.
 */
import { useMemo, useState } from 'react';
import { DOMAIN_WORDS, HEALTH_WORDS } from '../../ui/words.ts';
import type { Live } from './draw/scene.ts';
import { type Casting, castOf, liveOf } from './model/cast.ts';
import { type CountLine, countLine } from './model/count-line.ts';
import { type Filter, type Shown, applyFilter, describeFilter } from './model/filter.ts';
import type { Graph } from './model/graph.ts';
import { failingPath } from './model/path.ts';

export interface ShownGraph {
  shown: Shown;
  casting: Casting;
  live: Live;
  line: CountLine;
}

export function useShownGraph(graph: Graph, filter: Filter): ShownGraph {
  const structure = useKept(graph, sameStructure);
  const shown = useMemo(() => applyFilter(graph, filter), [graph, filter]);
  const mask = useKept(shown.mask, sameMask);
  const casting = useMemo(() => castOf(structure, mask), [structure, mask]);
  const live = useMemo(() => liveOf(graph, casting, failingPath(graph)), [graph, casting]);
  const line = useMemo(
    () =>
      countLine(
        graph,
        shown,
        describeFilter(filter, graph, (domain) => DOMAIN_WORDS[domain]),
        (health) => HEALTH_WORDS[health],
      ),
    [graph, shown, filter],
  );
  return { shown, casting, live, line };
}

/** The value of before, the same object, as long as the new one says the same. */
function useKept<T>(value: T, same: (a: T, b: T) => boolean): T {
  const [kept, keep] = useState(value);
  if (kept === value || same(kept, value)) return kept;
  keep(value);
  return value;
}

function sameMask(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((shown, v) => shown === b[v]);
}

function sameStructure(a: Graph, b: Graph): boolean {
  return (
    a.services.length === b.services.length &&
    a.dependencies.length === b.dependencies.length &&
    a.services.every((service, i) => {
      const other = b.services[i]!;
      return (
        service.id === other.id &&
        service.name === other.name &&
        service.kind === other.kind &&
        service.domain === other.domain &&
        service.tier === other.tier
      );
    }) &&
    a.dependencies.every((dependency, i) => {
      const other = b.dependencies[i]!;
      return (
        dependency.from === other.from &&
        dependency.to === other.to &&
        dependency.strength === other.strength &&
        dependency.mode === other.mode
      );
    })
  );
}
