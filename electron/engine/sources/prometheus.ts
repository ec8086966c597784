/**
 * Prometheus, and what speaks its query API (Thanos, Mimir, VictoriaMetrics). Invariant: every query of the estate gives
 * exactly one observation for everything that uses it at every read, whatever the server answers: a value, or that there
 * is none and why. No data is unknown, never healthy.
 *
 * Queries travel in batches: `label_replace((Q1), "holdfast_query", "0", "", "") or label_replace((Q2), …, "1", …) or …`,
 * one POST for up to 40 of them, four at a time over kept connections. An estate of 5,000 services with three queries each
 * is thus 375 requests per read instead of 15,000; `or` never joins series of two queries, because the added label tells
 * them apart, and the label says afterwards which query a series answers. A query that breaks its batch (a typing error, a
 * scalar, too many samples) is found by halving, asked alone from then on, and never takes its neighbours with it.
 */
import { z } from 'zod';
import type { TestReport } from '../../../shared/contract/sources.ts';
import type { MetricQuery, ThroughputQuery } from '../../../shared/domain/estate.ts';
import { grade, gradedBy, tierOf, worstFirst } from '../../../shared/domain/health.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { credentialField, TextList, YesNo, timingFields, timingOf, timingShape, urlField } from './config.ts';
import { authorization, BaseUrl, hostOf } from './http.ts';
import { sentence } from './scheduler.ts';
import { EDGE_QUERIES, MOST_EDGES, readEdges } from './service-graph.ts';
import { readStores, STORE_EXAMPLES, STORE_FIGURES, StoreIndex, type StoreFigure } from './store-queries.ts';
import {
  SourceFailure,
  type LearnedEdge,
  validFor,
  type Observation,
  type Polled,
  type Source,
  type SourceDeps,
  type SourceModule,
  type StoreReading,
} from './source.ts';

/** One query for all stores; empty: not asked. */
const storeQuery = z.string().trim().max(4000).default('');

const Config = z.strictObject({
  url: BaseUrl,
  ...timingShape,
  /** Value of the header X-Scope-OrgID, for servers with tenants. */
  tenant: z.string().trim().max(200).default(''),
  /** Ids of the services and business services it is asked about, `*` for any letters; all when empty. */
  only: TextList.default([]),
  /** Whether calls between services are learned from the service-graph series of OpenTelemetry. */
  learnEdges: YesNo.default(false),
  /** The label that names the store in the answers to the queries below. */
  storeLabel: z.string().trim().min(1).max(100).default('store'),
  storeWan: storeQuery,
  storePos: storeQuery,
  storeEdge: storeQuery,
  storeFallback: storeQuery,
  storeBuffered: storeQuery,
  storeBufferedMinor: storeQuery,
  storeOldest: storeQuery,
});
type Config = z.output<typeof Config>;

const BATCH_QUERIES = 40;
const BATCH_LENGTH = 24_000;
const CONCURRENCY = 4;
/** A query that the server refuses is asked again only after this, ms. */
const REFUSED_FOR_MS = 300_000;
/** A server clock that differs from ours by more than this is mentioned, ms. */
const CLOCK_SLACK_MS = 30_000;
const LABEL = 'holdfast_query';
/** Calls between services change slowly and cost the server much: they are read at every so manyeth reading. */
const EDGES_EVERY = 4;
/** A curve with a longer hole than this is filled from what the server kept, ms … */
const GAP_MS = 150_000;
const STEP_MS = 60_000;
/** … at first for as long as a curve shows, else for a day at most. */
const FIRST_MS = 3 * 3_600_000;
const REACH_MS = 24 * 3_600_000;

const RangeAnswer = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});

