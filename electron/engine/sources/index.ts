/**
 * Sources and what they say, as the rest of the engine sees them. Invariant: which sources there are follows from the
 * estate alone (entities of kind `source`); a source whose configuration makes no sense is shown as down with the reason
 * and disturbs nobody. What sources report reaches the log as ops of `system`: changes once each, health coalesced.
 */
import { createHash } from 'node:crypto';
import type { SourceType, SourceView, TestReport } from '../../../shared/contract/sources.ts';
import { Refusal, type ChangeKey } from '../../../shared/contract/spec.ts';
import type { EstateEntity, SourceFields } from '../../../shared/domain/estate.ts';
import { readByHand, readWindow } from '../../../shared/domain/by-hand.ts';
import type { Hysteresis } from '../../../shared/domain/health.ts';
import { storeNumber } from '../../../shared/domain/stores.ts';
import { Health } from '../../../shared/domain/words.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import { ESTATE, type OpDraft } from '../../../shared/ops/op.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { EstateView } from '../estate/view.ts';
import { Periodic } from '../periodic.ts';
import type { Store } from '../store/store.ts';
import { SignalBoard, type HealthChange, type Heard } from './board.ts';
import { systemClock, type Clock } from './clock.ts';
import { audienceOf, FileCredentials, type CredentialStore, type Sealer } from './credentials.ts';
import { createHttp } from './http.ts';
import { LearnedEdges } from './learned-edges.ts';
import { heldSince } from '../governance/holds.ts';
import { LocalSignals } from './local-tables.ts';
import { StoreReadings } from './store-readings.ts';
import { noAnswer, patience, Scheduler, sentence, type TaskView } from './scheduler.ts';
import type { Http, Mapping, Observation, Polled, Source, SourceModule, Timing } from './source.ts';

export interface SourcesOptions {
  store: Store;
  estate: EstateView;
  modules: readonly SourceModule[];
  /** Folder for what is kept beside the database: credentials. */
  directory: string;
  /** Wall clock, ms since 1970 UTC. */
  now: () => number;
  /** IANA zone of this machine, kept with the ops. */
  zone: string;
  /** Encrypts credentials; without one they are protected by the file's permissions only, with a warning. */
  sealer?: Sealer;
  /** What else opens credentials that were entered before. */
  sealers?: readonly Sealer[];
  credentials?: CredentialStore;
  clock?: Clock;
  random?: () => number;
  http?: Http;
  /** Longest wait between two tries of a source that fails, ms. */
  maxBackoffMs?: number;
  /** How long a change of health must hold before it is shown. */
  hysteresis?: Hysteresis;
}

export interface TestInput {
  source?: string | undefined;
  type?: string | undefined;
  config?: Record<string, unknown> | undefined;
  credential?: string | undefined;
}

const HEARTBEAT_MS = 1_000;
/** That signals were confirmed without any health changing is told no more often than this, ms. */
const QUIET_MS = 5_000;
/** Changes that were seen lately, so that each is looked up in the log once. */
const REMEMBERED_CHANGES = 10_000;

interface Configured {
  entity: EstateEntity<'source'>;
  /** Differs when the source has to be made anew. */
  fingerprint: string;
  /** Why it can't be read, or null. */
  problem: string | null;
  timing: Timing | null;
}

