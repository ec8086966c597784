/** Blast radius of the estate as it is now. Invariant: every list is whole up to the limit, and the counts are whole always. */
import type { BlastRanking, BlastView, PathStep, Reached } from '../../../shared/contract/blast.ts';
import {
  allBlastRadii,
  blastRadius,
  type AllBlasts,
  type Blast,
  type Reach,
} from '../../../shared/domain/graph/blast.ts';
import type { Stopped } from '../../../shared/domain/graph/boundaries.ts';
import { MODES } from '../../../shared/domain/graph/graph.ts';
import { standingReach } from '../../../shared/domain/graph/reach.ts';
import type { EstateKind } from '../../../shared/domain/estate.ts';
import type { Context } from '../context.ts';
import { saying, serviceBoundaries, serviceGraph } from '../estate/graph.ts';
import { named } from '../names.ts';

const TENANT = 'holdfast.dev/tenant';

/** Whom trouble at these services reaches. `services` are ids. */
export function blastView(context: Context, services: readonly string[], limit: number): BlastView {
  const { estate, sources } = context;
  const graph = serviceGraph(context);
  const boundaries = serviceBoundaries(context);
  const blast = blastRadius(
    graph,
    services.map((id) => graph.indexOf(id)),
    { boundaries },
  );
  const idOf = (service: number) => graph.ids[service]!;
  const healthOf = (service: number) => sources.board.serviceHealth(idOf(service)).health;
  const explain = (by: Reach, scopes: readonly number[] = by.scopes): Omit<Reached, 'id' | 'name'> => ({
    certain: by.soft === 0,
    hops: by.hops,
    soft: by.soft,
    onlyFor: scopes.map((scope) => {
      const { region, tenant } = boundaries.names(scope);
      return [region === null ? null : estate.name('region', region), tenant === null ? null : `tenant ${tenant}`]
        .filter((part) => part !== null)
        .join(', ');
    }),
    path: pathView(context, blast, by.service),
  });
  const reachedOf = (by: Reach): Reached => ({ ...named(context, 'service', idOf(by.service)), ...explain(by) });

  const business = standingReach(
    graph,
    boundaries,
    blast,
    [...estate.all('business-service').values()].map((one) => ({
      id: one.id,
      services: one.services,
      region: null,
      tenant: saying(one, TENANT),
    })),
  );
  const stores = standingReach(
    graph,
    boundaries,
    blast,
    [...estate.all('store').values()].map((one) => ({
      id: one.id,
      services: one.services,
      region: one.region,
      tenant: saying(one, TENANT),
    })),
  );
  const isChannel = (service: number) => estate.get('service', idOf(service))!.kind === 'channel';
  const channels = [...blast.roots.map((root) => blast.of(root)!), ...blast.reached].filter(({ service }) =>
    isChannel(service),
  );
  const regions = regionsOf(
    context,
    [...blast.roots, ...blast.reached.map(({ service }) => service)].map(idOf),
    stores.reached.map(({ id }) => id),
  );
  const stopped: BlastView['stopped'] = [
    ...business.stopped.map((stop) => stoppedView(context, 'business-service', stop.id, idOf(stop.at), stop)),
    ...stores.stopped.map((stop) => stoppedView(context, 'store', stop.id, idOf(stop.at), stop)),
    ...blast.stopped.map((stop) => stoppedView(context, 'service', idOf(stop.service), idOf(stop.at), stop)),
  ];
  return {
    services: blast.roots.map((root) => ({ ...named(context, 'service', idOf(root)), health: healthOf(root) })),
    reached: blast.reached.slice(0, limit).map((by) => {
      const { kind, tier } = estate.get('service', idOf(by.service))!;
      return { ...reachedOf(by), kind, tier, health: healthOf(by.service) };
    }),
    businessServices: business.reached.slice(0, limit).map(({ id, by, scopes }) => ({
      ...named(context, 'business-service', id),
      ...explain(by, scopes),
      criticality: estate.get('business-service', id)!.criticality,
      health: sources.board.businessHealth(id).health.health,
    })),
    stores: stores.reached.slice(0, limit).map(({ id, by }) => {
      const { region } = estate.get('store', id)!;
      return {
        ...named(context, 'store', id),
        ...explain(by),
        region: region === null ? null : named(context, 'region', region),
      };
    }),
    regions,
    channels: channels.slice(0, limit).map((by) => ({ ...reachedOf(by), health: healthOf(by.service) })),
    stopped: stopped.slice(0, limit),
    counts: {
      services: { ...counted(blast.reached), direct: blast.reached.filter(({ hops }) => hops === 1).length },
      businessServices: counted(business.reached.map(({ by }) => by)),
      stores: { ...counted(stores.reached.map(({ by }) => by)), total: estate.all('store').size },
      regions: regions.length,
      channels: counted(channels),
      stopped: stopped.length,
    },
    asOf: context.now(),
  };
}

