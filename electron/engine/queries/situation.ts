import type { Situation } from '../../../shared/contract/console.ts';
import { businessServices } from '../estate/business.ts';
import { storeHealth } from '../estate/stores.ts';
import { changes } from '../estate/views.ts';
import { handle } from '../context.ts';
import type { Context } from '../context.ts';
import { asksOf, incidentLites } from '../incidents/view.ts';
import { needsYou } from '../incidents/needs.ts';
import { named } from '../names.ts';

/** Worst first; not knowing is as loud as degraded. */
const LOUDNESS = { failing: 0, degraded: 1, unknown: 2, 'early-warning': 3, healthy: 4 } as const;

export default handle('situation', (context) => {
  const incidents = incidentLites(context, context.incidents.open()).sort((a, b) =>
    a.severity === b.severity ? b.declaredAt - a.declaredAt : a.severity < b.severity ? -1 : 1,
  );
  const asks = new Map(incidents.map((incident) => [incident.id, asksOf(context, incident.id)]));
  const business = businessServices(context).map(({ baseline: _baseline, throughput: _throughput, ...rest }) => rest);
  return {
    incidents,
    businessServices: business.sort(
      (a, b) => LOUDNESS[a.health.health] - LOUDNESS[b.health.health] || a.criticality - b.criticality,
    ),
    ...services(context),
    stores: stores(context),
    needs: needsYou(context, incidents, asks),
    changes: changes(context, 20),
    asOf: context.now(),
  };
});

function services(context: Context): Pick<Situation, 'services' | 'unhealthy'> {
  const byHealth = { healthy: 0, 'early-warning': 0, degraded: 0, failing: 0, unknown: 0 };
  const unhealthy: Situation['unhealthy'] = [];
  for (const service of context.estate.all('service').values()) {
    const { health, since, reason } = context.sources.board.serviceHealth(service.id);
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
  return { services: { total: context.estate.all('service').size, byHealth }, unhealthy: unhealthy.slice(0, 50) };
}

function stores(context: Context): Situation['stores'] {
  const regions = new Map<string, Situation['stores'][number]>();
  for (const store of context.estate.all('store').values()) {
    const region = store.region ?? 'no region';
    let counts = regions.get(region);
    if (!counts) {
      counts = { region: named(context, 'region', region), total: 0, healthy: 0, degraded: 0, failing: 0, unknown: 0 };
      regions.set(region, counts);
    }
    const { health } = storeHealth(context, store);
    counts.total++;
    counts[health === 'early-warning' ? 'degraded' : health]++;
  }
  return [...regions.values()].sort((a, b) => a.region.name.localeCompare(b.region.name));
}