export const prometheus: SourceModule<typeof Config> = {
  type: 'prometheus',
  title: 'Prometheus',
  fields: [
    urlField('http://prometheus.example:9090'),
    credentialField,
    ...timingFields,
    {
      name: 'tenant',
      title: 'Tenant',
      required: false,
      secret: false,
      example: 'shop',
      help: 'Sent as X-Scope-OrgID, for Mimir and Cortex.',
    },
    {
      name: 'only',
      title: 'Only about',
      required: false,
      secret: false,
      example: 'checkout-*, payments-api',
      help: 'Services and business services that it knows, when there are several servers. All when empty.',
    },
    {
      name: 'learnEdges',
      title: 'Learn dependencies',
      required: false,
      secret: false,
      example: 'yes',
      help: 'Yes: calls between services are read from traces_service_graph_request_total and compared with the estate, under Estate, Drift.',
    },
    {
      name: 'storeLabel',
      title: 'Stores: label',
      required: false,
      secret: false,
      example: 'store',
      help: 'The label that names the store, by id, name or number, in the answers to the queries below.',
    },
    ...STORE_FIGURES.map(({ name, title, help }) => ({
      ...{ name, title, help, required: false, secret: false },
      example: STORE_EXAMPLES[name],
    })),
  ],
  config: Config,
  timing: timingOf,
  create: (config, deps) => new Prometheus(config, deps),
};

type Use =
  | { service: string; name: string; metric: MetricQuery }
  | { businessService: string; name: string; throughput: ThroughputQuery };

/** One distinct query and all that it answers for. */
interface Ask {
  query: string;
  uses: Use[];
}

interface Series {
  labels: Record<string, string>;
  value: number;
}

type Answer = { series: Series[] } | { refused: string };

/** What one read learned besides the answers. */
interface Tally {
  warnings: Set<string>;
  /** Server's time of evaluation minus ours, ms; null when nothing was answered. */
  skew: number | null;
}

class Prometheus implements Source {
  readonly #config: Config;
  readonly #deps: SourceDeps;
  readonly #validForMs: number;
  #asks: { revision: number; asks: Ask[] } | null = null;
  /** Readings so far, and what was last said of calls between services. */
  #readings = 0;
  #edgesSaid = '';
  #storeIndex: { revision: number; index: StoreIndex } | null = null;
  /** Queries that can't be part of a batch. */
  readonly #alone = new Set<string>();
  readonly #refused = new Map<string, { why: string; until: number }>();

  constructor(config: Config, deps: SourceDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#validForMs = validFor(timingOf(config));
  }

