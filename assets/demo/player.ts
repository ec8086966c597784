/**
 * The demonstration's source: it answers the estate's queries and alert matchers from a scenario as Prometheus,
 * Alertmanager and status pages would. Invariant: it is a source like any other. It knows the estate by its mapping alone,
 * and what it says at a moment follows from the scenario, when the story began and how fast it runs.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { AlertIndex } from '../../electron/engine/sources/matching.ts';
import {
  SourceFailure,
  validFor,
  type Mapping,
  type MappedBusinessService,
  type Observation,
  type Polled,
  type Source,
  type SourceDeps,
  type SourceModule,
  type StoreReading,
  type Timing,
} from '../../electron/engine/sources/source.ts';
import type { TestReport } from '../../shared/contract/sources.ts';
import type { MetricQuery, ThroughputQuery } from '../../shared/domain/estate.ts';
import { grade, gradedBy, HEALTH_OF_TIER, tierOf } from '../../shared/domain/health.ts';
import { rateAt, type Multiplier } from '../../shared/domain/impact/baseline.ts';
import { multipliersOf } from '../../shared/domain/impact/calendar.ts';
import { formatQuantity } from '../../shared/domain/quantity.ts';
import { partOf } from '../../shared/domain/stores.ts';
import type { Health } from '../../shared/domain/words.ts';
import {
  durationMs,
  pictureAt,
  readScenario,
  ScenarioError,
  type Picture,
  type Scenario,
  type StoreOfStory,
} from './scenario.ts';

/** A scenario is a page of text; more is not one. */
const MAX_SCENARIO_BYTES = 1024 * 1024;

const Config = z.strictObject({
  /** The scenario's file, absolute or relative to the demonstration's folder. */
  scenario: z.string().min(1).max(4096).default('scenario.yaml'),
  /** Story time per real time. */
  speed: z.coerce.number().positive().max(3600).default(1),
  /** Where in the story to begin. */
  from: z
    .string()
    .refine((text) => durationMs(text) !== null, 'is no duration such as PT8M')
    .default('PT0S'),
  /** When the story began; when it is not given, when the source was made. */
  start: z.iso.datetime({ offset: true }).optional(),
  /** Seconds between two readings. */
  every: z.coerce.number().min(1).max(300).default(5),
});
type Config = z.output<typeof Config>;

function timing({ every }: Config): Timing {
  return { intervalMs: every * 1000, timeoutMs: 2000 };
}

/** The player as a kind of source. `folder` is where scenarios with a relative path are. */
export function player(folder: string): SourceModule<typeof Config> {
  return {
    type: 'player',
    title: 'Demonstration player',
    fields: [
      field('scenario', 'Scenario', 'scenario.yaml', 'A file that tells the story.'),
      field('speed', 'Speed', '1', '10 plays ten minutes in one.'),
      field('from', 'Begin at', 'PT8M', 'How far into the story to begin.'),
      field('start', 'Began', '2026-03-02T18:00:00+01:00', 'Left empty: when this source is first read.'),
      field('every', 'Read every', '5', 'Seconds.'),
    ],
    config: Config,
    timing,
    create: (config, deps) => new Player(folder, config, deps),
  };
}

