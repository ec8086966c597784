/**
 * The signals that count now, and what they come to. Invariant: what the board says of a service follows from the signals
 * it holds, their age, and what it showed before (hysteresis), never from who asks or how often. Time alone turns a signal
 * stale and a service unknown; no poll is needed for that. A change costs work for the services that it touches and the
 * business services above them.
 *
 * A person's word on a service stands instead of what is settled here, and announced work hides noise, for as long as they
 * said; both lie over the settled health and never change it, so that it is what it would be once they end.
 *
 * Which changes become ops (`health.change`): those that a source reported. That a source fell silent is no op: another
 * console may well still hear it, and silence here must not overwrite its word.
 */
import type { HealthView, SignalView } from '../../../shared/contract/common.ts';
import { endOf, hides, isOpen, stands, turnsAt, type ByHand, type Window } from '../../../shared/domain/by-hand.ts';
import {
  healthWord,
  isFresh,
  judge,
  settle,
  settlesAt,
  type Hysteresis,
  HYSTERESIS,
  type Judgement,
  type Settled,
} from '../../../shared/domain/health.ts';
import { RollUp, type Reported, type RolledUp, type RollUpGraph } from '../../../shared/domain/roll-up.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { Health } from '../../../shared/domain/words.ts';
import type { Payload } from '../../../shared/ops/types.ts';
import type { Clock } from './clock.ts';
import { RING_SLOTS, SAMPLE_STEP_MS, type LocalSignals, type LocalWrite, type Sample } from './local-tables.ts';
import type { Observation, Subject } from './source.ts';
import { document, revive, sameSubject, signalView, type Kept } from './kept.ts';

export type HealthChange = Payload<'health.change'>;

/** What the log says of a service's health. */
export interface Heard extends Omit<HealthChange, 'service'> {
  /** When it was said, ms. */
  at: number;
  /** Said by this console. */
  own: boolean;
  /** Which other console said it, and what that is called. */
  from?: { console: string; name: string };
}

export interface BoardEstate extends RollUpGraph {
  services: readonly string[];
  /** Whether anything in the estate says how the service's health could be known. */
  watched: (service: string) => boolean;
  /** What to call a service. */
  nameOf: (service: string) => string;
}

export interface BoardOptions {
  clock: Clock;
  /** What to call a source. */
  titleOf: (source: string) => string;
  /** What to call who said something. */
  actorName?: (actor: string) => string;
  /** Called from `flush` with what should be appended to the log. When it throws, it is offered again at the next flush. */
  onHealth: (changes: HealthChange[]) => void;
  /** The health that is shown, or the signals behind it, changed. `at once` when a health did. */
  onChange: (atOnce: boolean) => void;
  /** Null when nothing is kept on disk. */
  local: LocalSignals | null;
  policy?: Hysteresis;
}

interface ServiceState {
  id: string;
  /** By `source\nkey`. */
  signals: Map<string, Kept>;
  raw: Judgement;
  shown: Settled;
  /** The judgement that stands behind what is shown. */
  behind: Judgement;
  /** Since when it has been known to be healthy and nothing else was ever said of it, ms. */
  wellSince: number | null;
  /** The last health that was known. */
  lastKnown: Health | null;
  /** When time alone may change something, ms. */
  dueAt: number | null;
  /** The second in which it is looked at again. */
  bucket: number | null;
  /** A person's word that stands now. */
  byHand: ByHand | null;
  /** The window that is open now; of several the one that ends last. */
  window: Window | null;
  /** Whether the window hides that it is not healthy. */
  hidden: boolean;
}

export interface BusinessHealth {
  health: HealthView;
  /** Services on its hard path that are not healthy, worst first. */
  hurtBy: string[];
}

export interface Throughput {
  source: string;
  /** Of the signal, for its samples. */
  key: string;
  title: string;
  measures: NonNullable<Observation['measures']>;
  /** Per second; null when there was no answer. */
  value: number | null;
  observedAt: number;
  /** Whether it may be believed now. */
  fresh: boolean;
}

/**
 * While our own sources say nothing the word of another console is believed: for so long after it was said, and after that
 * console last confirmed that it reads the source, ms.
 */
const HEARD_VALID_MS = 600_000;
const CONFIRMED_VALID_MS = 180_000;
/** A signal on disk whose value or age only changed is written again after this, ms. */
const REWRITE_MS = 60_000;
/** At most so many rows are written in one go, so that a command never waits for more than a few milliseconds. */
const WRITES_PER_FLUSH = 2_000;
const BUCKET_MS = 1_000;
/** A wall clock that was set back by more than this takes the ages of all signals with it, ms. */
const SET_BACK_MS = 2_000;