  async poll(signal: AbortSignal): Promise<Polled> {
    const asks = this.#plan();
    const now = this.#deps.now();
    const tally: Tally = { warnings: new Set(), skew: null };
    const answers = await this.#ask([...asks, ...this.#storeAsks()], signal, tally);
    const observations = asks.flatMap((ask) => ask.uses.map((use) => this.#observe(use, answers.get(ask.query)!, now)));
    const stores = this.#stores(answers, now);
    await this.#fillGaps(asks, observations, now, signal);
    const edges = this.#config.learnEdges && this.#readings++ % EDGES_EVERY === 0 ? await this.#edges(signal) : null;
    return {
      observations,
      ...(stores ? { stores: stores.readings } : {}),
      ...(edges ? { edges: edges.list, edgesCut: edges.cut } : {}),
      message: [this.#summary(asks, answers, tally), stores?.message, this.#edgesSaid].filter(Boolean).join(' '),
    };
  }

  async test(signal: AbortSignal): Promise<TestReport> {
    const started = performance.now();
    const ms = () => Math.round(performance.now() - started);
    try {
      const asks = this.#plan();
      const tally: Tally = { warnings: new Set(), skew: null };
      const seen = await this.#look(signal);
      const answers = await this.#ask([...asks, ...this.#storeAsks()], signal, tally);
      const stores = this.#stores(answers, this.#deps.now());
      if (stores) seen.push(stores.message);
      if (this.#config.learnEdges) {
        await this.#edges(signal);
        seen.push(this.#edgesSaid);
      }
      for (const ask of asks) {
        for (const use of ask.uses) {
          const { text } = this.#observe(use, answers.get(ask.query)!, 0);
          if (seen.length < 20) seen.push(`${use.name} · ${nameOf(use)}: ${text}`);
        }
      }
      seen.push(...tally.warnings);
      return { ok: true, message: this.#summary(asks, answers, tally), ms: ms(), seen };
    } catch (error) {
      return { ok: false, message: sentence(error), ms: ms(), seen: [] };
    }
  }

  close(): void {
    // Nothing is held: connections belong to the process.
  }

  #plan(): Ask[] {
    const mapping = this.#deps.mapping();
    if (this.#asks?.revision === mapping.revision) return this.#asks.asks;
    const byQuery = new Map<string, Ask>();
    const add = (query: string, use: Use) => {
      const ask = byQuery.get(query);
      if (ask) ask.uses.push(use);
      else byQuery.set(query, { query, uses: [use] });
    };
    const wanted = selector(this.#config.only);
    for (const { id, name, metrics } of mapping.services) {
      if (wanted(id)) for (const metric of metrics) add(metric.query, { service: id, name, metric });
    }
    for (const { id, name, throughput } of mapping.businessServices) {
      if (wanted(id)) for (const one of throughput) add(one.query, { businessService: id, name, throughput: one });
    }
    const asks = [...byQuery.values()];
    this.#asks = { revision: mapping.revision, asks };
    this.#alone.clear();
    this.#refused.clear();
    return asks;
  }

  #storeAsks(): Ask[] {
    return STORE_FIGURES.flatMap(({ name }) =>
      this.#config[name] === '' ? [] : [{ query: this.#config[name], uses: [] }],
    );
  }

  /** What the answers say of single stores; null when nothing is asked about them. */
  #stores(answers: ReadonlyMap<string, Answer>, now: number): { readings: StoreReading[]; message: string } | null {
    const asked = STORE_FIGURES.filter(({ name }) => this.#config[name] !== '');
    if (asked.length === 0) return null;
    const mapping = this.#deps.mapping();
    const all = mapping.stores ?? [];
    if (this.#storeIndex?.revision !== mapping.revision)
      this.#storeIndex = { revision: mapping.revision, index: new StoreIndex(all) };
    const refused: string[] = [];
    const figures = new Map<StoreFigure, readonly Series[]>();
    for (const { name, title } of asked) {
      const answer = answers.get(this.#config[name])!;
      if ('refused' in answer) refused.push(`${title}: ${answer.refused}`);
      else figures.set(name, answer.series);
    }
    const { storeLabel } = this.#config;
    const { readings, strangers } = readStores(figures, storeLabel, this.#storeIndex.index, now, this.#validForMs);
    const parts = [`${readings.length} of ${all.length} stores answered`];
    if (strangers.length > 0) {
      const named = strangers.filter((name) => name !== '');
      parts.push(
        named.length > 0
          ? `no store is called ${some(named.map((name) => `"${name.slice(0, 60)}"`))}`
          : `series without the label "${storeLabel}"`,
      );
    }
    if (refused.length > 0) parts.push(`refused: ${some(refused, 1)}`);
    return { readings, message: sentence(parts.join('; ')) };
  }

  /** The answers to all asks, by query. Fails as a whole when the server can't be used at all. */
  async #ask(asks: readonly Ask[], signal: AbortSignal, tally: Tally): Promise<Map<string, Answer>> {
    const answers = new Map<string, Answer>();
    const now = this.#deps.now();
    const batches: string[][] = [];
    let batch: string[] = [];
    let length = 0;
    for (const { query } of asks) {
      const refused = this.#refused.get(query);
      const crooked = unbalanced(query);
      if (crooked) answers.set(query, { refused: crooked });
      else if (refused && refused.until > now) answers.set(query, { refused: refused.why });
      else if (this.#alone.has(query)) batches.push([query]);
      else {
        if (batch.length === BATCH_QUERIES || (batch.length > 0 && length + query.length > BATCH_LENGTH)) {
          batches.push(batch);
          batch = [];
          length = 0;
        }
        batch.push(query);
        length += query.length;
      }
    }
    if (batch.length > 0) batches.push(batch);
    // Whether it is alive must be known even when there is nothing to ask.
    if (batches.length === 0) await this.#query('1', signal, tally);

    const others = new AbortController();
    const both = AbortSignal.any([signal, others.signal]);
    const worker = async () => {
      for (let next = batches.shift(); next; next = batches.shift()) await this.#askBatch(next, answers, both, tally);
    };
    try {
      await Promise.all(Array.from({ length: Math.min(CONCURRENCY, batches.length) }, worker));
    } catch (error) {
      others.abort(error);
      throw error;
    }
    return answers;
  }

  async #askBatch(
    queries: readonly string[],
    answers: Map<string, Answer>,
    signal: AbortSignal,
    tally: Tally,
  ): Promise<void> {
    const [query] = queries as [string];
    const single = queries.length === 1;
    try {
      const { series, scalar } = await this.#query(single ? query : joined(queries), signal, tally);
      if (!single) assign(queries, series, answers);
      else {
        answers.set(query, { series });
        if (scalar) this.#alone.add(query);
      }
    } catch (error) {
      if (!isAboutTheQuery(error)) throw error;
      if (!single) {
        const half = Math.ceil(queries.length / 2);
        await this.#askBatch(queries.slice(0, half), answers, signal, tally);
        await this.#askBatch(queries.slice(half), answers, signal, tally);
        // Two that answer alone and not together, such as two of very many samples, are kept apart from now on.
        if (queries.length === 2 && !queries.some((one) => this.#alone.has(one)))
          for (const one of queries) this.#alone.add(one);
        return;
      }
      const why = error.tooLarge
        ? 'the answer is too large to be read'
        : (error.detail ?? error.message).replace(/^invalid parameter "query": /, '');
      answers.set(query, { refused: why });
      this.#alone.add(query);
      this.#refused.set(query, { why, until: this.#deps.now() + REFUSED_FOR_MS });
    }
  }

  /** The calls between services that the server knows of now; null when it can't say, and why is in `#edgesSaid`. */
  async #edges(signal: AbortSignal): Promise<{ list: LearnedEdge[]; cut: boolean } | null> {
    const queries = Object.values(EDGE_QUERIES).map((query): Ask => ({ query, uses: [] }));
    const answers = await this.#ask(queries, signal, { warnings: new Set(), skew: null });
    const calls = answers.get(EDGE_QUERIES.calls)!;
    const failures = answers.get(EDGE_QUERIES.failures)!;
    if ('refused' in calls) {
      this.#edgesSaid = sentence(`Calls between services: refused: ${calls.refused}`);
      return null;
    }
    const edges = readEdges(calls.series, 'series' in failures ? failures.series : []);
    const count = answers.get(EDGE_QUERIES.count)!;
    const all = ('series' in count ? count.series[0]?.value : undefined) ?? edges.length;
    const said = edges.length === 0 ? 'no service-graph series' : `${edges.length.toLocaleString('en')} seen`;
    const rest =
      all > MOST_EDGES
        ? `; there are ${all.toLocaleString('en')}, of which the busiest are kept: is there something unbounded in a name?`
        : '';
    const errors = 'refused' in failures ? `; how many failed is not known: ${failures.refused}` : '';
    this.#edgesSaid = sentence(`Calls between services: ${said}${rest}${errors}`);
    return { list: edges, cut: all > MOST_EDGES };
  }

  /** Asks what business throughput was while nobody read it. Without an answer the gap stays; the reading is good all the same. */
  async #fillGaps(asks: readonly Ask[], observations: Observation[], now: number, signal: AbortSignal): Promise<void> {
    const { lastSampleAt } = this.#deps;
    if (!lastSampleAt) return;
    const queries = new Map(
      asks
        .flatMap(({ query, uses }) => uses.map((use) => [use, query] as const))
        .flatMap(([use, query]) => ('throughput' in use ? [[keyOf(use), query] as const] : [])),
    );
    for (const observation of observations) {
      const query = queries.get(observation.key);
      if (query === undefined || observation.value === null) continue;
      const last = lastSampleAt(observation.key);
      if (last !== null && now - last < GAP_MS) continue;
      const from = Math.max(last === null ? now - FIRST_MS : last + STEP_MS, now - REACH_MS);
      try {
        observation.history = await this.#range(query, from, now, signal);
      } catch {
        if (signal.aborted) return;
      }
    }
  }

  async #range(query: string, from: number, to: number, signal: AbortSignal): Promise<{ at: number; value: number }[]> {
    const body = await this.#deps.http.json({
      url: `${this.#config.url}/api/v1/query_range`,
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        query,
        start: (from / 1000).toFixed(3),
        end: (to / 1000).toFixed(3),
        step: String(STEP_MS / 1000),
      }).toString(),
      signal,
    });
    const { data } = RangeAnswer.parse(body);
    const sums = new Map<number, number>();
    for (const { values } of data.result) {
      for (const [seconds, text] of values) {
        const value = Number(text);
        const at = Math.round(seconds * 1000);
        if (Number.isFinite(value)) sums.set(at, (sums.get(at) ?? 0) + value);
      }
    }
    return [...sums].map(([at, value]) => ({ at, value })).sort((x, y) => x.at - y.at);
  }

  async #query(query: string, signal: AbortSignal, tally: Tally): Promise<{ series: Series[]; scalar: boolean }> {
    const { url, timeoutSeconds } = this.#config;
    const asked = this.#deps.now();
    const body = await this.#deps.http.json({
      url: `${url}/api/v1/query`,
      method: 'POST',
      headers: { ...this.#headers(), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query, timeout: `${Math.ceil(timeoutSeconds * 1000)}ms` }).toString(),
      signal,
    });
    return this.#read(body, asked, tally);
  }

