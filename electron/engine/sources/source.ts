/**
 * What a source of signals is. Invariant: a source only reads and normalises; it keeps no clock of its own, never retries
 * and never decides what a service's health is. The scheduler owns timing, backoff and state, the signal board owns
 * health. So a new source is one module in the engine's list and touches nothing else.
 */
import type { z } from 'zod';
import type {
  AlertMatch,
  Baseline,
  CalendarEntry,
  MetricQuery,
  ThroughputQuery,
} from '../../../shared/domain/estate.ts';
import type { SourceType, TestReport } from '../../../shared/contract/sources.ts';
import type { PartState } from '../../../shared/domain/stores.ts';
import type { Health, SignalTier } from '../../../shared/domain/words.ts';
import type { Payload } from '../../../shared/ops/types.ts';

/** What an observation is about; null when the source could not tell, which is counted and listed, never dropped. */
export type Subject = { service: string } | { businessService: string } | null;

/** What a change says besides its title: the rest of `change.record`. */
export type ChangeFacts = Pick<Payload<'change.record'>, 'services' | 'kind' | 'by' | 'url'> & {
  /** When it happened, ms. */
  at: number;
};

/** One normalised signal as a source saw it. */
export interface Observation {
  /**
   * Identity inside its source, the same at every poll: `metric:checkout-api:error rate`, `alert:<fingerprint>:checkout-api`.
   * Two observations of one poll never share a key.
   */
  key: string;
  subject: Subject;
  kind: 'metric' | 'alert' | 'change' | 'vendor-status';
  /** Short name: the metric's, the alert's, the change's. */
  title: string;
  /** One line for a person: the value with its threshold, the alert's summary. May be empty. */
  text: string;
  /** Null when there is none: a change, an alert, or a metric without an answer. */
  value: number | null;
  /** Unit of `value`: ratio, s, messages, orders/s. Empty when there is none. */
  unit: string;
  /** What business throughput measures, per second; only with a business service as subject. */
  measures?: ThroughputQuery['measures'];
  /** What it was while nobody read it, as far as the source can tell afterwards, oldest first; fills the gaps of its curve. */
  history?: readonly { at: number; value: number }[];
  /** What this says of its subject; `unknown` when it was asked and there was no usable answer; null when it says nothing of health. */
  health: Health | null;
  tier: SignalTier | null;
  /** Since when it is so, by the source's word, ms; null when the source does not know (then: when it was first seen so). */
  since: number | null;
  /** When it was measured or last confirmed, ms; never later than now. */
  observedAt: number;
  /** How long after `observedAt` it may be believed, ms. Afterwards the signal is stale and counts as unknown. */
  validForMs: number;
  /** Shown with the service but not counted: a silenced or inhibited alert, and by what. */
  muted?: string;
  /** Healthy only for want of bad news, such as "no alert fires": does not outweigh a stronger signal that is silent. */
  weak?: boolean;
  /** Only with kind `change`. A change is recorded once for its key, however often it is seen. */
  change?: ChangeFacts;
}

/** One service seen calling another, by the names that the source knows them by. */
export interface LearnedEdge {
  client: string;
  server: string;
  /** Kind of connection, such as `database` or `messaging_system`; empty when it is an ordinary call. */
  connection: string;
  /** Calls per second, and the share of them that failed, 0–1. */
  rate: number;
  errorShare: number;
}

/** What a source measured at one store. What it did not see is left out. */
export interface StoreReading {
  /** Store id. */
  store: string;
  wan?: PartState;
  pos?: PartState;
  edge?: PartState;
  /** Whether it sells from its own server. */
  fallback?: boolean;
  /** Transactions that wait to be sent, and their value in minor units. */
  buffered?: number;
  bufferedMinor?: number;
  /** When the oldest of them was made, ms. */
  oldestAt?: number;
  /** Since when it is so, by the source's word, ms; absent: when it was first seen so. */
  since?: number;
  /** When it was measured, ms. */
  observedAt: number;
  /** How long after `observedAt` it may be believed, ms. */
  validForMs: number;
}

/**
 * The answer of one successful poll: everything that the source holds true now. A signal of an earlier poll that is not
 * among them is over. Changes are facts and stay.
 */
