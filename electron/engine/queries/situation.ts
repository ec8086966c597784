import type { Situation, UnknownThing } from '../../../shared/contract/console.ts';
import { activeNow } from '../degraded/active.ts';
import { businessServices } from '../estate/business.ts';
import { tierCounts } from '../estate/signals.ts';
import { storeRegions, storeStates } from '../estate/stores.ts';
import { changes } from '../estate/views.ts';
import { handle } from '../context.ts';
import type { Context } from '../context.ts';
import { incidentLites, worstIncident } from '../incidents/view.ts';
import { needsYou } from '../incidents/needs.ts';

/** Worst first; not knowing is as loud as degraded. */
const LOUDNESS = { failing: 0, degraded: 1, unknown: 2, 'early-warning': 3, healthy: 4 } as const;

export default handle('situation', async (context) => {
  const incidents = incidentLites(context, context.incidents.open()).sort(worstIncident);
  const states = storeStates(context);
  const business = businessServices(context).map(({ baseline: _baseline, throughput: _throughput, ...rest }) => rest);
  return {
    incidents,
    businessServices: business.sort(
      (a, b) => LOUDNESS[a.health.health] - LOUDNESS[b.health.health] || a.criticality - b.criticality,
    ),
    ...services(context),
    ...storeRegions(context, states),
    tiers: tierCounts(context),
    unknown: unknowns(context, states),
    needs: [
      ...(await grantsWaiting(context)),
      ...(await unread(context)),
      ...(await actionsWaiting(context, incidents)),
      ...(await degradedWaiting(context, incidents)),
      ...(await needsYou(context, incidents)),
    ],
    changes: changes(context, 20),
    ...(await restrictedOutside(context)),
    asOf: context.now(),
  };
});

/** Only where an incident ever was restricted. */
async function restrictedOutside(context: Context): Promise<Pick<Situation, 'restricted'>> {
  if (context.store.keyring.all().length === 0) return {};
  const { outsideOf } = await import('../restricted/view.ts');
  const restricted = outsideOf(context);
  return restricted === null ? {} : { restricted };
}

/** Only where emergency access or an exception ever was. */
async function grantsWaiting(context: Context): Promise<Situation['needs']> {
  if (context.store.entities('breakglass').length + context.store.entities('exception').length === 0) return [];
  const { grantNeeds } = await import('../grants/needs.ts');
  return grantNeeds(context);
}

/** Only where something waits to be read, so that a start does without its words. */
async function unread(context: Context): Promise<Situation['needs']> {
  if (context.digest.period === null) return [];
  const { unreadDigest } = await import('../digest/view.ts');
  const digest = unreadDigest(context);
  return digest === null
    ? []
    : [{ id: 'digest', kind: 'digest', text: digest.headline, incident: null, at: digest.until }];
}

/** Only where there are actions, so that a start does without all that belongs to them. */
async function actionsWaiting(context: Context, incidents: Situation['incidents']): Promise<Situation['needs']> {
  const having = incidents.filter(({ id }) => context.store.entities('action', id).length > 0);
  if (having.length === 0) return [];
  const { actionNeeds } = await import('../actions/needs.ts');
  return having.flatMap((incident) => actionNeeds(context, incident));
}

/** Only where an incident runs or a mode is on, so that a start does without the policy. */
async function degradedWaiting(context: Context, incidents: Situation['incidents']): Promise<Situation['needs']> {
  const [first] = incidents;
  if (first === undefined && activeNow(context).length === 0) return [];
  const { degradedNeeds } = await import('../degraded/needs.ts');
  return degradedNeeds(context, first ?? null);
}

function services(context: Context): Pick<Situation, 'services' | 'unhealthy'> {
  const byHealth = { healthy: 0, 'early-warning': 0, degraded: 0, failing: 0, unknown: 0 };
  const unhealthy: Situation['unhealthy'] = [];
  let inMaintenance = 0;
  for (const service of context.estate.all('service').values()) {
    const { health, since, reason, maintenance } = context.sources.board.serviceHealth(service.id);
    if (maintenance?.hides) {
      inMaintenance++;
      continue;
    }
    byHealth[health]++;
    if (health !== 'healthy') {
      unhealthy.push({
        id: service.id,
        name: context.estate.name('service', service.id),
        tier: service.tier,
        health,
        since,
        reason,
      });
    }
  }
  const loudness = (health: string) => LOUDNESS[health as keyof typeof LOUDNESS];
  unhealthy.sort(
    (a, b) =>
      loudness(a.health) - loudness(b.health) || (a.tier ?? 9) - (b.tier ?? 9) || (a.since ?? 0) - (b.since ?? 0),
  );
  return {
    services: { total: context.estate.all('service').size, byHealth, inMaintenance },
    unhealthy: unhealthy.slice(0, 50),
  };
}

const UNKNOWN_SHOWN = 50;

/** What is not known and since when: business services first, then sources, stores by region, services; each the longest first. */
function unknowns(context: Context, states: ReturnType<typeof storeStates>): Situation['unknown'] {
  const { estate, sources } = context;
  const list: UnknownThing[] = [];
  for (const id of estate.all('business-service').keys()) {
    const { health } = sources.board.businessHealth(id);
    if (health.health !== 'unknown') continue;
    const { since, reason } = health;
    list.push({ kind: 'business-service', id, name: estate.name('business-service', id), since, reason });
  }
  for (const { id, title, state, message, lastSuccessAt } of sources.list()) {
    if (state !== 'down' && state !== 'never') continue;
    list.push({ kind: 'source', id, name: title, since: lastSuccessAt, reason: message });
  }
  const silent = Map.groupBy(
    states.filter(({ state }) => state.selling === 'unknown'),
    ({ store }) => store.region ?? '',
  );
  for (const [region, stores] of silent) {
    const times = stores.flatMap(({ state }) => state.pos.since ?? []);
    list.push({
      kind: 'stores',
      id: region,
      name: `${stores.length} ${stores.length === 1 ? 'store' : 'stores'} of ${region === '' ? 'no region' : estate.name('region', region)}`,
      since: times.length === 0 ? null : Math.min(...times),
      reason: stores[0]!.state.why,
    });
  }
  for (const id of estate.all('service').keys()) {
    const { health, since, reason, maintenance } = sources.board.serviceHealth(id);
    if (health === 'unknown' && !maintenance?.hides)
      list.push({ kind: 'service', id, name: estate.name('service', id), since, reason });
  }
  const rank = { 'business-service': 0, source: 1, stores: 2, service: 3 } as const;
  list.sort((a, b) => rank[a.kind] - rank[b.kind] || (a.since ?? Infinity) - (b.since ?? Infinity));
  return { total: list.length, list: list.slice(0, UNKNOWN_SHOWN) };
}
