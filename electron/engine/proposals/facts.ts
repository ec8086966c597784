/**
 * What is known of an incident, or of what is about to be one, as the policies weigh it. Invariant: only what was heard or
 * said counts; a figure that nobody can give is null, never a guess.
 */
import type { BusinessImpact } from '../../../shared/contract/impact.ts';
import { rateAt, type Measure } from '../../../shared/domain/impact/baseline.ts';
import { rateLine } from '../../../shared/domain/impact/money.ts';
import { plus } from '../../../shared/domain/impact/range.ts';
import type { ResponseFacts } from '../../../shared/domain/policy/response.ts';
import type { Hurt, SeverityFacts, SeverityPolicy, TradeTime } from '../../../shared/domain/policy/severity.ts';
import type { Suspicion } from '../../../shared/domain/policy/substance.ts';
import type { Suggestion } from '../../../shared/domain/runbook/suggest.ts';
import { formatDuration, localTime } from '../../../shared/domain/times.ts';
import { Domain, type Severity } from '../../../shared/domain/words.ts';
import { blastView } from '../blast/index.ts';
import type { Context } from '../context.ts';
import { displayName } from '../estate/views.ts';
import { storeStates } from '../estate/stores.ts';
import { settingOf } from '../impact/business.ts';
import { impactNow } from '../impact/index.ts';
import { suggestionsOf } from './runbooks.ts';

/** What a proposal is for. */
export interface Subject {
  title: string;
  /** Ids. */
  services: readonly string[];
  businessServices: readonly string[];
  data: Suspicion;
  security: Suspicion;
  /** ms */
  startedAt: number;
  /** Runbooks that run already. */
  running: ReadonlySet<string>;
}

export interface Facts {
  severity: SeverityFacts;
  response(severity: Severity): ResponseFacts;
  suggestions: Suggestion[];
  /** What was looked at, for people. */
  told: { name: string; value: string }[];
}

/** Hours of headquarters, on weekdays. */
const OFFICE = { from: 8, to: 18 };

export function factsOf(context: Context, subject: Subject, policy: SeverityPolicy): Facts {
  const { estate, sources } = context;
  const services = subject.services.flatMap((id): Hurt[] => {
    const service = estate.get('service', id);
    if (!service) return [];
    const { health } = sources.board.serviceHealth(id);
    return [{ id, name: displayName(service), tier: service.tier, health, share: null }];
  });
  const business = hurtBusiness(context, subject);
  const hurt = business.map(({ impact, named }): Hurt => {
    const { id, name, criticality, health, share, kind } = impact;
    // What a person names is hurt at least a little, whatever was measured.
    const word = named && health.health === 'healthy' ? 'early-warning' : health.health;
    return { id, name, tier: criticality, health: word, share: kind === 'unknown' ? null : share };
  });
  const stores = storesOf(context, subject, business);
  const loss = lossOf(business);
  const time = tradeTime(context, business, policy);
  const domains = domainsOf(context, subject, business);
  const reach = reachOf(context, subject, business.length);
  const suggestions = suggestionsOf(context, subject);
  const now = context.now();
  const { weekday, hour } = localTime(now, context.settings.headquartersZone ?? context.zone);
  const office = weekday <= 5 && hour >= OFFICE.from && hour < OFFICE.to;
  const lasting = Math.max(0, Math.floor((now - subject.startedAt) / 60_000));
  const { data, security } = subject;
  return {
    severity: { businessServices: hurt, services, stores, money: loss, data, security, time },
    response: (severity) => ({
      severity,
      domains,
      reach,
      stores,
      data,
      security,
      office,
      lasting,
      runbook: suggestions[0]?.id ?? null,
    }),
    suggestions,
    told: [
      {
        name: 'Business services',
        value: business.length === 0 ? 'none named, none hurt' : hurt.map(({ name }) => name).join(', '),
      },
      { name: 'Services', value: services.length === 0 ? 'none named' : services.map(({ name }) => name).join(', ') },
      {
        name: 'Reaches',
        value:
          reach === null
            ? 'not known'
            : `${many(reach.businessServices, 'business service')}, ${many(reach.services, 'service')}`,
      },
      { name: 'Domains', value: domains.length === 0 ? 'not known' : domains.join(', ') },
      {
        name: 'Lost per minute',
        value: loss === null ? 'not known' : rateLine({ ...loss, kind: basisOf(business, loss) }),
      },
      {
        name: 'Stores',
        value:
          stores === null
            ? 'never heard of'
            : `${stores.cannotSell} of ${stores.total} cannot sell, ${stores.perhaps} not heard of`,
      },
      { name: 'Data', value: data === 'none' ? 'nobody suspects them' : data },
      { name: 'Breach', value: security === 'none' ? 'nobody suspects one' : security },
      { name: 'Hour of trade', value: time ?? 'not known: no baseline' },
      { name: 'Lasting', value: formatDuration(lasting * 60_000) },
    ],
  };
}

interface HurtBusiness {
  impact: BusinessImpact;
  /** By a person, in the incident. */
  named: boolean;
}