export interface Polled {
  observations: Observation[];
  /** What was measured at single stores. */
  stores?: StoreReading[];
  /** All calls between services that it sees now; absent when it was not asked this time. */
  edges?: LearnedEdge[];
  /** It sees more calls than it told of: what is not among them may be called all the same. */
  edgesCut?: boolean;
  /** One sentence on what was seen: "41 series for 12 services." */
  message: string;
}

export interface Source {
  /**
   * Reads once. Must stop when `signal` aborts.
   * @throws SourceFailure with one sentence that says what is wrong and where; anything else is reported as it stands.
   */
  poll(signal: AbortSignal): Promise<Polled>;
  /** Tries the connection and says what it saw. Reports failures in the report, never by throwing. */
  test(signal: AbortSignal): Promise<TestReport>;
  /** Frees what it holds; nothing is called afterwards. */
  close(): void;
}

/** When to poll. All in milliseconds. */
export interface Timing {
  intervalMs: number;
  timeoutMs: number;
}

/**
 * How long a signal of a polled source may be believed, ms. One interval longer than it takes for the source to be shown
 * as down, so that a person reads first that the source is gone and then what is unknown because of it.
 */
export function validFor({ intervalMs, timeoutMs }: Timing): number {
  return 4 * intervalMs + Math.min(timeoutMs, intervalMs);
}

export interface SourceModule<Schema extends z.ZodType = z.ZodType> {
  /** Id of the kind, as in `sources add <type>`. */
  type: string;
  title: string;
  /** What the form asks for. A secret field is the source's credential; all others are members of the configuration. */
  fields: SourceType['fields'];
  /** Strict, with defaults; never holds a credential. */
  config: Schema;
  timing(config: z.output<Schema>): Timing;
  create(config: z.output<Schema>, deps: SourceDeps): Source;
}

/** What of the estate a source needs in order to know whom a signal concerns. */
export interface Mapping {
  /** Grows whenever the rest changes, so that a source may keep what it derived from it. */
  revision: number;
  services: readonly MappedService[];
  businessServices: readonly MappedBusinessService[];
  /** Absent where nobody asks about stores. */
  stores?: readonly MappedStore[];
}

export interface MappedStore {
  id: string;
  name: string;
  /** The number that people call it by, such as 112. */
  number: string | null;
  region: string | null;
  /** Share of all in-store sales, 0 to 1. */
  share: number | null;
}

export interface MappedService {
  id: string;
  name: string;
  metrics: readonly MetricQuery[];
  /** Any of these sets of matchers claims an alert. */
  alertMatch: readonly (readonly AlertMatch[])[];
  vendorStatus: string | null;
}

export interface MappedBusinessService {
  id: string;
  name: string;
  throughput: readonly ThroughputQuery[];
  baseline: Baseline | null;
  /** Holidays and promotions, those of other business services among them. */
  calendar: readonly CalendarEntry[];
}

export interface SourceDeps {
  /** The source's id. */
  id: string;
  /** The estate as it is now; ask at every poll. */
  mapping(): Mapping;
  /** Token, `user:password` or whatever the module's secret field says; null when none is kept. */
  credential: string | null;
  /** When a signal of this source last had a value, ms; null when it never did. */
  lastSampleAt?(key: string): number | null;
  /** Wall clock, ms since 1970 UTC. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  http: Http;
}

export interface HttpRequest {
  url: string;
  /** Default GET. */
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** Reads from a server that may be slow, broken or hostile: bounded in time by `signal` and in size. */
export interface Http {
  /**
   * The parsed JSON of a 2xx answer.
   * @throws SourceFailure in one sentence: refused, no such host, 401, 503, a web page instead of JSON, half a document, too large.
   */
  json(request: HttpRequest): Promise<unknown>;
}

/** Why a source could not be read: one sentence that says what and where, fit for a screen. */
export class SourceFailure extends Error {
  /** Status of the answer, when there was one. */
  readonly status: number | null;
  /** What the server itself gave as the reason, when it did. */
  readonly detail: string | null;
  /** For how long the server asked to be left alone, ms. */
  readonly retryAfterMs: number | null;
  /** Whether there was an answer that was larger than what is read. */
  readonly tooLarge: boolean;
  constructor(
    message: string,
    options: {
      cause?: unknown;
      status?: number;
      detail?: string | null;
      retryAfterMs?: number | null;
      tooLarge?: boolean;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'SourceFailure';
    this.status = options.status ?? null;
    this.detail = options.detail ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.tooLarge = options.tooLarge ?? false;
  }
}