  #headers(): Record<string, string> {
    const { tenant } = this.#config;
    return { ...authorization(this.#deps.credential), ...(tenant === '' ? {} : { 'x-scope-orgid': tenant }) };
  }

  /** The series of a query's answer. Checked by hand, as there may be a hundred thousand. */
  #read(body: unknown, asked: number, tally: Tally): { series: Series[]; scalar: boolean } {
    const { status, data, warnings } = record(body);
    const { resultType, result } = record(data);
    if (status !== 'success' || typeof resultType !== 'string' || !Array.isArray(result)) {
      throw new SourceFailure(
        `${hostOf(this.#config.url)} answers JSON, but not as Prometheus does; is the address right?`,
      );
    }
    if (Array.isArray(warnings))
      for (const warning of warnings.slice(0, 3)) tally.warnings.add(String(warning).slice(0, 300));
    if (resultType === 'scalar') {
      tally.skew ??= skewOf(result[0], asked);
      return { series: [{ labels: {}, value: numberOf(result[1]) }], scalar: true };
    }
    if (resultType !== 'vector') {
      const detail = `it gives a ${resultType} instead of one value for now`;
      throw new SourceFailure(sentence(detail), { status: 400, detail });
    }
    const series: Series[] = [];
    for (const item of result as unknown[]) {
      const { metric, value } = record(item);
      if (!Array.isArray(value)) continue;
      tally.skew ??= skewOf(value[0], asked);
      series.push({ labels: record(metric) as Record<string, string>, value: numberOf(value[1]) });
    }
    return { series, scalar: false };
  }