function field(name: string, title: string, example: string, help: string): SourceModule['fields'][number] {
  return { name, title, required: false, secret: false, example, help };
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A curve with a longer hole than this is filled, ms. */
const GAP_MS = 150_000;
/** So much of the end of a story is quiet, ms: as before it began. */
const QUIET_MS = 2 * HOUR;

class Player implements Source {
  readonly #file: string;
  readonly #config: Config;
  readonly #deps: SourceDeps;
  /** When the story was at its beginning, ms; before that it has not begun. */
  readonly #start: number;
  #scenario: { mtimeMs: number; scenario: Scenario } | null = null;
  #alerts: { revision: number; index: AlertIndex } | null = null;

  constructor(folder: string, config: Config, deps: SourceDeps) {
    this.#file = resolve(folder, config.scenario);
    this.#config = config;
    this.#deps = deps;
    const begun = config.start === undefined ? deps.now() : Date.parse(config.start);
    this.#start = begun - durationMs(config.from)! / config.speed;
  }

  async poll(signal: AbortSignal): Promise<Polled> {
    const scenario = await this.#read(signal);
    const now = this.#deps.now();
    const picture = pictureAt(scenario, (now - this.#start) * this.#config.speed);
    const mapping = this.#deps.mapping();
    const observations = [
      ...this.#metrics(picture, mapping, now),
      ...this.#alertsOf(picture, mapping, now),
      ...this.#vendors(picture, mapping, now),
      ...this.#throughput(picture, mapping, now),
      ...this.#changes(picture, mapping, now),
    ];
    const stores = [...this.#storesOf(picture, mapping, now)];
    const minute = Math.floor(picture.at / 60_000);
    return {
      observations,
      stores,
      message: `Minute ${minute} of "${scenario.title}": ${observations.length} signals.`,
    };
  }

  async test(signal: AbortSignal): Promise<TestReport> {
    const began = performance.now();
    const report = (ok: boolean, message: string, seen: string[]): TestReport => ({
      ok,
      message,
      ms: performance.now() - began,
      seen,
    });
    try {
      const scenario = await this.#read(signal);
      const strangers = strangersIn(scenario, this.#deps.mapping());
      return report(
        true,
        strangers.length === 0
          ? `"${scenario.title}" can be played.`
          : `"${scenario.title}" can be played, but ${strangers.length} of its names are not in the estate.`,
        [
          `${scenario.steady.size} metrics, ${scenario.tracks.size} of them change`,
          `${scenario.alerts.length} alerts, ${scenario.changes.length} changes, ${scenario.vendors.length} of vendor status`,
          `begins again after ${scenario.repeatMs / 60_000} min`,
          ...strangers.slice(0, 20).map((name) => `not in the estate: ${name}`),
        ],
      );
    } catch (error) {
      return report(false, error instanceof Error ? error.message : String(error), []);
    }
  }

  close(): void {
    this.#scenario = null;
    this.#alerts = null;
  }

  async #read(signal: AbortSignal): Promise<Scenario> {
    try {
      const { mtimeMs, size } = await stat(this.#file);
      if (this.#scenario?.mtimeMs === mtimeMs) return this.#scenario.scenario;
      if (size > MAX_SCENARIO_BYTES) throw new SourceFailure(`The scenario ${this.#file} is larger than 1 MiB.`);
      const text = await readFile(this.#file, { encoding: 'utf8', signal });
      const scenario = readScenario(text, basename(this.#file));
      this.#scenario = { mtimeMs, scenario };
      return scenario;
    } catch (error) {
      if (error instanceof SourceFailure) throw error;
      if (error instanceof ScenarioError) throw new SourceFailure(error.message, { cause: error });
      const why =
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
      throw new SourceFailure(`The scenario ${this.#file} can't be read: ${why}.`, { cause: error });
    }
  }

  /** The instant of a moment of the story, ms; never later than now. */
  #instant(storyMs: number, now: number): number {
    return Math.min(now, Math.round(this.#start + storyMs / this.#config.speed));
  }

  #seen(now: number): Pick<Observation, 'observedAt' | 'validForMs'> {
    return { observedAt: now, validForMs: validFor(timing(this.#config)) };
  }

  *#metrics(picture: Picture, { services }: Mapping, now: number): Generator<Observation> {
    for (const { id, metrics } of services) {
      const silentSince = picture.silentSince(id);
      for (const metric of metrics) {
        const played = picture.metric(id, metric.name);
        if (played === undefined) continue;
        const value = played !== null && metric.unit === 'ratio' ? Math.min(1, played) : played;
        const health = value === null ? 'unknown' : grade(metric, value);
        yield {
          key: `metric:${id}:${metric.name}`,
          subject: { service: id },
          kind: 'metric',
          title: metric.name,
          text: value === null ? 'no answer' : reading(metric, value, health),
          value,
          unit: metric.unit,
          health,
          tier: tierOf(health),
          since: silentSince === null ? null : this.#instant(silentSince, now),
          ...this.#seen(now),
        };
      }
    }
  }

  *#storesOf(picture: Picture, { stores = [] }: Mapping, now: number): Generator<StoreReading> {
    const shares = new Map<string, number>();
    const shareOf: StoreOfStory['shareOf'] = (region, ids, except) => {
      const key = `${region ?? ids.join(' ')} without ${except.join(' ')}`;
      let share = shares.get(key);
      if (share === undefined) {
        const concerned = stores.filter(
          (one) => (region === undefined ? ids.includes(one.id) : one.region === region) && !except.includes(one.id),
        );
        share = concerned.reduce((sum, one) => sum + (one.share ?? 0), 0);
        shares.set(key, share);
      }
      return share;
    };
    for (const { id, region, share } of stores) {
      const seen = picture.store({ id, region, share, shareOf });
      if (seen === null) continue;
      const { wan, pos, edge, fallback, buffered, bufferedMinor, oldest, since } = seen;
      yield {
        store: id,
        wan: partOf(wan),
        ...(pos === null ? {} : { pos: partOf(pos) }),
        edge: partOf(edge),
        fallback,
        buffered,
        bufferedMinor,
        ...(oldest === null ? {} : { oldestAt: this.#instant(oldest, now) }),
        ...(since === null ? {} : { since: this.#instant(since, now) }),
        ...this.#seen(now),
      };
    }
  }

  *#alertsOf(picture: Picture, mapping: Mapping, now: number): Generator<Observation> {
    if (this.#alerts?.revision !== mapping.revision) {
      this.#alerts = { revision: mapping.revision, index: new AlertIndex(mapping.services, ['service']) };
    }
    for (const alert of picture.alerts) {
      const labels = { ...alert.labels, alertname: alert.name, severity: alert.severity };
      const tier = TIER[alert.severity];
      const services = this.#alerts.index.match(labels);
      for (const service of services.length > 0 ? services : [null]) {
        yield {
          key: `alert:${fingerprint(labels)}:${service ?? ''}`,
          subject: service === null ? null : { service },
          kind: 'alert',
          title: alert.name,
          text: alert.summary,
          value: null,
          unit: '',
          health: tier && HEALTH_OF_TIER[tier],
          tier,
          since: this.#instant(alert.since, now),
          ...this.#seen(now),
        };
      }
    }
  }

  *#vendors(picture: Picture, { services }: Mapping, now: number): Generator<Observation> {
    for (const { id, vendorStatus } of services) {
      if (vendorStatus === null) continue;
      const word = picture.vendors.get(id);
      const health = word ? VENDOR[word.indicator] : 'healthy';
      yield {
        key: `vendor:${id}`,
        subject: { service: id },
        kind: 'vendor-status',
        title: 'vendor status',
        text: word?.text ?? 'All systems operational',
        value: null,
        unit: '',
        health,
        tier: tierOf(health),
        since: word ? this.#instant(word.since, now) : null,
        ...(word ? {} : { weak: true }),
        ...this.#seen(now),
      };
    }
  }

  *#throughput(picture: Picture, mapping: Mapping, now: number): Generator<Observation> {
    for (const business of mapping.businessServices) {
      const multipliers = calendarOf(business, mapping);
      for (const query of business.throughput) {
        const expected = baselinePerSecond(business, multipliers, query.measures, now);
        if (expected === null) continue;
        const value = expected * picture.throughput(business.id);
        const unit = query.measures === 'revenue' ? 'minor/s' : `${query.measures}/s`;
        const key = `throughput:${business.id}:${query.name}:${query.measures}`;
        yield {
          key,
          history: this.#past(business, multipliers, query.measures, key, now),
          subject: { businessService: business.id },
          kind: 'metric',
          title: query.name,
          text: formatQuantity(value, unit),
          value,
          unit,
          measures: query.measures,
          health: null,
          tier: null,
          since: null,
          ...this.#seen(now),
        };
      }
    }
  }

  /** What it was while nobody read it, as a Prometheus would know; before the story began all was as usual. */
  #past(
    business: MappedBusinessService,
    multipliers: readonly Multiplier[],
    measures: ThroughputQuery['measures'],
    key: string,
    now: number,
  ): { at: number; value: number }[] {
    const { lastSampleAt } = this.#deps;
    if (!lastSampleAt) return [];
    const last = lastSampleAt(key) ?? now - 3 * HOUR;
    const past: { at: number; value: number }[] = [];
    if (now - last < GAP_MS) return past;
    for (let at = Math.max(last + MINUTE, now - 24 * HOUR); at < now; at += MINUTE) {
      const expected = baselinePerSecond(business, multipliers, measures, at);
      if (expected === null) continue;
      const elapsed = (at - this.#start) * this.#config.speed;
      const { scenario } = this.#scenario!;
      const picture = pictureAt(scenario, elapsed < 0 ? scenario.repeatMs + (elapsed % QUIET_MS) : elapsed);
      past.push({ at, value: expected * picture.throughput(business.id) });
    }
    return past;
  }

  *#changes(picture: Picture, { services }: Mapping, now: number): Generator<Observation> {
    const known = new Set(services.map(({ id }) => id));
    for (const change of picture.changes) {
      const concerned = change.services.filter((id) => known.has(id));
      const at = this.#instant(change.since, now);
      yield {
        key: `change:${change.id}:${this.#instant(picture.round * this.#scenario!.scenario.repeatMs, now)}`,
        subject: concerned[0] === undefined ? null : { service: concerned[0] },
        kind: 'change',
        title: change.title,
        text: '',
        value: null,
        unit: '',
        health: null,
        tier: null,
        since: at,
        change: { at, kind: change.kind, services: concerned, by: change.by, url: change.url },
        ...this.#seen(now),
      };
    }
  }
}

/** As the Alertmanager source reads severities unless it is told otherwise. */
const TIER = {
  critical: 'customer-impacting',
  error: 'operational-degradation',
  warning: 'early-warning',
  info: null,
} as const;
const VENDOR = { maintenance: null, minor: 'early-warning', major: 'degraded', critical: 'failing' } as const;

/** Promotions and holidays as its customers keep them: what is measured follows them, as what is expected does. */
function calendarOf(
  { id, baseline, calendar }: MappedBusinessService,
  { stores = [] }: Pick<Mapping, 'stores'>,
): readonly Multiplier[] {
  return multipliersOf(calendar, {
    id,
    zone: baseline?.timezone ?? 'UTC',
    shareOf: (region) => stores.reduce((sum, store) => sum + (store.region === region ? (store.share ?? 0) : 0), 0),
  }).multipliers;
}

/** What a business service does in this hour of the week, per second; null when its baseline does not say. */
function baselinePerSecond(
  { baseline }: MappedBusinessService,
  multipliers: readonly Multiplier[],
  measures: ThroughputQuery['measures'],
  now: number,
): number | null {
  const hourly = baseline && rateAt(baseline, measures === 'revenue' ? 'revenueMinor' : measures, multipliers, now);
  return hourly === null ? null : hourly / 3600;
}

/** `12 %, degraded above 10 %`. */
function reading(metric: MetricQuery, value: number, health: Health | null): string {
  const shown = formatQuantity(value, metric.unit);
  const threshold = gradedBy(metric, health);
  return threshold === '' ? shown : `${shown}, ${threshold}`;
}

/** The same for the same labels, whatever their order. */
function fingerprint(labels: Readonly<Record<string, string>>): string {
  return Object.keys(labels)
    .toSorted()
    .map((label) => `${label}=${labels[label]}`)
    .join(',');
}

/** Names in a scenario that the estate does not have. */
function strangersIn(scenario: Scenario, { services, businessServices, stores = [] }: Mapping): string[] {
  const metrics = new Set(services.flatMap(({ id, metrics: list }) => list.map(({ name }) => `${id}: ${name}`)));
  const ids = new Set([...services, ...businessServices, ...stores].map(({ id }) => id));
  const named = [
    ...scenario.throughput.keys(),
    ...scenario.changes.flatMap((change) => change.services),
    ...scenario.vendors.map(({ service }) => service),
    ...scenario.silent.map(({ service }) => service),
    ...scenario.stores.flatMap((act) => [...act.stores, ...act.except]),
  ];
  const played = [...scenario.steady.keys()].map((key) => key.replace('\n', ': '));
  return [...new Set([...played.filter((name) => !metrics.has(name)), ...named.filter((id) => !ids.has(id))])];
}
