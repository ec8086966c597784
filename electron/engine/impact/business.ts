/**
 * One business service as the rules of impact see it: what usually comes, what is missing now and by which word, and what
 * every minute of the last day was like. Invariant: telemetry that answers beats an estimate, and an estimate is made only
 * from health that is known.
 */
import type { BusinessImpact, ImpactInput, StoresHit } from '../../../shared/contract/impact.ts';
import type { EstateEntity, ThroughputQuery } from '../../../shared/domain/estate.ts';
import {
  gapsIn,
  inForceAt,
  MEASURES,
  rateAt,
  type Measure,
  type Multiplier,
} from '../../../shared/domain/impact/baseline.ts';
import { multipliersOf } from '../../../shared/domain/impact/calendar.ts';
import { MINUTE_MS, type Business, type MinuteShare } from '../../../shared/domain/impact/ledger.ts';
import { range, ZERO, type Range } from '../../../shared/domain/impact/range.ts';
import {
  ESTIMATES,
  estimated,
  measured,
  noise,
  split,
  storesLoss,
  type StoreNow,
  type StoresLoss,
} from '../../../shared/domain/impact/share.ts';
import { eased, easingText } from '../../../shared/domain/degraded/figures.ts';
import type { Health } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { easing } from '../degraded/active.ts';
import { storeStates } from '../estate/stores.ts';
import { displayName } from '../estate/views.ts';
import type { Throughput } from '../sources/board.ts';
import type { Sample } from '../sources/local-tables.ts';

export type BusinessEntity = EstateEntity<'business-service'>;

const MEASURE_OF: Record<ThroughputQuery['measures'], Measure> = {
  orders: 'orders',
  transactions: 'transactions',
  revenue: 'revenueMinor',
};

/** A sample stands for the time until the next one, at most this long, ms. */
const HOLD_MS = 3 * MINUTE_MS;

export interface Setting extends Business {
  entity: BusinessEntity;
  /** Stores that it sells in; null when it does not. */
  stores: StoreNow[] | null;
  problems: string[];
}

/** So long the stores' states are taken for the same, ms: a screen asks about several things at once. */
const SAME_MS = 1_000;

interface Stores {
  at: number;
  ops: number;
  revision: number;
  states: ReturnType<typeof storeStates>;
}
const storesKnown = new WeakMap<Context['estate'], Stores>();

function statesOf(context: Context): Stores['states'] {
  const now = context.now();
  const known = storesKnown.get(context.estate);
  const { opCount: ops } = context.store;
  const same = known?.ops === ops && known.revision === context.estate.revision;
  if (known && same && now >= known.at && now - known.at < SAME_MS) return known.states;
  const states = storeStates(context);
  storesKnown.set(context.estate, { at: now, ops, revision: context.estate.revision, states });
  return states;
}

/** A business service with its calendar and stores. */
export function settingOf(context: Context, entity: BusinessEntity): Setting {
  const { estate } = context;
  const { baseline } = entity;
  const entry = new Set(entity.services);
  const inStores = [...estate.all('store').values()].some(({ services }) => services.some((one) => entry.has(one)));
  const serving = inStores
    ? statesOf(context).filter(({ store }) => store.services.some((one) => entry.has(one)))
    : null;
  const shares = new Map<string, number>();
  for (const { store } of serving ?? [])
    if (store.region !== null) shares.set(store.region, (shares.get(store.region) ?? 0) + (store.share ?? 0));
  const entries = [...estate.all('calendar').values()].flatMap(({ calendar }) => calendar);
  const { multipliers, problems } = multipliersOf(
    [...entries, ...entity.calendar.map((one) => ({ ...one, businessServices: [] }))],
    {
      id: entity.id,
      zone: baseline?.timezone ?? 'UTC',
      shareOf: (region) => (serving === null ? null : (shares.get(region) ?? 0)),
    },
  );
  return {
    entity,
    baseline,
    multipliers,
    recoverable: entity.recoverable,
    stores:
      serving?.map(({ store, state }) => ({
        id: store.id,
        share: store.share,
        mode: state.selling,
        open: state.open,
      })) ?? null,
    problems: [...problems, ...baselineProblems(entity)],
  };
}