  #observe(use: Use, answer: Answer, now: number): Observation {
    const base = { title: nameOf(use), since: null, observedAt: now, validForMs: this.#validForMs };
    if ('businessService' in use) {
      const { measures } = use.throughput;
      const value =
        'series' in answer
          ? answer.series.reduce<number | null>(
              (sum, { value }) => (Number.isFinite(value) ? (sum ?? 0) + value : sum),
              null,
            )
          : null;
      const unit = measures === 'revenue' ? 'minor/s' : `${measures}/s`;
      return {
        ...base,
        key: keyOf(use),
        subject: { businessService: use.businessService },
        kind: 'metric',
        text: value === null ? missing(answer) : formatQuantity(value, unit),
        value,
        unit,
        measures,
        health: null,
        tier: null,
      };
    }
    const { metric } = use;
    const key = `metric:${use.service}:${metric.name}`;
    const found = 'series' in answer ? worst(metric, answer.series) : null;
    const graded = grade(metric, found?.value ?? Number.NaN);
    const limit = gradedBy(metric, graded);
    const value = found && !Number.isNaN(found.value) ? found.value : null;
    return {
      ...base,
      key,
      subject: { service: use.service },
      kind: 'metric',
      text:
        value === null
          ? missing(answer)
          : [formatQuantity(value, metric.unit), limit, found!.of].filter((part) => part !== '').join(', '),
      value: value !== null && Number.isFinite(value) ? value : null,
      unit: metric.unit,
      health: graded,
      tier: tierOf(graded),
    };
  }

