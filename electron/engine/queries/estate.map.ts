import { CHANGE_WINDOW_MS } from '../../../shared/domain/cause/rank.ts';
import { LANES, laneIn, laneTitles } from '../../../shared/domain/layout/lanes.ts';
import { layoutMap } from '../../../shared/domain/layout/layout.ts';
import { adjacency } from '../../../shared/domain/layout/adjacency.ts';
import { HURT, QUIET, failingPath } from '../../../shared/domain/graph/path.ts';
import { type SvgLine, mapSvg } from '../../../shared/domain/map-svg.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import type { MapMarks } from '../../../shared/contract/map.ts';
import type { EstateMap } from '../../../shared/contract/estate.ts';
import { beginnings } from '../cause/index.ts';
import { type Context, handle } from '../context.ts';
import { looseDependencies } from '../estate/loose.ts';
import { changesSince, serviceLite } from '../estate/views.ts';

export default handle('estate.map', async (context, { format, lanes }) => {
  const services = context.estate.all('service');
  const loose = looseDependencies(context);
  const map: EstateMap = {
    services: [...services.values()].map((service) => serviceLite(context, service)),
    dependencies: [...context.estate.all('dependency').values()]
      .filter(({ from, to }) => services.has(from) && services.has(to))
      .map(({ from, to, strength, mode }) => ({ from, to, strength, mode })),
    ...(loose.length === 0 ? {} : { loose }),
    changes: changesSince(context),
    asOf: context.now(),
  };
  return format === undefined ? map : { ...map, drawing: draw(context, map, await beginnings(context), format, lanes) };
});

function draw(
  context: Context,
  { services, dependencies, loose = [], asOf }: EstateMap,
  causes: MapMarks['causes'],
  format: 'json' | 'svg',
  lanes: 'kind' | 'tier' | 'domain',
): NonNullable<EstateMap['drawing']> {
  const index = new Map(services.map(({ id }, i) => [id, i]));
  const nodes = services.map((service) => ({
    id: service.id,
    lane: laneIn(lanes, service),
    group: service.domain ?? '',
  }));
  const from = Int32Array.from(dependencies, (dependency) => index.get(dependency.from)!);
  const to = Int32Array.from(dependencies, (dependency) => index.get(dependency.to)!);
  const layout = layoutMap({ nodes, from, to });
  const titles = laneTitles(lanes);
  const path = failingPath(
    {
      ...{ from, to, needs: adjacency(services.length, from, to), neededBy: adjacency(services.length, to, from) },
      isHard: (e) => dependencies[e]!.strength === 'hard',
      isHurt: (v) => ['degraded', 'failing'].includes(services[v]!.health.health),
    },
    causes.map(({ id, steps }) => ({
      service: index.get(id)!,
      steps: steps.map(([a, b]): [number, number] => [index.get(a)!, index.get(b)!]),
    })),
  );
  const changed = new Set(changesSince(context, asOf - CHANGE_WINDOW_MS).flatMap((change) => change.services));
  const zone = context.settings.headquartersZone ?? context.zone;
  return {
    places: services.map(({ id }, v) => ({
      id,
      x: layout.x[v]!,
      y: layout.y[v]!,
      lane: titles[layout.lane[v]!] ?? LANES[layout.lane[v]!]!.title,
    })),
    bounds: layout.bounds,
    svg:
      format === 'json'
        ? null
        : mapSvg({
            layout,
            boxes: services.map(({ id, name, kind, tier, health }) => ({
              name,
              note: `${tier === null ? 'no tier' : `tier ${tier}`} · ${kind.replaceAll('-', ' ')}`,
              health: health.health,
              tier,
              group: false,
              changed: changed.has(id),
            })),
            lines: dependencies.map(({ strength, mode }, e): SvgLine => ({
              ...{ from: from[e]!, to: to[e]!, soft: strength === 'soft', mode, weight: 1 },
              path: path[e] === HURT ? 'hurt' : path[e] === QUIET ? 'quiet' : 'risk',
            })),
            laneTitles: titles,
            title: `${services.length} services, ${dependencies.length + loose.length} dependencies${loose.length === 0 ? '' : `, of which ${loose.length} lead to no service`} as of ${formatWhen(asOf, zone, asOf)}`,
            theme: 'light',
          }),
  };
}
