/** Invented estates as the layout takes them. */
import type { EstateMap } from '../../shared/contract/estate.ts';
import { laneOf } from '../../shared/domain/layout/lanes.ts';
import type { LayoutInput } from '../../shared/domain/layout/layout.ts';

export function layoutInput(estate: Pick<EstateMap, 'services' | 'dependencies'>): LayoutInput {
  const index = new Map(estate.services.map((service, i) => [service.id, i]));
  return {
    nodes: estate.services.map(({ id, kind, domain }) => ({ id, lane: laneOf(kind, domain), group: domain ?? '' })),
    from: Int32Array.from(estate.dependencies, ({ from }) => index.get(from)!),
    to: Int32Array.from(estate.dependencies, ({ to }) => index.get(to)!),
  };
}