/** The business services that were named, and those that a service of the incident hurts on their hard path. */
function hurtBusiness(context: Context, { services, businessServices }: Subject): HurtBusiness[] {
  if (services.length === 0 && businessServices.length === 0) return [];
  const { board } = context.sources;
  return impactNow(context).flatMap((impact) => {
    const named = businessServices.includes(impact.id);
    const path = board.hardPath(impact.id);
    const reached = impact.health.health !== 'healthy' && services.some((service) => path.has(service));
    return named || reached ? [{ impact, named }] : [];
  });
}

/** Per minute, in the currency in which most is lost; of two currencies only one can be weighed. */
function lossOf(business: readonly HurtBusiness[]): SeverityFacts['money'] {
  const rates = business.flatMap(({ impact: { lossPerMinute } }) =>
    lossPerMinute === null || lossPerMinute.kind === 'unknown' ? [] : [lossPerMinute],
  );
  if (rates.length === 0) return null;
  const byCurrency = Map.groupBy(rates, ({ currency }) => currency);
  const sums = [...byCurrency].map(([currency, list]) => ({
    ...list.reduce((sum, one) => plus(sum, one), NOTHING),
    currency,
  }));
  return sums.toSorted((a, b) => b.high - a.high)[0]!;
}

/** Measured when all of it is. */
function basisOf(business: readonly HurtBusiness[], { currency }: { currency: string }): 'measured' | 'estimated' {
  const rates = business.flatMap(({ impact: { lossPerMinute } }) => lossPerMinute ?? []);
  return rates.some((rate) => rate.currency === currency && rate.kind === 'estimated') ? 'estimated' : 'measured';
}

const many = (count: number, one: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : `${one}s`}`;

const NOTHING = { low: 0, likely: 0, high: 0 };

/** Of the stores that use what is hurt, and that are not closed for the night: which cannot sell. Null when none was ever heard of. */
function storesOf(context: Context, { services }: Subject, business: readonly HurtBusiness[]): SeverityFacts['stores'] {
  const inStores = business.some(({ impact }) => impact.stores !== null);
  const affected = new Set(services);
  const concerned = [...context.estate.all('store').values()].some(
    (store) => inStores || store.services.some((id) => affected.has(id)),
  );
  const total = context.estate.all('store').size;
  if (!concerned) return { cannotSell: 0, perhaps: 0, total, regions: 0 };
  const all = storeStates(context);
  const mine = inStores ? all : all.filter(({ store }) => store.services.some((id) => affected.has(id)));
  if (mine.every(({ state }) => state.heardAt === null)) return null;
  const open = mine.filter(({ state }) => state.open !== false);
  const cannot = open.filter(({ state }) => state.selling === 'cannot');
  return {
    cannotSell: cannot.length,
    perhaps: open.filter(({ state }) => state.selling === 'unknown' && state.heardAt !== null).length,
    total,
    regions: new Set(cannot.flatMap(({ store }) => store.region ?? [])).size,
  };
}

const MEASURES: readonly Measure[] = ['revenueMinor', 'orders', 'transactions'];

/** How busy this hour usually is for what is hurt, the busiest of them; a promotion goes before all. */
function tradeTime(context: Context, business: readonly HurtBusiness[], { hours }: SeverityPolicy): TradeTime | null {
  const now = context.now();
  const ids = new Set(business.map(({ impact }) => impact.id));
  let busiest: number | null = null;
  for (const entity of context.estate.all('business-service').values()) {
    if (ids.size > 0 ? !ids.has(entity.id) : entity.criticality > 1) continue;
    const { baseline, multipliers } = settingOf(context, entity);
    const promoted = multipliers.some(({ from, to, multiplier }) => now >= from && now < to && multiplier > 1);
    const measure = baseline ? MEASURES.find((one) => baseline[one]) : undefined;
    const most = baseline && measure ? Math.max(0, ...baseline[measure]!.map((value) => value ?? 0)) : 0;
    const rate = baseline && measure ? rateAt(baseline, measure, multipliers, now) : null;
    const busy = most > 0 && rate !== null ? rate / most : null;
    // In its quiet hours a promotion brings nobody.
    if (promoted && (busy === null || busy >= hours.day)) return 'promotion';
    if (busy !== null) busiest = Math.max(busiest ?? 0, busy);
  }
  if (busiest === null) return null;
  return busiest >= hours.peak ? 'peak' : busiest >= hours.day ? 'day' : 'night';
}

function domainsOf(context: Context, subject: Subject, business: readonly HurtBusiness[]): Domain[] {
  const found = new Set<string>();
  for (const id of subject.services) found.add(context.estate.get('service', id)?.domain ?? '');
  for (const { impact } of business)
    for (const domain of context.estate.get('business-service', impact.id)?.domains ?? []) found.add(domain);
  return Domain.options.filter((domain) => found.has(domain));
}

function reachOf(context: Context, { services }: Subject, hurt: number): ResponseFacts['reach'] {
  const known = services.filter((id) => context.estate.get('service', id));
  if (known.length === 0) return hurt === 0 ? null : { businessServices: hurt, services: 0 };
  const { counts } = blastView(context, known, 1);
  return { businessServices: Math.max(hurt, counts.businessServices.certain), services: counts.services.certain };
}
