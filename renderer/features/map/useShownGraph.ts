/**
 * From the estate, the filter and the groups to what is drawn. Invariant: a change of health alone gives the same cast object, so
 * that nothing is laid out again for it.
 */
import { useMemo, useState } from 'react';
import type { MapMarks } from '../../../shared/contract/map.ts';
import { DOMAIN_WORDS, HEALTH_WORDS } from '../../ui/words.ts';
import type { Live } from './draw/scene.ts';
import { type Arrangement, type Casting, castOf, liveOf } from './model/cast.ts';
import { type CountLine, countLine } from './model/count-line.ts';
import { type Filter, type Shown, applyFilter, describeFilter } from './model/filter.ts';
import type { Graph } from './model/graph.ts';
import { type Grouped, type Grouping, foldPath, groupNote, groupServices } from './model/grouping.ts';
import { pathOn } from './model/path.ts';

export interface ShownGraph {
  shown: Shown;
  /** What is drawn: the estate, or closed groups in place of their services. */
  grouped: Grouped;
  casting: Casting;
  live: Live;
  line: CountLine;
}

/**
 * @param notes what the second line of a service's box says instead of its tier and kind, by id
 * @param marks where the failing path begins, and what was changed shortly before
 * @param changed what is not as it was at the time that is compared with, by id
 */
export function useShownGraph(
  graph: Graph,
  filter: Filter,
  grouping: Grouping,
  lanes: Arrangement['lanes'],
  notes: ReadonlyMap<string, string>,
  marks: { causes: MapMarks['causes']; changed: ReadonlySet<string> },
  changed?: ReadonlyMap<string, unknown>,
): ShownGraph {
  const shown = useMemo(() => applyFilter(graph, filter, changed), [graph, filter, changed]);
  const grouped = useMemo(
    () => groupServices(graph, shown.mask, grouping, (domain) => DOMAIN_WORDS[domain]),
    [graph, shown, grouping],
  );
  const structure = useKept(grouped, sameStructure);
  const casting = useMemo(
    () => castOf(structure.graph, structure.mask, { lanes, by: grouping.by }, structure.groups),
    [structure, lanes, grouping.by],
  );
  const live = useMemo(() => {
    const said = new Map(notes);
    const touched = new Set(marks.changed);
    for (const [id, group] of grouped.groups) {
      said.set(
        id,
        groupNote(group, (health) => HEALTH_WORDS[health]),
      );
      if (group.members.some((v) => marks.changed.has(graph.services[v]!.id))) touched.add(id);
    }
    return liveOf(grouped.graph, casting, foldPath(pathOn(graph, marks.causes), grouped), said, touched);
  }, [graph, grouped, casting, notes, marks]);
  const line = useMemo(
    () =>
      countLine(
        graph,
        shown,
        describeFilter(filter, graph, (domain) => DOMAIN_WORDS[domain]),
        grouped.groups,
      ),
    [graph, shown, filter, grouped],
  );
  return { shown, grouped, casting, live, line };
}

/** The value of before, the same object, as long as the new one says the same. */
function useKept<T>(value: T, same: (a: T, b: T) => boolean): T {
  const [kept, keep] = useState(value);
  if (kept === value || same(kept, value)) return kept;
  keep(value);
  return value;
}

const sameNumbers = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

function sameStructure(one: Grouped, two: Grouped): boolean {
  const [a, b] = [one.graph, two.graph];
  return (
    sameNumbers(one.mask, two.mask) &&
    sameNumbers(a.weight, b.weight) &&
    a.services.length === b.services.length &&
    a.services.every((service, i) => {
      const other = b.services[i]!;
      return (
        service.id === other.id &&
        service.name === other.name &&
        service.kind === other.kind &&
        service.domain === other.domain &&
        service.tier === other.tier &&
        service.system === other.system &&
        service.region === other.region &&
        service.owner?.id === other.owner?.id &&
        one.groups.get(service.id)?.members.length === two.groups.get(service.id)?.members.length
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
