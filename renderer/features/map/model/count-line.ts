/**
 * The line that is always there. Invariant: what it counts adds up to the whole estate, and it calls the hidden healthy
 * only when every one of them is.
 */
import type { Health } from '../../../../shared/domain/words.ts';
import type { Shown } from './filter.ts';
import { type Graph, HEALTHS, HEALTHY, LOUDNESS } from './graph.ts';
import type { Group } from './grouping.ts';

export interface CountLine {
  /** "229 services, 445 dependencies". */
  total: string;
  /** "showing 41 (not healthy + 1 hop)"; "showing all". */
  showing: string;
  /** "188 hidden, all healthy"; null when nothing is hidden. With others than healthy ones, they are in `hurt`. */
  hidden: string | null;
  /** Hidden and not healthy, the loudest first. */
  hurt: { health: Health; count: number }[];
  /** "113 of them in 4 groups, inside which 87 dependencies run"; null without groups. */
  grouped: string | null;
  /** "31 dependencies lead to hidden services". */
  crossing: string | null;
  /** "2 dependencies name a service that is not in the estate". */
  loose: string | null;
}

const number = new Intl.NumberFormat('en');
const several = (count: number, one: string, more: string): string =>
  `${number.format(count)} ${count === 1 ? one : more}`;

/** @param words the filter in words, empty when there is none */
export function countLine(
  graph: Graph,
  shown: Shown,
  words: string,
  groups: ReadonlyMap<string, Group> = new Map(),
): CountLine {
  let together = 0;
  let inside = 0;
  for (const group of groups.values()) {
    together += group.members.length;
    inside += group.inside;
  }
  const services = graph.services.length;
  const hiddenCount = services - shown.services;
  const hurt = HEALTHS.map((health, code) => ({ health, code, count: shown.hiddenByHealth[code]! }))
    .filter(({ code, count }) => code !== HEALTHY && count > 0)
    .sort((a, b) => LOUDNESS[b.code]! - LOUDNESS[a.code]!)
    .map(({ health, count }) => ({ health, count }));
  return {
    total: `${several(services, 'service', 'services')}, ${several(graph.dependencies.length + graph.loose.length, 'dependency', 'dependencies')}`,
    showing:
      hiddenCount === 0 && words === ''
        ? 'showing all'
        : `showing ${hiddenCount === 0 ? 'all' : number.format(shown.services)}${words === '' ? '' : ` (${words})`}`,
    hidden:
      hiddenCount === 0 ? null : `${number.format(hiddenCount)} hidden${hurt.length === 0 ? ', all healthy' : ''}`,
    hurt,
    grouped:
      groups.size === 0
        ? null
        : `${number.format(together)} of them in ${several(groups.size, 'group', 'groups')}${inside === 0 ? '' : `, inside which ${several(inside, 'dependency runs', 'dependencies run')}`}`,
    crossing:
      shown.crossing === 0
        ? null
        : several(shown.crossing, 'dependency leads to a hidden service', 'dependencies lead to hidden services'),
    loose:
      graph.loose.length === 0
        ? null
        : several(
            graph.loose.length,
            'dependency names a service that is not in the estate',
            'dependencies name services that are not in the estate',
          ),
  };
}