/** What stands as the source of a person's word. */
export const BY_HAND = 'by-hand';

const NOTHING: Judgement = judge([], 0);

export class SignalBoard {
  readonly #options: Required<BoardOptions>;
  readonly #services = new Map<string, ServiceState>();
  readonly #bySource = new Map<string, Map<string, Kept>>();
  /** Services to be looked at in a second of wall-clock time. */
  readonly #buckets = new Map<number, Set<ServiceState>>();
  readonly #business = new Map<
    string,
    { rolled: RolledUp; since: number | null; last: Health | null; byHand: ByHand | null }
  >();
  /** Words by hand, `service:id` or `business-service:id`; those that are over too. */
  readonly #byHand = new Map<string, ByHand>();
  readonly #windows = new Map<string, Window>();
  readonly #windowsOf = new Map<string, Set<Window>>();
  /** What the log says, by service. */
  readonly #heard = new Map<string, Heard>();
  /** When each console last said which sources it reads, ms, and which. */
  readonly #sights = new Map<string, { at: number; sources: ReadonlySet<string> }>();
  /** Business services whose roll-up is read again once what is being done is done. */
  readonly #reached = new Set<string>();
  /** Health to be appended, by service. */
  readonly #toAppend = new Map<string, HealthChange>();
  readonly #toWrite = new Map<string, LocalWrite>();
  #estate: BoardEstate | null = null;
  #rollUp: RollUp | null = null;
  #beat: { wall: number; monotonic: number } | null = null;

  constructor(options: BoardOptions) {
    this.#options = { policy: HYSTERESIS, actorName: (actor) => actor, ...options };
  }

  /** Begins with what was kept on disk; a signal that is too old by now is stale. Call once, before the estate is set. */
  restore(): void {
    const { local } = this.#options;
    if (!local) return;
    for (const { source, key, doc } of local.load()) {
      const kept = revive(source, key, doc);
      if (kept) this.#of(source).set(key, kept);
      else local.write([{ source, key, doc: null }]);
    }
  }