export class Sources {
  readonly #options: SourcesOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #http: Http;
  readonly #modules: ReadonlyMap<string, SourceModule>;
  readonly #scheduler: Scheduler;
  readonly #board: SignalBoard;
  readonly #stores: StoreReadings;
  readonly #edges: LearnedEdges;
  readonly #configured = new Map<string, Configured>();
  /** Grows when a credential is entered, so that its source is made anew. */
  readonly #credentialVersion = new Map<string, number>();
  readonly #recorded = new Set<string>();
  /** State and failures of each source as they were told of last. */
  readonly #told = new Map<string, string>();
  readonly credentials: CredentialStore;
  #mapping: Mapping = { revision: 0, services: [], businessServices: [] };
  #revision = -1;
  #listener: (keys: ChangeKey[]) => void = () => {};
  readonly #changed = new Set<ChangeKey>();
  #confirmed = false;
  #toldAt = 0;
  readonly #heartbeat: Periodic;
  /** While our own words on health go into the log: the board said them and need not hear them. */
  #saying = false;
  #restored = false;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock(options.now);
    this.#random = options.random ?? Math.random;
    this.#http = options.http ?? createHttp();
    this.#modules = new Map(options.modules.map((module) => [module.type, module]));
    this.credentials = options.credentials ?? new FileCredentials(options.directory, options.sealer, options.sealers);
    this.#scheduler = new Scheduler({
      clock: this.#clock,
      random: this.#random,
      onPolled: (id, polled) => this.#polled(id, polled),
      onView: (id) => this.#viewed(id),
      ...(options.maxBackoffMs === undefined ? {} : { maxBackoffMs: options.maxBackoffMs }),
    });
    this.#heartbeat = new Periodic(this.#clock, {
      everyMs: HEARTBEAT_MS,
      failed: 'the signals were not looked through',
      work: () => this.#beat(),
    });
    this.#stores = new StoreReadings(options.store.writable ? options.store.db : null);
    this.#edges = new LearnedEdges(options.store.writable ? options.store.db : null);
    this.#board = new SignalBoard({
      clock: this.#clock,
      titleOf: (source) => this.title(source),
      local: options.store.writable ? new LocalSignals(options.store.db, () => heldSince(options.store)) : null,
      actorName: (actor) => options.estate.actorName(actor),
      onHealth: (changes) => this.#append(changes),
      onChange: (atOnce) => {
        if (atOnce) this.#tell('health');
        else this.#confirmed = true;
      },
      ...(options.hysteresis === undefined ? {} : { policy: options.hysteresis }),
    });
  }

  get #running(): boolean {
    return this.#heartbeat.running;
  }

  /** Begins to read the sources; they are read until `stop`. */
  start(): void {
    if (this.#running) return;
    this.#heartbeat.start();
    this.#revision = -1;
    this.refresh();
  }

  /** Stops reading and keeps what is known for the next start. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#heartbeat.stop();
    this.#scheduler.stop();
    this.#board.close();
    this.#stores.close(this.#clock.now());
    this.#edges.close(this.#clock.now());
  }

  /** What the signals come to, as of now. */
  get board(): SignalBoard {
    this.refresh();
    if (!this.#running) this.#board.tick();
    return this.#board;
  }

  /** Which services were seen calling which. */
  get edges(): LearnedEdges {
    this.refresh();
    return this.#edges;
  }

  /** What was measured at the stores. */
  get stores(): StoreReadings {
    this.refresh();
    return this.#stores;
  }

  /** Calls `listener` with what should be read again, at most about once a second. */
  onChange(listener: (keys: ChangeKey[]) => void): void {
    this.#listener = listener;
  }

  /** Takes over the estate when it changed. Cheap when it did not. */
  refresh(): void {
    const { estate } = this.#options;
    if (this.#revision === estate.revision) return;
    this.#restore();
    this.#revision = estate.revision;
    const services = [...estate.all('service').values()];
    const businessServices = [...estate.all('business-service').values()];
    const calendar = [...estate.all('calendar').values()].flatMap((one) => one.calendar);
    this.#mapping = {
      revision: this.#mapping.revision + 1,
      services: services.map(({ id, name, title, metrics, alertMatch, vendorStatus }) => ({
        id,
        name: title || name,
        metrics,
        alertMatch,
        vendorStatus,
      })),
      businessServices: businessServices.map(({ id, name, title, throughput, baseline, calendar: own }) => ({
        id,
        name: title || name,
        throughput,
        baseline,
        calendar: [...calendar, ...own.map((one) => ({ ...one, businessServices: [] }))],
      })),
      stores: [...estate.all('store').values()].map(({ id, name, title, region, share }) => ({
        id,
        name: title || name,
        number: storeNumber(id, name),
        region,
        share,
      })),
    };
    this.#board.setEstate({
      services: services.map(({ id }) => id),
      dependencies: estate.all('dependency').values(),
      businessServices,
      watched: (id) => {
        const service = estate.get('service', id);
        return (
          service !== undefined &&
          (service.metrics.length > 0 || service.alertMatch.length > 0 || service.vendorStatus !== null)
        );
      },
      nameOf: (id) => estate.name('service', id),
    });
    this.#configure();
  }

  #restore(): void {
    if (this.#restored) return;
    this.#restored = true;
    this.#board.restore();
    this.#stores.restore();
    this.#edges.restore();
    for (const { id } of this.#options.store.entities('health', ESTATE)) this.#hear(id);
    this.#readWords();
  }

  /** Takes what a commit says by hand of health, and of announced work; null means that everything may be another. */
  said(touched: readonly EntityRef[] | null): void {
    if (!this.#restored) return;
    if (touched === null) {
      for (const { id } of this.#options.store.entities('health', ESTATE)) this.#hear(id);
      for (const { kind, id } of this.#board.words()) this.#board.setByHand(kind, id, null);
      for (const { id } of this.#board.windows()) this.#board.setWindow(id, null);
      this.#readWords();
      return;
    }
    for (const { kind, scope, id } of touched) {
      if (scope !== ESTATE) continue;
      if (kind === 'manual') this.#readWord(id);
      else if (kind === 'maintenance') this.#readWindow(id);
      else if (kind === 'health' && !this.#saying) this.#hear(id);
    }
  }

  #readWords(): void {
    const { store } = this.#options;
    for (const { id } of store.entities('manual', ESTATE)) this.#readWord(id);
    for (const { id } of store.entities('maintenance', ESTATE)) this.#readWindow(id);
  }

  #readWord(id: string): void {
    const kind = id.startsWith('business-service:') ? 'business-service' : 'service';
    const word = readByHand(this.#options.store.entity('manual', ESTATE, id)?.doc['state']);
    this.#board.setByHand(kind, id.slice(kind.length + 1), word);
  }

  #readWindow(id: string): void {
    const doc = this.#options.store.entity('maintenance', ESTATE, id)?.doc;
    this.#board.setWindow(id, doc ? readWindow(id, doc) : null);
  }

  /** What the log says of a service's health: our own word, or that of a console that can read what we cannot. */
  #hear(id: string): void {
    const heard = heardFrom(this.#options.store, id);
    if (heard) this.#board.hear(id, heard);
  }

  /** The sources that are read here and answer, late or not: what they say is believed here too. */
  read(): string[] {
    if (!this.#running) return [];
    this.refresh();
    return [...this.#options.estate.all('source')].flatMap(([id, entity]) =>
      ['live', 'late'].includes(this.#state(id, entity).state) ? [id] : [],
    );
  }

  /** Another console reads these sources: what it last said of them holds. */
  confirmed(console: string, sources: ReadonlySet<string>): void {
    if (this.#restored) this.#board.confirm(console, sources);
  }

  #configure(): void {
    const sources = this.#options.estate.all('source');
    for (const id of [...this.#configured.keys(), ...this.#board.sources()]) {
      if (sources.has(id)) continue;
      this.#configured.delete(id);
      this.#scheduler.remove(id);
      this.#board.drop(id);
      this.#stores.drop(id);
      this.#edges.drop(id);
      this.#tell('sources', 'status');
    }
    for (const [id, entity] of sources) {
      const fingerprint = JSON.stringify([
        entity.type,
        entity.config,
        entity.enabled,
        this.#credentialVersion.get(id) ?? 0,
      ]);
      const before = this.#configured.get(id);
      if (before?.fingerprint === fingerprint && this.#scheduler.has(id) === this.#wantsReading(before)) {
        before.entity = entity;
        continue;
      }
      this.#set(id, entity, fingerprint, before);
    }
  }

  #wantsReading({ entity, problem }: Configured): boolean {
    return this.#running && entity.enabled && problem === null;
  }

  #set(id: string, entity: EstateEntity<'source'>, fingerprint: string, before: Configured | undefined): void {
    const { module, config, problem } = this.#interpret(entity);
    const timing = module && problem === null ? module.timing(config) : null;
    const configured: Configured = { entity, fingerprint, problem, timing };
    this.#configured.set(id, configured);
    // What another address or another kind of source said is not this one's word.
    const moved =
      before !== undefined &&
      JSON.stringify([before.entity.type, before.entity.config]) !== JSON.stringify([entity.type, entity.config]);
    if (!entity.enabled || moved) {
      this.#board.drop(id);
      this.#stores.drop(id);
      this.#edges.drop(id);
    }
    if (this.#wantsReading(configured) && module && timing) {
      const create = () => this.#create(id, module, config);
      this.#scheduler.set(id, { timing, create, lastSuccessAt: moved ? null : this.#board.lastObservedAt(id) });
    } else this.#scheduler.remove(id);
    this.#tell('sources', 'status');
  }

  #interpret({ type, config }: Pick<SourceFields, 'type' | 'config'>): {
    module: SourceModule | null;
    config: unknown;
    problem: string | null;
  } {
    const module = this.#modules.get(type) ?? null;
    if (!module) return { module, config, problem: `This Holdfast has no source of the kind "${type.slice(0, 60)}".` };
    const parsed = module.config.safeParse(withoutBlanks(config));
    if (parsed.success) return { module, config: parsed.data, problem: null };
    const issue = parsed.error.issues[0]!;
    const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    return { module, config, problem: sentence(`${where}${issue.message}`) };
  }

  async #create(id: string, module: SourceModule, config: unknown, credential?: string | null): Promise<Source> {
    return module.create(config, {
      id,
      mapping: () => this.#mapping,
      credential: credential === undefined ? await this.credentials.get(id, audienceOf(config)) : credential,
      lastSampleAt: (key) => this.#board.lastSampleAt(id, key),
      now: this.#clock.now,
      random: this.#random,
      http: this.#http,
    });
  }

  // What handlers use

  types(): SourceType[] {
    return [...this.#modules.values()].map(({ type, title, fields }) => ({ type, title, fields }));
  }

  title(source: string): string {
    return this.#options.estate.name('source', source);
  }

  list(): SourceView[] {
    this.refresh();
    return [...this.#options.estate.all('source').values()].map((entity) => this.view(entity));
  }

  /** How a source is shown; also one that is not in the estate yet. */
  view(entity: Pick<EstateEntity<'source'>, 'id' | 'name' | 'title' | 'type' | 'config' | 'enabled'>): SourceView {
    const { id, name, title, type, config, enabled } = entity;
    return {
      id,
      title: title || name || id,
      type,
      config,
      enabled,
      ...this.#state(id, entity),
      signals: enabled ? this.#board.count(id) : 0,
      credential: this.credentials.has(id),
    };
  }

  #state(id: string, entity: Pick<SourceFields, 'type' | 'config' | 'enabled'>): TaskView {
    const none = { lastSuccessAt: null, lastTryAt: null, nextTryAt: null, failures: 0 };
    if (!entity.enabled) return { ...none, state: 'off', message: 'Switched off.' };
    const { problem, module, config } = this.#interpret(entity);
    if (problem !== null || !module) return { ...none, state: 'down', message: problem! };
    const running = this.#scheduler.view(id);
    if (running) return running;
    const lastSuccessAt = this.#board.lastObservedAt(id);
    if (lastSuccessAt === null) return { ...none, state: 'never', message: 'Not read yet.' };
    const { lateMs, downMs } = patience(module.timing(config));
    const silence = this.#clock.now() - lastSuccessAt;
    return {
      ...none,
      lastSuccessAt,
      state: silence > downMs ? 'down' : silence > lateMs ? 'late' : 'live',
      message: 'Not being read now; this is what was last known.',
    };
  }

  /**
   * The configuration of a source as it is kept in the estate: fields left blank are left out.
   * @throws Refusal `bad_input` naming the field, or the kinds that there are.
   */
  checked(type: string, config: Record<string, unknown>): Record<string, unknown> {
    if (!this.#modules.has(type)) {
      throw new Refusal(
        'bad_input',
        `There is no source of the kind "${type.slice(0, 60)}"; there are ${[...this.#modules.keys()].join(', ')}.`,
      );
    }
    const { problem } = this.#interpret({ type, config });
    if (problem !== null) throw new Refusal('bad_input', `config.${problem}`);
    return withoutBlanks(config);
  }

  /** Keeps a credential for a source with this configuration, or forgets it (null), and reads the source anew. */
  async keepCredential(source: string, credential: string | null, config: Record<string, unknown>): Promise<void> {
    await this.credentials.set(source, credential, audienceOf(this.#interpretedConfig(config)));
    this.#credentialVersion.set(source, (this.#credentialVersion.get(source) ?? 0) + 1);
    this.#revision = -1;
  }

  #interpretedConfig(config: Record<string, unknown>): Record<string, unknown> {
    const { url } = config;
    return typeof url === 'string' ? { ...config, url: url.trim() } : config;
  }

  /**
   * Tries a connection: a configured source, or one that is being filled in. A kept credential is used only for the address
   * that it was entered for.
   * @throws Refusal when it is not said what to test.
   */
  async test({ source, type, config, credential }: TestInput): Promise<TestReport> {
    this.refresh();
    const entity = source === undefined ? undefined : this.#options.estate.get('source', source);
    if (source !== undefined && !entity)
      throw new Refusal('not_found', `There is no source "${source.slice(0, 100)}".`);
    const kind = type ?? entity?.type;
    if (kind === undefined) throw new Refusal('bad_input', 'Say which source to test, or a type and a configuration.');
    const { module, config: parsed, problem } = this.#interpret({ type: kind, config: config ?? entity?.config ?? {} });
    if (problem !== null || !module) return { ok: false, message: problem!, ms: 0, seen: [] };
    const started = performance.now();
    let tested: Source | null = null;
    const controller = new AbortController();
    const { timeoutMs } = module.timing(parsed);
    const timedOut = new Promise<never>((_, reject) =>
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error)),
    );
    const cancel = this.#clock.after(timeoutMs, () => controller.abort(noAnswer(timeoutMs)));
    try {
      const given = credential ?? (source === undefined ? null : undefined);
      tested = await this.#create(source ?? 'test', module, parsed, given);
      const report = await Promise.race([tested.test(controller.signal), timedOut]);
      if (report.ok && source !== undefined && config === undefined) this.#scheduler.pollNow(source);
      return report;
    } catch (error) {
      return { ok: false, message: sentence(error), ms: Math.round(performance.now() - started), seen: [] };
    } finally {
      cancel();
      tested?.close();
    }
  }

  /** Sentences about how sources are kept on this machine. */
  warnings(): string[] {
    const warning = this.credentials.warning();
    return warning === null ? [] : [warning];
  }

  // What happens by itself

  #beat(): void {
    this.#scheduler.heartbeat();
    this.refresh();
    this.#board.tick();
    if (this.#stores.aged(this.#clock.now())) this.#tell('stores');
    this.#board.flush();
    this.#tellNow();
  }

  #tell(...keys: ChangeKey[]): void {
    for (const key of keys) this.#changed.add(key);
  }

  /** A new state or another failure is told at once, that it was read again as usual with the next quiet word. */
  #viewed(id: string): void {
    const view = this.#scheduler.view(id);
    const told = view ? `${view.state} ${view.failures} ${view.failures > 0 ? view.message : ''}` : '';
    if (this.#told.get(id) === told) {
      this.#confirmed = true;
      return;
    }
    this.#told.set(id, told);
    this.#tell('sources', 'status');
  }

  #tellNow(): void {
    const now = this.#clock.monotonic();
    if (this.#confirmed && now - this.#toldAt >= QUIET_MS) this.#tell('health', 'sources');
    if (this.#changed.size === 0) return;
    if (this.#changed.has('health')) {
      this.#confirmed = false;
      this.#toldAt = now;
    }
    const keys = [...this.#changed];
    this.#changed.clear();
    this.#listener(keys);
  }

  #polled(id: string, { observations, stores, edges, edgesCut }: Polled): void {
    this.#board.apply(id, observations);
    if (stores && stores.length > 0) {
      this.#stores.apply(id, stores, this.#clock.now());
      this.#tell('stores');
    }
    if (edges) {
      this.#edges.apply(id, edges, this.#clock.now(), edgesCut);
      this.#tell('drift');
    }
    const changes = observations.filter((one) => one.change !== undefined);
    if (changes.length > 0) this.#record(id, changes);
  }

  /** Appends the changes that the log does not have yet. */
  #record(source: string, observations: readonly Observation[]): void {
    const { store } = this.#options;
    const now = this.#clock.now();
    const drafts: { id: string; draft: OpDraft }[] = [];
    for (const { key, title, change } of observations) {
      const id = changeId(source, key);
      if (this.#recorded.has(id)) continue;
      const { services, kind, by, url, at } = change!;
      const payload = {
        change: id,
        services,
        kind,
        title,
        source,
        ...(by === undefined ? {} : { by }),
        ...(url === undefined ? {} : { url }),
      };
      if (store.entity('change', ESTATE, id)) this.#remember(id);
      else drafts.push({ id, draft: { scope: ESTATE, type: 'change.record', payload, eventTime: Math.min(now, at) } });
    }
    if (drafts.length === 0 || !store.writable) return;
    try {
      this.#commit(drafts.map(({ draft }) => draft));
      for (const { id } of drafts) this.#remember(id);
    } catch {
      // One that the log refuses must not keep out the others.
      for (const { id, draft } of drafts) {
        try {
          this.#commit([draft]);
          this.#remember(id);
        } catch (error) {
          if (error instanceof Refusal && error.code === 'bad_input') this.#remember(id);
        }
      }
    }
  }

  #remember(id: string): void {
    if (this.#recorded.size >= REMEMBERED_CHANGES) this.#recorded.clear();
    this.#recorded.add(id);
  }

  #append(changes: readonly HealthChange[]): void {
    if (!this.#options.store.writable) return;
    this.#saying = true;
    try {
      this.#commit(
        changes.map((payload): OpDraft => ({
          scope: ESTATE,
          type: 'health.change',
          payload,
          eventTime: payload.since,
        })),
      );
    } finally {
      this.#saying = false;
    }
  }

  #commit(drafts: readonly OpDraft[]): void {
    const { store, zone } = this.#options;
    store.commit({ actor: 'system', zone }, (tx) => {
      for (const draft of drafts) tx.append(draft);
    });
  }
}

export function createSources(options: SourcesOptions): Sources {
  return new Sources(options);
}

/** Id of a change that a source reported: the same on every console that hears of it. */
function changeId(source: string, key: string): string {
  return `c${createHash('sha256').update(`${source}\n${key}`).digest('hex').slice(0, 24)}`;
}

/** A form sends what was left blank as empty text. */
function withoutBlanks(config: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== '' && value !== undefined));
}

function heardFrom(store: Store, id: string): Heard | null {
  const cell = store.state('health', ESTATE, id)?.fields['state'];
  if (!cell) return null;
  const { health, since, source, reason } = cell.value as Record<string, unknown>;
  const parsed = Health.safeParse(health);
  if (!parsed.success || typeof since !== 'number') return null;
  const { ms, console } = parseHlc(cell.hlc);
  const own = console === store.console;
  const name = store.entity('console', ESTATE, console)?.doc['name'];
  const by = typeof name === 'string' && name !== '' ? name : console;
  return {
    health: parsed.data,
    since,
    source: String(source),
    reason: own ? String(reason) : `${String(reason)} (seen by console ${by})`,
    at: ms,
    own,
    ...(own ? {} : { from: { console, name: by } }),
  };
}