  /** What the server is: its version and its targets, as far as it tells. */
  async #look(signal: AbortSignal): Promise<string[]> {
    const get = async (path: string) => {
      try {
        return record(
          record(await this.#deps.http.json({ url: this.#config.url + path, headers: this.#headers(), signal }))[
            'data'
          ],
        );
      } catch (error) {
        // Not every server with this query API has these pages; whether it answers queries is asked next.
        if (error instanceof SourceFailure && error.status !== null && ![401, 403].includes(error.status)) return {};
        throw error;
      }
    };
    const seen: string[] = [];
    const { version } = await get('/api/v1/status/buildinfo');
    if (typeof version === 'string') seen.push(`version ${version.slice(0, 40)}`);
    const { activeTargets } = await get('/api/v1/targets?state=active');
    if (Array.isArray(activeTargets)) {
      const up = activeTargets.filter((target) => record(target)['health'] === 'up').length;
      seen.push(`${up} of ${activeTargets.length} targets up`);
    }
    return seen;
  }

  #summary(asks: readonly Ask[], answers: ReadonlyMap<string, Answer>, tally: Tally): string {
    if (asks.length === 0) return 'It answers; nothing in the estate asks it anything.';
    let answered = 0;
    const empty: string[] = [];
    const refused: string[] = [];
    for (const { query, uses } of asks) {
      const answer = answers.get(query)!;
      const where = `${uses[0]!.name} ${nameOf(uses[0]!)}`;
      if ('refused' in answer) refused.push(`${where}: ${answer.refused}`);
      else if (answer.series.some(({ value }) => !Number.isNaN(value))) answered++;
      else empty.push(where);
    }
    const parts = [`${answered} of ${asks.length} ${asks.length === 1 ? 'query' : 'queries'} answered`];
    if (empty.length > 0) parts.push(`no data for ${some(empty)}`);
    if (refused.length > 0) parts.push(`refused: ${some(refused, 1)}`);
    const { skew } = tally;
    if (skew !== null && Math.abs(skew) > CLOCK_SLACK_MS)
      parts.push(`its clock is ${formatDuration(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} ours`);
    const [warning] = tally.warnings;
    if (warning !== undefined) parts.push(`it warns: ${warning}`);
    return sentence(parts.join('; '));
  }
}

function keyOf({ businessService, throughput }: Extract<Use, { businessService: string }>): string {
  return `throughput:${businessService}:${throughput.name}:${throughput.measures}`;
}

function nameOf(use: Use): string {
  return 'metric' in use ? use.metric.name : use.throughput.name;
}