function baselineProblems({ baseline }: BusinessEntity): string[] {
  if (!baseline) return ['The catalog has no baseline for it, so nothing can be said of money or orders.'];
  return MEASURES.flatMap((measure) => {
    const series = baseline[measure];
    const gaps = series ? gapsIn(series) : 0;
    return gaps === 0
      ? []
      : [
          `${gaps} of 168 hours of its baseline (${measure}) are missing or make no sense; the same hour of other days stands in.`,
        ];
  });
}

export interface ShareNow {
  kind: BusinessImpact['kind'];
  /** When what it rests on was last confirmed, ms. */
  asOf: number;
  missing: Range;
  /** The estimate beside it, also when it was measured; null when health is not known. */
  estimate: Range | null;
  fallback: Range;
  lost: Range;
  buffered: Range;
  inputs: ImpactInput[];
  reasons: string[];
}

/** What is missing of a business service now, and by which word. */
export function shareNow(context: Context, setting: Setting): ShareNow {
  const { entity, stores } = setting;
  const now = context.now();
  const { board } = context.sources;
  const inputs: ImpactInput[] = [];
  const reasons: string[] = [];
  const loss = stores === null ? null : storesLoss(stores);
  const fallback = loss?.fallback ?? ZERO;
  const telemetry = board.throughput(entity.id);
  const found = best(setting, telemetry, now);
  const path = pathHealth(context, setting);
  const hurt = path.health === 'degraded' || path.health === 'failing';
  // As a sum is unknown when most of its time is: stores with most of the sales are silent, and nothing else says it is hurt.
  const silentStores = !hurt && loss !== null && loss.unheard > 0.5;
  const estimate = path.health === 'unknown' || silentStores ? null : estimated(path.health, loss);

  let kind: ShareNow['kind'];
  let missing: Range;
  let asOf: number;
  if (found) {
    const { usual, signal, counted } = found;
    const actual = signal.value! * 3600;
    missing = measured(actual, usual, counted);
    kind = 'measured';
    asOf = signal.observedAt;
    const title = context.sources.title(signal.source);
    inputs.push(
      {
        name: `Measured ${signal.measures}`,
        value: `${perMinute(actual)} a minute`,
        source: title,
        at: signal.observedAt,
      },
      { name: `Usual ${signal.measures}`, value: `${perMinute(usual)} a minute`, source: 'baseline', at: null },
      {
        name: 'Noise',
        value: usual > 0 ? `± ${Math.round(noise(counted) * 100)} %` : 'none',
        source: 'computed',
        at: null,
      },
    );
    reasons.push(
      usual === 0
        ? 'Nothing usually comes at this hour.'
        : missing.high === 0
          ? `${title} measures as much as usual.`
          : missing.likely === 0
            ? `${title} measures ${percent(missing.high)} less than usual, which is within the noise.`
            : `${title} measures ${percent(missing.likely)} less than usual (${percent(missing.low)} to ${percent(missing.high)}).`,
    );
  } else {
    const silent = telemetry[0];
    const from = estimate === null ? '' : ', so this is estimated from health';
    if (silent) {
      inputs.push({
        name: `Measured ${silent.measures}`,
        value: 'no answer',
        source: context.sources.title(silent.source),
        at: silent.observedAt,
      });
      reasons.push(`${context.sources.title(silent.source)} does not answer on it${from}.`);
    } else if (entity.throughput.length === 0) reasons.push(`Nothing measures it${from}.`);
    else reasons.push(`No source has measured it yet${from}.`);
    kind = estimate === null ? 'unknown' : 'estimated';
    missing = estimate ?? (path.health === 'unknown' ? unheard(path.last) : estimated(path.health, loss));
    asOf = path.at ?? now;
    inputs.push({ name: 'Hard path', value: path.text, source: 'health', at: path.at });
    if (kind === 'unknown')
      reasons.push(
        silentStores && path.health !== 'unknown'
          ? `Nothing is heard of stores with ${percent(loss!.unheard)} of the sales: anything between nothing and everything.`
          : 'Health along its hard path is not known: anything between nothing and everything.',
      );
    else
      reasons.push(
        missing.high === 0
          ? stores !== null && stores.length > 0 && stores.every(({ open }) => open === false)
            ? 'Every store is closed: nothing is lost.'
            : 'Its hard path is healthy: nothing is taken to be lost.'
          : `${path.text}: ${percent(missing.low)} to ${percent(missing.high)} is taken to be missing, ${percent(missing.likely)} likely.`,
      );
  }
  if (loss && stores) {
    inputs.push({ name: 'Stores', value: storeWords(stores, loss), source: 'stores', at: null });
    if (loss.fallback.likely > 0)
      reasons.push(
        `Stores with ${percent(loss.fallback.likely)} of the sales sell from their own server: late, not lost.`,
      );
  }
  const undisturbed = split(missing, fallback, entity.recoverable);
  // What nobody knows is made no surer by what was done about it.
  const easings = easing(context, entity.id, now);
  const divided = kind === 'estimated' ? eased(undisturbed, easings) : undisturbed;
  for (const one of easings) {
    inputs.push({
      name: 'Degraded on purpose',
      value: one.title,
      source: context.incidents.labels().get(one.incident) ?? one.incident,
      at: one.startedAt,
    });
    reasons.push(
      kind === 'estimated'
        ? `${one.title} is on and ${easingText(one)}, by estimate.`
        : `${one.title} is on; ${kind === 'measured' ? 'what is measured holds its effect already' : 'it makes an unknown figure no surer'}.`,
    );
  }
  if (entity.recoverable > 0) {
    inputs.push({ name: 'Recoverable', value: percent(entity.recoverable), source: 'catalog', at: null });
    if (missing.high > 0)
      reasons.push(`${percent(entity.recoverable)} of what does not come through waits and is worked off later.`);
  }
  for (const one of inForceAt(setting.multipliers, now)) inputs.push(calendarInput(one));
  return { kind, asOf, missing, estimate, fallback, ...divided, inputs, reasons };
}