/** How many services trouble at these reaches, weakened ones too; null when none of them is in the estate. */
export function reachOf(context: Context, services: readonly string[]): number | null {
  const graph = serviceGraph(context);
  const roots = services.filter((id) => context.estate.get('service', id)).map((id) => graph.indexOf(id));
  if (roots.length === 0) return null;
  return blastRadius(graph, roots, { boundaries: serviceBoundaries(context) }).reached.length;
}

function counted(reached: readonly Reach[]): { certain: number; weakened: number } {
  const certain = reached.filter(({ soft }) => soft === 0).length;
  return { certain, weakened: reached.length - certain };
}

function pathView(context: Context, blast: Blast, service: number): PathStep[] {
  const graph = serviceGraph(context);
  const steps = blast.pathOf(service);
  const last = steps.at(-1)?.to ?? service;
  return [
    ...steps.map(({ from, soft, mode }): PathStep => ({
      ...named(context, 'service', graph.ids[from]!),
      needs: { strength: soft ? 'soft' : 'hard', mode: MODES[mode]! },
    })),
    { ...named(context, 'service', graph.ids[last]!), needs: null },
  ];
}

function regionsOf(context: Context, services: readonly string[], stores: readonly string[]): BlastView['regions'] {
  const { estate } = context;
  const regions = new Map<string, BlastView['regions'][number]>();
  const of = (id: string) => {
    let region = regions.get(id);
    if (!region)
      regions.set(id, (region = { ...named(context, 'region', id), stores: 0, storesTotal: 0, services: 0 }));
    return region;
  };
  for (const id of services) {
    const region = estate.get('service', id)?.region ?? null;
    if (region !== null) of(region).services++;
  }
  for (const id of stores) {
    const region = estate.get('store', id)?.region ?? null;
    if (region !== null) of(region).stores++;
  }
  for (const { region } of estate.all('store').values())
    if (region !== null && regions.has(region)) regions.get(region)!.storesTotal++;
  return [...regions.values()].sort((a, b) => b.stores - a.stores || b.services - a.services || (a.id < b.id ? -1 : 1));
}

function stoppedView(
  context: Context,
  kind: BlastView['stopped'][number]['kind'],
  id: string,
  at: string,
  { boundary, hurt, spared, why }: Stopped,
): BlastView['stopped'][number] {
  const { estate } = context;
  const place = (name: string) => (boundary === 'region' ? estate.name('region', name) : `tenant ${name}`);
  const needed = estate.name('service', at);
  const reason = {
    shared: `${needed} is hurt for ${place(hurt)} only; this serves ${place(spared)}.`,
    sibling: `${needed} is the instance for ${place(hurt)}; this one, for ${place(spared)}, stands beside it.`,
    'own-instance': `${needed} serves ${place(hurt)}; for ${place(spared)} this needs an instance of its own, which is not hurt by it.`,
  }[why];
  return { ...named(context, kind as EstateKind, id), kind, at: named(context, 'service', at), boundary, reason };
}

const all = new WeakMap<object, AllBlasts>();

/** The services that reach most others, if they were to fail. Counted once for each revision of the estate. */
export function blastRanking(context: Context, limit: number): BlastRanking {
  const graph = serviceGraph(context);
  let blasts = all.get(graph);
  if (!blasts) all.set(graph, (blasts = allBlastRadii(graph, serviceBoundaries(context))));
  const { hard, any } = blasts;
  const order = Array.from(graph.ids.keys()).sort((a, b) => hard[b]! - hard[a]! || any[b]! - any[a]! || a - b);
  return {
    services: order.slice(0, limit).map((i) => ({
      ...named(context, 'service', graph.ids[i]!),
      health: context.sources.board.serviceHealth(graph.ids[i]!).health,
      certain: hard[i]!,
      weakened: any[i]! - hard[i]!,
    })),
    total: graph.size,
    asOf: context.now(),
  };
}