function some(items: readonly string[], most = 3): string {
  const more = items.length - most;
  return items.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Prometheus writes sample values as text: `0.5`, `NaN`, `+Inf`, `-Inf`. */
function numberOf(value: unknown): number {
  if (value === '+Inf' || value === 'Inf') return Infinity;
  if (value === '-Inf') return -Infinity;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}

function skewOf(seconds: unknown, asked: number): number | null {
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 - asked : null;
}

/** Why an answer has no value. */
function missing(answer: Answer): string {
  if ('refused' in answer) return `the query is refused: ${answer.refused}`;
  return answer.series.length === 0 ? 'no data' : 'not a number';
}

/** The series whose value is worst by the metric's thresholds, with what tells it from the others. Not-a-number only when all are. */
function worst(metric: MetricQuery, series: readonly Series[]): { value: number; of: string } | null {
  let found: Series | null = null;
  let health = grade(metric, Number.NaN);
  for (const one of series) {
    const graded = grade(metric, one.value);
    const better =
      found === null ||
      Number.isNaN(found.value) ||
      (!Number.isNaN(one.value) && graded !== null && health !== null && worstFirst(graded, health) < 0);
    if (!better) continue;
    found = one;
    health = graded;
  }
  if (!found) return null;
  const { [LABEL]: _, __name__: __, ...labels } = found.labels;
  const told = Object.entries(labels)
    .slice(0, 3)
    .map(([label, value]) => `${label}=${value}`)
    .join(' ');
  return {
    value: found.value,
    of: series.length > 1 ? `worst of ${series.length}${told === '' ? '' : ` (${told.slice(0, 120)})`}` : '',
  };
}

/** Whether an error concerns only the queries that were sent, so that others may still be asked. */
function isAboutTheQuery(error: unknown): error is SourceFailure {
  if (!(error instanceof SourceFailure)) return false;
  if (error.tooLarge || error.status === 422) return true;
  // A plain 400 from something that is no Prometheus has no reason in it.
  if (error.status === 400) return error.detail !== null;
  return error.status === 503 && /timed? ?out/i.test(error.detail ?? '');
}

function joined(queries: readonly string[]): string {
  // The line break ends a comment that a query may end with.
  return queries.map((query, index) => `label_replace((${query}\n), "${LABEL}", "${index}", "", "")`).join(' or ');
}

function assign(queries: readonly string[], series: readonly Series[], answers: Map<string, Answer>): void {
  const byQuery = queries.map((): Series[] => []);
  for (const one of series) byQuery[Number(one.labels[LABEL])]?.push(one);
  queries.forEach((query, index) => answers.set(query, { series: byQuery[index]! }));
}

/** Why a query can't be put into brackets: what it opens and does not close, or the other way round. Null when it can. */
function unbalanced(query: string): string | null {
  const open: string[] = [];
  const closes: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  for (let at = 0; at < query.length; at++) {
    const char = query[at]!;
    if (char === '#') {
      const end = query.indexOf('\n', at);
      if (end < 0) break;
      at = end;
    } else if (char === '"' || char === "'" || char === '`') {
      let end = at + 1;
      while (end < query.length && query[end] !== char) end += query[end] === '\\' && char !== '`' ? 2 : 1;
      if (end >= query.length) return `a ${char} is not closed`;
      at = end;
    } else if ('([{'.includes(char)) open.push(char);
    else if (closes[char] !== undefined && open.pop() !== closes[char]) return `a ${char} closes nothing`;
  }
  if (open.length > 0) return `a ${open.at(-1)} is not closed`;
  return query.trim() === '' ? 'it is empty' : null;
}

/** Whether an id is one of those meant by patterns with `*`; every id when there are none. */
function selector(patterns: readonly string[]): (id: string) => boolean {
  if (patterns.length === 0) return () => true;
  const escaped = patterns.map((pattern) =>
    pattern
      .split(/\*+/)
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^]*'),
  );
  const expression = new RegExp(`^(?:${escaped.join('|')})$`);
  return (id) => expression.test(id);
}