function calendarInput({ title, multiplier }: Multiplier): ImpactInput {
  return { name: title || 'Calendar', value: `× ${Number(multiplier.toFixed(3))}`, source: 'calendar', at: null };
}

const percent = (share: number): string => {
  const value = share * 100;
  return `${value > 0 && value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} %`;
};

function perMinute(hourly: number): string {
  const value = hourly / 60;
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

/** The first telemetry that answers and that the baseline can be held against: orders before transactions before money. */
function best(
  { baseline, multipliers }: Setting,
  telemetry: readonly Throughput[],
  now: number,
): { signal: Throughput; usual: number; counted: number } | null {
  if (!baseline) return null;
  for (const measures of ['orders', 'transactions', 'revenue'] as const) {
    const signal = telemetry.find(
      (one) => one.measures === measures && one.fresh && one.value !== null && one.value >= 0,
    );
    const usual = signal ? rateAt(baseline, MEASURE_OF[measures], multipliers, now) : null;
    if (signal && usual !== null)
      return { signal, usual, counted: counted({ baseline, multipliers }, measures, usual, now) };
  }
  return null;
}

/** Noise goes with the number of orders, not with cents. */
function counted(
  { baseline, multipliers }: Business,
  measures: ThroughputQuery['measures'],
  usual: number,
  at: number,
): number {
  if (measures !== 'revenue' || !baseline) return usual;
  return (
    rateAt(baseline, 'orders', multipliers, at) ?? rateAt(baseline, 'transactions', multipliers, at) ?? usual / 3000
  );
}

/** What is not known is likely as it last was. */
function unheard(last: Health | null): Range {
  return range(0, last === null ? 0 : ESTIMATES[last].likely, 1);
}

interface PathHealth {
  health: Health;
  last: Health | null;
  at: number | null;
  text: string;
}

/** The worst health on the hard path outside the stores, and what says so. */
function pathHealth(context: Context, { entity, stores }: Setting): PathHealth {
  const { board } = context.sources;
  const { health, hurtBy } = board.businessHealth(entity.id);
  if (stores === null)
    return { health: health.health, last: health.last, at: health.observedAt, text: sentence(health.reason) };
  const inStores = new Set(stores.flatMap(({ id }) => context.estate.get('store', id)?.services ?? []));
  const [worst] = hurtBy.filter((service) => !inStores.has(service));
  if (worst !== undefined) {
    const one = board.serviceHealth(worst);
    const name = context.estate.name('service', worst);
    return { health: one.health, last: one.last, at: one.observedAt, text: `${name} ${one.health.replace('-', ' ')}` };
  }
  return {
    health: 'healthy',
    last: null,
    at: health.observedAt,
    text: 'Outside the stores nothing on its path is hurt',
  };
}

const sentence = (text: string) => text.replace(/\.$/, '');

function storeWords(stores: readonly StoreNow[], { missing }: StoresLoss): string {
  const hit = storesHit(stores);
  const parts = [
    `${hit.total - hit.affected - hit.closed} sell`,
    hit.fallback > 0 && `${hit.fallback} sell in fallback`,
    hit.cannotSell > 0 && `${hit.cannotSell} cannot sell`,
    hit.unknown > 0 && `${hit.unknown} unknown`,
    hit.closed > 0 && `${hit.closed} closed`,
  ].filter(Boolean);
  return `${parts.join(', ')}; ${percent(missing.likely)} of the sales do not arrive`;
}

export function storesHit(stores: readonly StoreNow[]): StoresHit {
  const open = stores.filter((store) => store.open !== false);
  const count = (mode: StoreNow['mode']) => open.filter((store) => store.mode === mode).length;
  return {
    total: stores.length,
    affected: open.length - count('sells'),
    fallback: count('fallback'),
    closed: stores.length - open.length,
    cannotSell: count('cannot'),
    unknown: count('unknown'),
  };
}

export interface Seen {
  minuteAt: (minute: number) => MinuteShare | null;
  /** First and last minute of which anything is known. */
  span: { from: number; to: number } | null;
}

/** What this console saw of a business service since `since` (ms), minute by minute. */
export function seenOf(context: Context, setting: Setting, since: number): Seen {
  const { baseline, multipliers, entity } = setting;
  const rows = context.impact.minutes(entity.id);
  const { board } = context.sources;
  const series = baseline
    ? board
        .throughput(entity.id)
        .filter(({ measures }) => baseline[MEASURE_OF[measures]] !== null)
        .sort((a, b) => ORDER.indexOf(a.measures) - ORDER.indexOf(b.measures))
        .map(({ source, key, measures }) => ({
          measures,
          byMinute: held(board.samples(source, key, since - HOLD_MS)),
        }))
    : [];
  let first = Infinity;
  let last = -Infinity;
  for (const at of [...rows.keys(), ...series.flatMap(({ byMinute }) => [...byMinute.keys()])]) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  const modes = easing(context, entity.id, since, Infinity);
  const known = new Map<number, MinuteShare | null>();
  // Whether stores sold from their own server in a minute that this console did not see: some may have.
  const unseen = setting.stores === null ? ZERO : range(0, 0, 1);
  const read = (minute: number): MinuteShare | null => {
    const row = rows.get(minute);
    const fallback = row?.fallback ?? unseen;
    for (const { measures, byMinute } of series) {
      const sample = byMinute.get(minute);
      if (!sample || sample.value < 0) continue;
      const usual = rateAt(baseline!, MEASURE_OF[measures], multipliers, sample.at)!;
      const missing = measured(sample.value * 3600, usual, counted(setting, measures, usual, sample.at));
      return { ...split(missing, fallback, entity.recoverable), basis: 'measured' };
    }
    if (!row?.missing) return null;
    const divided = split(row.missing, fallback, entity.recoverable);
    const easings = modes.filter(({ startedAt, ended }) => startedAt <= minute && (ended?.at ?? Infinity) > minute);
    return { ...eased(divided, easings), basis: 'estimated' };
  };
  return {
    minuteAt: (minute) => {
      let one = known.get(minute);
      if (one === undefined) known.set(minute, (one = read(minute)));
      return one;
    },
    span: first <= last ? { from: first, to: last } : null,
  };
}

const ORDER: ThroughputQuery['measures'][] = ['orders', 'transactions', 'revenue'];

/** Samples by the minutes that they stand for. */
export function held(samples: readonly Sample[]): Map<number, Sample> {
  const byMinute = new Map<number, Sample>();
  samples.forEach((sample, index) => {
    const begin = Math.floor(sample.at / MINUTE_MS) * MINUTE_MS;
    const next = samples[index + 1]?.at ?? Infinity;
    const until = Math.min(Math.floor(next / MINUTE_MS) * MINUTE_MS, begin + HOLD_MS);
    for (let minute = begin; minute < Math.max(until, begin + MINUTE_MS); minute += MINUTE_MS)
      byMinute.set(minute, sample);
  });
  return byMinute;
}

/** What to call it. */
export function nameOf(entity: BusinessEntity): string {
  return displayName(entity);
}
