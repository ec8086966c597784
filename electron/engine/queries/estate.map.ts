import { LANES, laneIn, laneTitles } from '../../../shared/domain/layout/lanes.ts';
import { layoutMap } from '../../../shared/domain/layout/layout.ts';
import { type SvgLine, mapSvg } from '../../../shared/domain/map-svg.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import type { EstateMap } from '../../../shared/contract/estate.ts';
import { type Context, handle } from '../context.ts';
import { recentChanges, serviceLite } from '../estate/views.ts';

export default handle('estate.map', (context, { format, lanes }) => {
  const services = context.estate.all('service');
  const map: EstateMap = {
    services: [...services.values()].map((service) => serviceLite(context, service)),
    dependencies: [...context.estate.all('dependency').values()]
      .filter(({ from, to }) => services.has(from) && services.has(to))
      .map(({ from, to, strength, mode }) => ({ from, to, strength, mode })),
    changes: recentChanges(context),
    asOf: context.now(),
  };
  return format === undefined ? map : { ...map, drawing: draw(context, map, format, lanes) };
});

function draw(
  context: Context,
  { services, dependencies, asOf }: EstateMap,
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
  const hurt = (v: number): boolean => ['degraded', 'failing'].includes(services[v]!.health.health);
  const atRisk = standsOnHurt(services.length, from, to, dependencies, hurt);
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
            boxes: services.map(({ name, kind, tier, health }) => ({
              name,
              note: `${tier === null ? 'no tier' : `tier ${tier}`} · ${kind}`,
              health: health.health,
              tier,
              group: false,
            })),
            lines: dependencies.map(({ strength, mode }, e): SvgLine => {
              const path =
                strength !== 'hard' || !atRisk[to[e]!] ? 'quiet' : hurt(from[e]!) && hurt(to[e]!) ? 'hurt' : 'risk';
              return { from: from[e]!, to: to[e]!, soft: strength === 'soft', mode, weight: 1, path };
            }),
            laneTitles: titles,
            title: `${services.length} services, ${dependencies.length} dependencies as of ${formatWhen(asOf, zone, asOf)}`,
            theme: 'light',
          }),
  };
}

/** 1 for every service that is hurt or stands on something hurt along hard dependencies: where the failing path leads. */
function standsOnHurt(
  services: number,
  from: Int32Array,
  to: Int32Array,
  dependencies: EstateMap['dependencies'],
  hurt: (v: number) => boolean,
): Uint8Array {
  const reached = new Uint8Array(services);
  const dependents = Array.from({ length: services }, (): number[] => []);
  for (let e = 0; e < from.length; e++) if (dependencies[e]!.strength === 'hard') dependents[to[e]!]!.push(from[e]!);
  const queue = Array.from({ length: services }, (_, v) => v).filter(hurt);
  for (const v of queue) reached[v] = 1;
  for (const v of queue) {
    for (const dependent of dependents[v]!) {
      if (reached[dependent]) continue;
      reached[dependent] = 1;
      queue.push(dependent);
    }
  }
  return reached;
}
