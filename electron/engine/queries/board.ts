import type { HealthView } from '../../../shared/contract/common.ts';
import type { BoardView, Trend } from '../../../shared/contract/board.ts';
import type { BusinessImpact } from '../../../shared/contract/impact.ts';
import { countStore, noStores } from '../../../shared/domain/selling.ts';
import { handle, type Context } from '../context.ts';
import { activeNow } from '../degraded/active.ts';
import { storeStates } from '../estate/stores.ts';
import { curve } from '../impact/curve.ts';
import { impact } from '../impact/index.ts';
import { asksOf, incidentLites, isOpen, worstIncident } from '../incidents/view.ts';

/** The trend compares so many minutes with as many before, … */
const TREND_MINUTES = 5;
/** … so far apart, … */
const APART_MINUTES = 10;
/** … and calls it steady below this difference of the missing share. */
const STEADY = 0.05;

export default handle('board', (context): BoardView => {
  const { totals, businessServices, incidents: costs } = impact(context);
  const hurt = businessServices.filter(
    ({ health, lossPerMinute }) => health.health !== 'healthy' || (lossPerMinute?.likely ?? 0) > 0,
  );
  return {
    demonstration: context.estate.profile.demonstration,
    incidents: incidentLites(context, context.incidents.open())
      .sort(worstIncident)
      .map(({ id, label, title, severity, status, commander, startedAt, disputed }) => ({
        ...{ label, title, severity, status, startedAt },
        ...(disputed === undefined ? {} : { disputed }),
        commander: commander?.name ?? null,
        soFar: costs.find((one) => one.id === id)?.totals.flatMap(({ soFar }) => soFar ?? []) ?? [],
        next: nextDue(context, id),
      })),
    hurt: hurt.sort(mostHurt).map(({ id, name, health, lossPerMinute }) => ({
      ...{ id, name, health: health.health, since: health.since },
      rate: lossPerMinute,
      ...(health.byHand === undefined ? {} : { byHand: byHandOf(health.byHand) }),
    })),
    degraded: activeNow(context).map(({ title }) => title),
    businessServices: businessServices.length,
    rates: totals.map(({ perMinute }) => perMinute),
    trend: hurt[0] === undefined ? null : trendOf(context, hurt[0]),
    stores: stores(context),
    ...heard(context),
    link: linkOf(context),
    asOf: context.now(),
  };
});

const LOUDNESS = { failing: 0, degraded: 1, unknown: 2, 'early-warning': 3, healthy: 4 } as const;

function mostHurt(a: BusinessImpact, b: BusinessImpact): number {
  return (
    (b.lossPerMinute?.likely ?? 0) - (a.lossPerMinute?.likely ?? 0) ||
    LOUDNESS[a.health.health] - LOUDNESS[b.health.health] ||
    a.criticality - b.criticality
  );
}

function nextDue(context: Context, incident: string): BoardView['incidents'][number]['next'] {
  const due = asksOf(context, incident)
    .filter((ask) => isOpen(ask) && ask.dueAt !== null)
    .sort((a, b) => a.dueAt! - b.dueAt!)[0];
  return due ? { text: due.text, owner: due.owner?.name ?? null, at: due.dueAt! } : null;
}

function byHandOf({ by, reason, until }: NonNullable<HealthView['byHand']>): BoardView['hurt'][number]['byHand'] {
  return { by: by.name, reason, until };
}

function linkOf({ sync }: Context): BoardView['link'] {
  const { state, since } = sync.status();
  return { state, since };
}

/** Whether what the worst of them is missing grows, by its own telemetry; null when that says nothing. */
function trendOf(context: Context, { id, name }: BusinessImpact): Trend | null {
  const { points } = curve(context, id, 0.5);
  const missing = (from: number, to: number): number | null => {
    const known = points.slice(from, to).filter(({ actual, expected }) => actual !== null && (expected ?? 0) > 0);
    if (known.length === 0) return null;
    const sum = (of: (point: (typeof known)[number]) => number): number => known.reduce((all, one) => all + of(one), 0);
    return Math.max(0, 1 - sum(({ actual }) => actual!) / sum(({ expected }) => expected!));
  };
  const now = missing(-TREND_MINUTES, points.length);
  const before = missing(-TREND_MINUTES - APART_MINUTES, -APART_MINUTES);
  if (now === null || before === null) return null;
  const share = (value: number): string => `${Math.round(value * 100)} %`;
  return {
    direction: now > before + STEADY ? 'worse' : now < before - STEADY ? 'better' : 'steady',
    text: `${name}: ${share(now)} missing, ${share(before)} ten minutes ago`,
  };
}

function stores(context: Context): BoardView['stores'] {
  const counts = noStores();
  const regions = new Map<string, { name: string; stores: number; total: number }>();
  for (const { store, state } of storeStates(context)) {
    countStore(counts, state);
    if (store.region === null) continue;
    let region = regions.get(store.region);
    if (!region)
      regions.set(store.region, (region = { name: context.estate.name('region', store.region), stores: 0, total: 0 }));
    region.total++;
    if (state.selling !== 'sells' && state.selling !== 'unknown') region.stores++;
  }
  const hurtRegions = [...regions.values()]
    .filter((region) => region.stores > 0)
    .sort((a, b) => b.stores / b.total - a.stores / a.total || b.stores - a.stores || a.name.localeCompare(b.name));
  return counts.total === 0 ? null : { counts, hurtRegions };
}

function heard(context: Context): Pick<BoardView, 'heardAt' | 'silent'> {
  const sources = context.sources.list().filter(({ enabled }) => enabled);
  const times = sources.flatMap(({ lastSuccessAt }) => lastSuccessAt ?? []);
  return {
    heardAt: sources.length === 0 ? null : times.length === 0 ? 0 : Math.max(...times),
    silent: sources
      .filter(({ state }) => state !== 'live')
      .map(({ title, lastSuccessAt }) => ({ title, since: lastSuccessAt })),
  };
}