  /** Takes the estate: which services there are and how they depend on one another. Signals of services that are gone are kept as nobody's. */
  setEstate(estate: BoardEstate): void {
    this.#estate = estate;
    const present = new Set(estate.services);
    for (const [id, service] of this.#services) {
      if (present.has(id)) service.signals.clear();
      else this.#forget(service);
    }
    for (const id of present) if (!this.#services.has(id)) this.#services.set(id, emptyService(id));
    for (const [source, signals] of this.#bySource) {
      for (const kept of signals.values())
        if (kept.subject && 'service' in kept.subject)
          this.#services.get(kept.subject.service)?.signals.set(`${source}\n${kept.key}`, kept);
    }
    const now = this.#options.clock.now();
    this.#rollUp = null;
    for (const service of this.#services.values()) this.#evaluate(service, now);
    this.#rollUp = new RollUp(estate, (service) => this.#reported(this.#services.get(service)!));
    // Whether a window hides depends on the paths.
    for (const service of this.#services.values()) if (service.window) this.#layOver(service, now);
    const businesses = new Set([...estate.businessServices].map(({ id }) => id));
    for (const id of this.#business.keys()) if (!businesses.has(id)) this.#business.delete(id);
    this.#reached.clear();
    for (const id of businesses) this.#reached.add(id);
    this.#rollUpReached(now);
    this.#options.onChange(true);
  }

  /** Takes what the log says of a service's health, from this console's past or from another console. */
  hear(service: string, heard: Heard): void {
    const before = this.#heard.get(service);
    if (before && before.at > heard.at) return;
    this.#heard.set(service, heard);
    const state = this.#services.get(service);
    if (!state) return;
    const now = this.#options.clock.now();
    this.#evaluate(state, now);
    this.#rollUpReached(now);
  }

  /** Takes that another console reads these sources just now: what it last said of them holds. */
  confirm(console: string, sources: ReadonlySet<string>): void {
    const now = this.#options.clock.now();
    this.#sights.set(console, { at: now, sources });
    let any = false;
    for (const [id, heard] of this.#heard) {
      if (heard.from?.console !== console || !sources.has(heard.source)) continue;
      const state = this.#services.get(id);
      if (!state) continue;
      this.#evaluate(state, now);
      any ||= state.raw.source === heard.source;
    }
    if (!any) return;
    this.#rollUpReached(now);
    // How old it is has changed.
    this.#options.onChange(true);
  }

  /** Takes a person's word on a service or business service, or that it was withdrawn (null). */
  setByHand(kind: 'service' | 'business-service', id: string, word: ByHand | null): void {
    const key = `${kind}:${id}`;
    if (word) this.#byHand.set(key, word);
    else if (!this.#byHand.delete(key)) return;
    const now = this.#options.clock.now();
    const service = kind === 'service' ? this.#services.get(id) : undefined;
    if (service) this.#evaluate(service, now);
    if (kind === 'business-service' && this.#business.has(id)) this.#reached.add(id);
    this.#rollUpReached(now);
    this.#options.onChange(true);
  }

  /** Takes announced work, planned, changed or ended; null forgets it. */
  setWindow(id: string, window: Window | null): void {
    const touched = new Set<string>();
    const before = this.#windows.get(id);
    for (const service of before?.services ?? []) {
      this.#windowsOf.get(service)?.delete(before!);
      touched.add(service);
    }
    this.#windows.delete(id);
    if (window) {
      this.#windows.set(id, window);
      for (const service of window.services) {
        const windows = this.#windowsOf.get(service);
        if (windows) windows.add(window);
        else this.#windowsOf.set(service, new Set([window]));
        touched.add(service);
      }
    }
    const now = this.#options.clock.now();
    for (const each of touched) {
      const service = this.#services.get(each);
      if (service) this.#evaluate(service, now);
    }
    this.#rollUpReached(now);
    this.#options.onChange(true);
  }

  /** Words by hand that stand now. */
  words(): { kind: 'service' | 'business-service'; id: string; word: ByHand }[] {
    const now = this.#options.clock.now();
    return [...this.#byHand]
      .filter(([, word]) => stands(word, now))
      .map(([key, word]) => {
        const kind = key.startsWith('service:') ? 'service' : 'business-service';
        return { kind, id: key.slice(kind.length + 1), word };
      });
  }

  /** All announced work that was ever heard of. */
  windows(): Window[] {
    return [...this.#windows.values()];
  }

  /** Takes the answer of a successful poll: all that the source holds true now. */
  apply(source: string, observations: readonly Observation[]): void {
    const now = this.#options.clock.now();
    const before = this.#of(source);
    const after = new Map<string, Kept>();
    const touched = new Set<ServiceState>();
    for (const observation of observations) {
      if (observation.kind === 'change' || after.has(observation.key)) continue;
      const kept = this.#keep(source, observation, before.get(observation.key), now);
      if (observation.history) this.backfill(source, kept.key, observation.history);
      after.set(kept.key, kept);
      const service = this.#serviceOf(kept.subject);
      if (service) {
        service.signals.set(`${source}\n${kept.key}`, kept);
        touched.add(service);
      }
    }
    for (const [key, kept] of before) {
      const next = after.get(key);
      if (next && sameSubject(next.subject, kept.subject)) continue;
      const service = this.#serviceOf(kept.subject);
      if (service) {
        service.signals.delete(`${source}\n${key}`);
        touched.add(service);
      }
      if (!next) this.#write({ source, key, doc: null });
    }
    this.#bySource.set(source, after);
    for (const service of touched) this.#evaluate(service, now);
    this.#rollUpReached(now);
    this.#options.onChange(false);
  }

  /** Forgets a source and all that it said: it was removed or switched off. */
  drop(source: string): void {
    const signals = this.#bySource.get(source);
    if (!signals) return;
    this.#bySource.delete(source);
    const now = this.#options.clock.now();
    const touched = new Set<ServiceState>();
    for (const { key, subject } of signals.values()) {
      this.#toWrite.delete(`${source}\n${key}`);
      const service = this.#serviceOf(subject);
      if (service?.signals.delete(`${source}\n${key}`)) touched.add(service);
    }
    for (const service of touched) this.#evaluate(service, now);
    this.#rollUpReached(now);
    this.#attempt(() => this.#options.local?.drop(source));
    this.#options.onChange(true);
  }

  sources(): string[] {
    return [...this.#bySource.keys()];
  }

  /** Lets time pass: stale signals, changes that have held long enough. Call about once a second. */
  tick(): void {
    const { clock } = this.#options;
    const now = clock.now();
    const monotonic = clock.monotonic();
    const before = this.#beat;
    this.#beat = { wall: now, monotonic };
    const setBack = before ? monotonic - before.monotonic - (now - before.wall) : 0;
    if (setBack > SET_BACK_MS) this.#shift(-setBack);
    const last = Math.floor(now / BUCKET_MS);
    const due: ServiceState[] = [];
    for (const [bucket, services] of this.#buckets) {
      if (bucket > last) continue;
      this.#buckets.delete(bucket);
      for (const service of services) {
        service.bucket = null;
        due.push(service);
      }
    }
    for (const service of due) {
      if (service.dueAt !== null && service.dueAt > now) this.#schedule(service);
      else this.#evaluate(service, now);
    }
    for (const [id, { byHand }] of this.#business) if (byHand && !stands(byHand, now)) this.#reached.add(id);
    this.#rollUpReached(now);
  }

  /** Moves the past, when the wall clock was set back: what was seen a minute ago stays a minute old. */
  #shift(ms: number): void {
    for (const signals of this.#bySource.values()) {
      for (const kept of signals.values()) {
        kept.observedAt += ms;
        kept.since += ms;
      }
    }
    this.#buckets.clear();
    const now = this.#options.clock.now();
    for (const service of this.#services.values()) {
      service.bucket = null;
      this.#evaluate(service, now);
    }
  }

  /** Appends coalesced changes of health and writes a part of what is due to the disk. Call about once a second. */
  flush(): void {
    if (this.#toAppend.size > 0) {
      const changes = [...this.#toAppend.values()];
      this.#toAppend.clear();
      const now = this.#options.clock.now();
      for (const { service, ...change } of changes) this.#heard.set(service, { ...change, at: now, own: true });
      try {
        this.#options.onHealth(changes);
      } catch {
        for (const change of changes) {
          this.#heard.delete(change.service);
          if (!this.#toAppend.has(change.service)) this.#toAppend.set(change.service, change);
        }
      }
    }
    this.#writeSome(WRITES_PER_FLUSH);
  }

  /** Writes everything that is due. Call before the database is closed. */
  close(): void {
    for (const [source, signals] of this.#bySource)
      for (const kept of signals.values()) this.#write({ source, key: kept.key, doc: document(kept) });
    this.flush();
    this.#writeSome(Infinity);
  }

  // What is shown

  /** The health of a service; unknown for an id that the estate does not have. */
  serviceHealth(id: string): HealthView {
    const service = this.#services.get(id);
    if (!service) return view(NOTHING, { health: 'unknown', since: null }, null, NOTHING.reason);
    const { shown, behind, lastKnown, byHand, window, hidden } = service;
    const maintenance =
      window === null
        ? {}
        : { maintenance: { id: window.id, title: window.title, until: endOf(window), hides: hidden } };
    if (byHand) return { ...this.#saidView(byHand, shown.health), ...maintenance };
    return {
      ...view(behind, shown, shown.health === 'unknown' ? lastKnown : null, this.#reason(service)),
      ...maintenance,
    };
  }

  /** Since when a service has been known to be healthy, ms, where the log says nothing of it; else null. */
  wellSince(id: string): number | null {
    return this.#heard.has(id) ? null : (this.#services.get(id)?.wellSince ?? null);
  }

  #saidView(word: ByHand, sources: Health): HealthView {
    const { health, reason, until, by, at } = word;
    const name = this.#options.actorName(by);
    return {
      ...{ health, since: at, source: BY_HAND, observedAt: at, last: null },
      reason: `By hand, ${name}: ${reason}${sources === health ? '' : `; the sources say ${healthWord(sources)}`}`,
      byHand: { by: { id: by, name }, at, until, reason, sources },
    };
  }

  #reason({ raw, shown, behind }: ServiceState): string {
    const named =
      behind.source === null
        ? behind.reason
        : behind.reason.replace(
            `Nothing new from ${behind.source}`,
            `Nothing new from ${this.#options.titleOf(behind.source)}`,
          );
    if (raw.health === shown.health || shown.pending === null) return named;
    const now = this.#options.clock.now();
    const wait = Math.max(0, (settlesAt(shown, this.#options.policy) ?? now) - now);
    return `${named}; ${healthWord(raw.health)} for ${formatDuration(now - shown.pending.since)}, shown when it holds ${formatDuration(Math.max(1000, wait))} more`;
  }

  /** The roll-up of a business service along its hard dependencies, with what hurts it. */
  businessHealth(id: string): BusinessHealth {
    const business = this.#business.get(id);
    if (!business || !this.#rollUp)
      return { health: view(NOTHING, { health: 'unknown', since: null }, null, 'It is not in the estate'), hurtBy: [] };
    const { rolled, since, last, byHand } = business;
    if (byHand) return { health: this.#saidView(byHand, rolled.health), hurtBy: this.#rollUp.hurtBy(id) };
    return {
      health: {
        health: rolled.health,
        since,
        source: 'roll-up',
        observedAt: this.#confirmed(id, rolled),
        reason: this.#because(rolled),
        last: rolled.health === 'unknown' ? last : null,
      },
      hurtBy: this.#rollUp.hurtBy(id),
    };
  }

  /** When the services that decide were last heard of: the oldest of them. */
  #confirmed(id: string, rolled: RolledUp): number | null {
    const deciding = rolled.because.length > 0 ? rolled.because : [...this.#rollUp!.hardPath(id)];
    let oldest: number | null = null;
    for (const each of deciding) {
      const at = this.#services.get(each)?.behind.observedAt ?? null;
      if (at !== null && (oldest === null || at < oldest)) oldest = at;
    }
    return oldest;
  }

  #because({ health, because, soft, path, unknown, unwatched }: RolledUp): string {
    if (path === 0) return 'None of the services that it names is in the estate';
    const [first] = because;
    const aside: string[] = [];
    if (health !== 'unknown' && unknown > 0) aside.push(`${unknown} of ${path} unknown`);
    if (unwatched > 0) aside.push(`${unwatched} of ${path} not watched by anything`);
    const suffix = aside.length > 0 ? `; ${aside.join(', ')}` : '';
    if (first === undefined) return `All ${path - unwatched} watched services on its hard path are healthy${suffix}`;
    const more = because.length > 1 ? ` and ${because.length - 1} more` : '';
    if (health === 'unknown' && unwatched === path)
      return `Nothing watches the ${path === 1 ? 'service' : `${path} services`} on its hard path`;
    return `${this.#line(first)}${more}${soft ? ', a soft dependency' : ''}${suffix}`;
  }

  /** "Payments API failing (Prometheus, 40 s ago)". */
  #line(id: string): string {
    const { behind, shown, byHand } = this.#services.get(id)!;
    const name = this.#estate!.nameOf(id);
    if (byHand) return `${name} ${healthWord(byHand.health)} (by hand, ${this.#options.actorName(byHand.by)})`;
    if (behind.source === null || behind.observedAt === null)
      return `${name} ${healthWord(shown.health)} (nothing reports on it)`;
    const age = formatDuration(Math.max(0, this.#options.clock.now() - behind.observedAt));
    const ago = shown.health === 'unknown' ? `last heard ${age} ago` : `${age} ago`;
    return `${name} ${healthWord(shown.health)} (${this.#options.titleOf(behind.source)}, ${ago})`;
  }

  /** Signals of a service: what counts first, worst first. */
  signals(service: string): SignalView[] {
    return this.#views(this.#services.get(service)?.signals.values() ?? []);
  }

  /** Signals about a business service itself: its throughput. */
  businessSignals(business: string): SignalView[] {
    const found: Kept[] = [];
    for (const signals of this.#bySource.values()) {
      for (const kept of signals.values())
        if (kept.subject && 'businessService' in kept.subject && kept.subject.businessService === business)
          found.push(kept);
    }
    return this.#views(found);
  }

  /** Business throughput as sources measure it, per second; what is stale or has no answer too, fresh ones first. */
  throughput(business: string): Throughput[] {
    const now = this.#options.clock.now();
    const found: Throughput[] = [];
    for (const [source, signals] of this.#bySource) {
      for (const kept of signals.values()) {
        const { subject, measures } = kept;
        if (!subject || !measures || !('businessService' in subject) || subject.businessService !== business) continue;
        const { key, value, observedAt, title, validForMs } = kept;
        const fresh = value !== null && observedAt + validForMs > now;
        found.push({ source, key, title, measures, value, observedAt, fresh });
      }
    }
    return found.sort(
      (a, b) => Number(b.fresh) - Number(a.fresh) || byText(a.key, b.key) || byText(a.source, b.source),
    );
  }

  /** Services on the hard path of a business service. */
  hardPath(business: string): ReadonlySet<string> {
    return this.#rollUp?.hardPath(business) ?? new Set();
  }

  /** Signals that belong to nothing in the estate. */
  unmatched(): SignalView[] {
    const found: Kept[] = [];
    for (const signals of this.#bySource.values()) {
      for (const kept of signals.values()) {
        if (kept.subject === null || ('service' in kept.subject && !this.#services.has(kept.subject.service)))
          found.push(kept);
      }
    }
    return this.#views(found);
  }

  /** Signals that say of something that it is not well: neither silenced nor stale, also those that belong to nothing in the estate. */
  firing(): { signal: SignalView; subject: Subject }[] {
    const now = this.#options.clock.now();
    const found: { signal: SignalView; subject: Subject }[] = [];
    for (const signals of this.#bySource.values()) {
      for (const kept of signals.values()) {
        if (kept.tier !== null && !kept.muted && isFresh(kept, now))
          found.push({ signal: signalView(kept, now), subject: kept.subject });
      }
    }
    return found;
  }

  /** How many signals of a source are held. */
  count(source: string): number {
    return this.#bySource.get(source)?.size ?? 0;
  }

  /** When anything that a source said was last confirmed, ms. */
  lastObservedAt(source: string): number | null {
    let newest: number | null = null;
    for (const { observedAt } of this.#bySource.get(source)?.values() ?? [])
      if (newest === null || observedAt > newest) newest = observedAt;
    return newest;
  }

  /** Samples of a signal since `since` (ms), one a minute, oldest first. */
  samples(source: string, key: string, since: number): Sample[] {
    const stored = this.#options.local?.samples(source, key, since) ?? [];
    const waiting = this.#toWrite.get(`${source}\n${key}`)?.sample;
    if (!waiting || waiting.at < since) return stored;
    const { at, value } = waiting;
    return [
      ...stored.filter((sample) => Math.floor(sample.at / SAMPLE_STEP_MS) < Math.floor(at / SAMPLE_STEP_MS)),
      { at, value },
    ];
  }

  /** How many services show each health; those whose state announced work hides count by what they would show. */
  counts(): Record<Health, number> {
    const counts = Object.fromEntries(Health.options.map((health) => [health, 0])) as Record<Health, number>;
    for (const service of this.#services.values()) counts[healthOf(service)]++;
    return counts;
  }

  /** Takes what a signal of business throughput was while nobody read it; what lies further back than the ring is left out. */
  backfill(source: string, key: string, history: readonly Sample[]): void {
    const now = this.#options.clock.now();
    const slots = RING_SLOTS.throughput;
    const reach = now - (slots - 1) * SAMPLE_STEP_MS;
    const writes = history
      .filter(({ at, value }) => at > reach && at <= now && Number.isFinite(value))
      .map(({ at, value }): LocalWrite => ({ source, key, sample: { at, value, slots } }));
    if (writes.length > 0) this.#attempt(() => this.#options.local?.write(writes));
  }

  /** When a signal last had a value, ms; null when it never did. */
  lastSampleAt(source: string, key: string): number | null {
    const now = this.#options.clock.now();
    return this.samples(source, key, now - RING_SLOTS.throughput * SAMPLE_STEP_MS).at(-1)?.at ?? null;
  }

  #views(signals: Iterable<Kept>): SignalView[] {
    const now = this.#options.clock.now();
    const order = (health: Health | null) =>
      health === null ? 9 : ['failing', 'degraded', 'unknown', 'early-warning', 'healthy'].indexOf(health);
    return [...signals]
      .sort(
        (a, b) =>
          Number(a.muted) - Number(b.muted) ||
          order(a.health) - order(b.health) ||
          byText(a.title, b.title) ||
          byText(a.key, b.key),
      )
      .map((kept) => signalView(kept, now));
  }

  // How it comes about

  #of(source: string): Map<string, Kept> {
    let signals = this.#bySource.get(source);
    if (!signals) this.#bySource.set(source, (signals = new Map()));
    return signals;
  }

  #serviceOf(subject: Subject): ServiceState | undefined {
    return subject && 'service' in subject ? this.#services.get(subject.service) : undefined;
  }

  #keep(source: string, seen: Observation, before: Kept | undefined, now: number): Kept {
    const { key, subject, kind, title, text, unit, tier, health } = seen;
    const value = seen.value !== null && Number.isFinite(seen.value) ? seen.value : null;
    const same = before !== undefined && before.health === health;
    const last =
      health !== 'unknown' ? null : !before ? null : before.health === 'unknown' ? before.last : before.health;
    const kept: Kept = {
      source,
      key,
      subject,
      kind: kind as SignalView['kind'],
      title,
      text,
      value,
      unit,
      tier,
      health,
      last,
      measures: seen.measures ?? null,
      since: Math.min(now, seen.since ?? (same ? before.since : now)),
      observedAt: Math.min(now, seen.observedAt),
      validForMs: seen.validForMs,
      weak: seen.weak === true,
      muted: seen.muted !== undefined,
      mutedBy: seen.muted ?? null,
      storedAt: before?.storedAt ?? 0,
    };
    const changed =
      !same ||
      before.mutedBy !== kept.mutedBy ||
      before.title !== title ||
      before.tier !== tier ||
      !sameSubject(before.subject, subject);
    if (changed || now - kept.storedAt >= REWRITE_MS) {
      kept.storedAt = now;
      this.#write({ source, key, doc: document(kept) });
    }
    if (value !== null && kind === 'metric') {
      const slots = subject && 'businessService' in subject ? RING_SLOTS.throughput : RING_SLOTS.metric;
      this.#write({ source, key, sample: { at: kept.observedAt, value, slots } });
    }
    return kept;
  }

  #evaluate(service: ServiceState, now: number): void {
    const before = service.shown;
    const seen = healthOf(service);
    const { byHand, window, hidden } = service;
    service.raw = this.#withHearsay(service.id, judge([...service.signals.values()], now), now);
    const fresh = service.behind === NOTHING ? null : before;
    service.shown = settle(fresh, service.raw, now, this.#options.policy);
    if (service.raw.health === service.shown.health) service.behind = service.raw;
    if (service.shown.health !== 'unknown') service.lastKnown = service.shown.health;
    else service.lastKnown ??= service.raw.last ?? this.#heard.get(service.id)?.health ?? null;
    this.#layOver(service, now);
    service.dueAt = soonest(
      soonest(service.raw.validUntil, settlesAt(service.shown, this.#options.policy)),
      this.#turnsAt(service, now),
    );
    this.#schedule(service);
    this.#consider(service);
    for (const id of this.#rollUp?.set(service.id, this.#reported(service)) ?? []) this.#reached.add(id);
    if (
      seen !== healthOf(service) ||
      byHand !== service.byHand ||
      window !== service.window ||
      hidden !== service.hidden
    )
      this.#options.onChange(true);
  }

  /** Puts over what is settled what people said of the service. */
  #layOver(service: ServiceState, now: number): void {
    const word = this.#byHand.get(`service:${service.id}`);
    service.byHand = word && stands(word, now) ? word : null;
    let window: Window | null = null;
    for (const one of this.#windowsOf.get(service.id) ?? [])
      if (isOpen(one, now) && (window === null || endOf(one) > endOf(window))) window = one;
    service.window = window;
    service.hidden =
      window !== null &&
      healthOf(service) !== 'healthy' &&
      hides({
        byHand: service.byHand !== null,
        customerImpacting: [...service.signals.values()].some(
          (one) => one.tier === 'customer-impacting' && !one.muted && one.health !== 'healthy' && isFresh(one, now),
        ),
        onHardPath: this.#rollUp?.onHardPath(service.id) ?? false,
      });
  }

  /** When what people said of a service begins or ends next, ms. */
  #turnsAt({ id, byHand }: ServiceState, now: number): number | null {
    let next = byHand?.until ?? null;
    for (const window of this.#windowsOf.get(id) ?? []) next = soonest(next, turnsAt(window, now));
    return next;
  }

  /** Another console's word stands in while our own sources say nothing. */
  #withHearsay(service: string, own: Judgement, now: number): Judgement {
    const heard = this.#heard.get(service);
    if (!heard || heard.own || own.health !== 'unknown' || !own.silent) return own;
    const { health, since, source, reason, at, from } = heard;
    const last = this.#sights.get(from?.console ?? '');
    const confirmed = last?.sources.has(source) ? last.at : 0;
    const observedAt = Math.max(at, confirmed);
    if (observedAt <= (own.observedAt ?? 0)) return own;
    const until = Math.max(at + HEARD_VALID_MS, confirmed + CONFIRMED_VALID_MS);
    if (now <= until)
      return { health, since, source, observedAt, reason, last: null, silent: false, validUntil: until + 1 };
    return {
      health: 'unknown',
      since: until,
      source,
      observedAt,
      reason: `Nothing new from ${source}${from ? ` by console ${from.name}` : ''}; it last was ${healthWord(health)}`,
      last: health,
      silent: true,
      validUntil: null,
    };
  }

  #schedule(service: ServiceState): void {
    if (service.dueAt === null) return;
    const bucket = Math.ceil(service.dueAt / BUCKET_MS);
    if (service.bucket !== null) {
      // Looking early is cheap, and it is then moved to where it belongs.
      if (service.bucket <= bucket) return;
      this.#buckets.get(service.bucket)?.delete(service);
    }
    service.bucket = bucket;
    const services = this.#buckets.get(bucket);
    if (services) services.add(service);
    else this.#buckets.set(bucket, new Set([service]));
  }

  /** Queues what is shown for the log when the log says something else. */
  #consider(service: ServiceState): void {
    const { id, shown, behind } = service;
    const heard = this.#heard.get(id);
    const silent = shown.health === 'unknown' && behind.silent;
    const unsaid = heard === undefined && (shown.health === 'healthy' || shown.health === 'unknown');
    if (silent || behind.source === null) return;
    if (unsaid && shown.health === 'healthy') service.wellSince ??= shown.since ?? behind.observedAt;
    if (unsaid || heard?.health === shown.health) {
      this.#toAppend.delete(id);
      return;
    }
    this.#toAppend.set(id, {
      service: id,
      health: shown.health,
      since: shown.since ?? behind.observedAt!,
      source: behind.source,
      reason: behind.reason.slice(0, 2000),
      ...(heard === undefined && service.wellSince !== null ? { wellSince: service.wellSince } : {}),
    });
  }

  #reported({ id, signals, shown, byHand }: ServiceState): Reported {
    if (byHand) return byHand.health;
    if (shown.health === 'unknown' && signals.size === 0 && !this.#heard.has(id) && !this.#estate!.watched(id))
      return 'unwatched';
    return shown.health;
  }

  #rollUpReached(now: number): void {
    if (!this.#rollUp) return;
    for (const id of this.#reached) this.#rollUpOf(id, now);
    this.#reached.clear();
  }

  #rollUpOf(id: string, now: number): void {
    const rolled = this.#rollUp!.of(id)!;
    const before = this.#business.get(id);
    const word = this.#byHand.get(`business-service:${id}`);
    const byHand = word && stands(word, now) ? word : null;
    if (before && before.rolled.health === rolled.health) {
      before.rolled = rolled;
      if (before.byHand !== byHand) this.#options.onChange(true);
      before.byHand = byHand;
      return;
    }
    const began = rolled.because
      .map((each) => {
        const service = this.#services.get(each);
        return service?.byHand?.at ?? service?.shown.since ?? null;
      })
      .filter((at): at is number => at !== null);
    const since = began.length > 0 ? Math.min(...began) : before ? now : this.#healthySince(id);
    const last = before ? (before.rolled.health === 'unknown' ? before.last : before.rolled.health) : null;
    this.#business.set(id, { rolled, since, last, byHand });
    if (before) this.#options.onChange(true);
  }

  #healthySince(id: string): number | null {
    let newest: number | null = null;
    for (const each of this.#rollUp!.hardPath(id)) {
      const since = this.#services.get(each)?.shown.since ?? null;
      if (since !== null && (newest === null || since > newest)) newest = since;
    }
    return newest;
  }

  #forget(service: ServiceState): void {
    this.#services.delete(service.id);
    this.#toAppend.delete(service.id);
    if (service.bucket !== null) this.#buckets.get(service.bucket)?.delete(service);
  }

  #write(write: LocalWrite): void {
    if (!this.#options.local) return;
    const name = `${write.source}\n${write.key}`;
    const waiting = this.#toWrite.get(name);
    this.#toWrite.set(name, write.doc === null ? write : { ...waiting, ...write });
  }

  #writeSome(most: number): void {
    if (this.#toWrite.size === 0) return;
    const writes: LocalWrite[] = [];
    const names: string[] = [];
    for (const [name, write] of this.#toWrite) {
      if (writes.length >= most) break;
      writes.push(write);
      names.push(name);
    }
    if (this.#attempt(() => this.#options.local?.write(writes))) for (const name of names) this.#toWrite.delete(name);
  }

  /** A disk that does not take the cache must stop nothing; it is tried again at the next flush. */
  #attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch {
      return false;
    }
  }
}

function emptyService(id: string): ServiceState {
  return {
    id,
    signals: new Map(),
    raw: NOTHING,
    shown: { health: 'unknown', since: null, pending: null, relapses: 0, improvedAt: null },
    behind: NOTHING,
    wellSince: null,
    lastKnown: null,
    dueAt: null,
    bucket: null,
    byHand: null,
    window: null,
    hidden: false,
  };
}

/** What is shown of a service: a person's word, else what is settled. */
function healthOf({ byHand, shown }: Pick<ServiceState, 'byHand' | 'shown'>): Health {
  return byHand?.health ?? shown.health;
}

function view(
  behind: Judgement,
  { health, since }: Pick<Settled, 'health' | 'since'>,
  last: Health | null,
  reason: string,
): HealthView {
  return { health, since, source: behind.source, observedAt: behind.observedAt, reason, last };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function soonest(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}
