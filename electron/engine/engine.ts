/**
 * The data engine: the log, the estate, incidents and sources behind one `call`. Invariant: it runs the same in Electron's
 * utility process, in plain Node for the command line, and in tests; whoever holds it is the only writer of its data folder.
 */
import { existsSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { ESTATE } from '../../shared/ops/op.ts';
import type { EntityRef } from '../../shared/ops/registers.ts';
import { Settings } from '../../shared/contract/console.ts';
import { Refusal, type Changed, type ChangeKey, type Reply } from '../../shared/contract/spec.ts';
import { table, type Name } from '../../shared/contract/table.ts';
import type { Keychain } from './access/keychain.ts';
import { FOLDER_SEALER, openIdentity, sealIdentity, type Identity, type KeyKept } from './access/identity.ts';
import { DEAR, type Guess } from './access/cost.ts';
import { keepingKeepers } from './access/lockout.ts';
import { rescue, rescueWarning } from './access/rescue.ts';
import { forgetGiven } from './access/rights.ts';
import { Secrets } from './access/secrets.ts';
import { Sessions, type Caller } from './access/session.ts';
import { Sso, type Browse, type SsoTimes } from './access/sso/index.ts';
import type { Access, Context, Printer } from './context.ts';
import { dispatch, handlerOf, isName } from './dispatch.ts';
import { ANEW_FILE } from './joining/files.ts';
import { membershipWarning } from './joining/membership.ts';
import { ActionKeeper } from './actions/keeper.ts';
import { ConflictBook } from './conflicts/book.ts';
import { DigestBook } from './digest/book.ts';
import type { StoreClock } from './estate/store-clock.ts';
import { EstateView } from './estate/view.ts';
import { ImpactBook } from './impact/book.ts';
import { ImpactKeeper } from './impact/keeper.ts';
import { IncidentRows } from './incidents/rows.ts';
import { Periodic } from './periodic.ts';
import { PolicyBook } from './policy/book.ts';
import { RunbookLibrary, type Folder } from './runbooks/library.ts';
import { EntitySearch } from './search/entities.ts';
import { SearchIndex } from './search/index.ts';
import { systemClock } from './sources/clock.ts';
import { createSources, type Sources } from './sources/index.ts';
import { sourceModules } from './sources/modules.ts';
import type { Sealer } from './sources/credentials.ts';
import type { SourceModule } from './sources/source.ts';
import { clockWarning, forwardClock } from './grants/clock.ts';
import { guarded } from './grants/force.ts';
import { grantKeeper } from './grants/keeper.ts';
import { hiddenFrom } from './restricted/members.ts';
import { Veils } from './restricted/veil.ts';
import { keepReport, RecordKeeper, takeOrder, backupAt, backupsOf, ORDER_FILE } from './record/keeper.ts';
import { damageOf } from './record/damage.ts';
import { sweepPassing } from './record/passing.ts';
import { restore } from './record/restore.ts';
import { DATABASE_FILE, FolderInUse, lockFolder, openDatabase, reserveLog, type Opened } from './store/database.ts';
import { SnapshotKeeper } from './snapshots/keeper.ts';
import type { AskPassphrase } from './rest/open.ts';
import type { Turn } from './rest/turn.ts';
import { KEY_NAMES, PLAIN, type Vault } from './rest/vault.ts';
import { createTaskRunner, type TaskRunner } from './tasks.ts';
import { storageRefusal } from './store/failure.ts';
import { MIGRATIONS } from './store/migrations.ts';
import { Refusing } from './store/refusing.ts';
import { Store } from './store/store.ts';
import { EvidenceCarrier } from './evidence/carrier.ts';
import { Sync } from './sync/index.ts';

export interface EngineOptions {
  /** The data folder. */
  data: string;
  /** The program's own files: demonstration, runbooks. */
  assets: string;
  version: string;
  /** Load the demonstration when the log is empty. */
  demonstration?: boolean;
  /** Whether sources are read; the command line only does so when it is asked to. */
  poll?: boolean;
  /** With `poll`: how long after the opening that begins, ms, so that a window can be painted first. */
  quietMs?: number;
  /** Wall clock, ms; for tests. */
  now?: () => number;
  /** IANA zone; the machine's when not given. */
  zone?: string;
  /** The system's keychain; without one, keys and credentials lie in files that only their owner may read. */
  keychain?: Keychain;
  /** Asks for the passphrase of an encrypted folder; without it such a folder opens by its keychain only. */
  passphrase?: AskPassphrase;
  /** Entry of the worker thread; its source file when not given. */
  worker?: URL;
  /** Turns HTML into PDF; without it nothing can be exported as PDF. */
  print?: Printer;
  /** Opens an address in the browser of whoever sits here. */
  browse?: Browse;
  /** How long single sign-on waits for what; for tests. */
  sso?: Partial<SsoTimes>;
  /** What tells this machine from others, and how dear a guess at a passphrase is made; for tests. */
  machine?: string;
  guess?: Guess;
  /** Kinds of sources, besides which there are none; all of them when not given. */
  modules?: readonly SourceModule[];
}

export interface CallOptions {
  /** Sent again with the same id, a command is answered and not repeated. */
  request?: string;
  /** Who calls; without one nobody is, which an open console does not mind. */
  caller?: Caller;
}

const PLAIN_KEY =
  "The signing key lies in a file that only this machine's user may read (mode 0600), because there is no system keychain. Whoever copies it can write as this console.";

/** How often it is looked whether the time of what came too early has come, ms. */
const DUE_EVERY_MS = 10 * 60_000;
/** A commit of so many ops is one of many that come in; such are told of once in so long, ms. */
const MUCH_OPS = 200;
const MUCH_EVERY_MS = 1000;

export class Engine {
  readonly #options: EngineOptions;
  readonly #opened: Opened;
  readonly #store: Store;
  readonly #estate: EstateView;
  readonly #incidents: IncidentRows;
  readonly #conflicts: ConflictBook;
  readonly #digest: DigestBook;
  readonly #impact: ImpactBook;
  readonly #keeper: ImpactKeeper;
  readonly #actions: ActionKeeper;
  readonly #grants: Periodic;
  readonly #snapshots: SnapshotKeeper;
  readonly #due: Periodic;
  #storeClock: StoreClock | null = null;
  readonly #sources: Sources;
  readonly #sync: Sync;
  readonly #runbooks: RunbookLibrary;
  readonly #policies: PolicyBook;
  readonly #record: RecordKeeper;
  readonly #access: Access;
  readonly #tasks: TaskRunner;
  readonly #search: SearchIndex;
  readonly #entities: EntitySearch;
  readonly #veils: Veils;
  readonly #refusing: Refusing;
  /** `reread` of the store when words were indexed last. */
  #reread = 0;
  readonly #base: Omit<Context, 'session' | 'caller' | 'settings' | 'commit'>;
  readonly #listeners = new Set<(changed: Changed) => void>();
  readonly #running = new Map<string, Promise<Reply>>();
  #settings: Settings;
  #revision = 0;
  readonly #toAnnounce = new Set<ChangeKey>();
  #announceSoon: NodeJS.Immediate | undefined;
  #announceDue: NodeJS.Timeout | undefined;
  /** When that was done last, ms of `performance.now`. */
  #announced = -Infinity;
  #keyKept: KeyKept;
  #closed = false;
  #turn: Turn | null = null;
  #quiet: NodeJS.Timeout | undefined;
  #restart: () => void = () => {};

  /** @throws Refusal when the data folder can't be opened, in one sentence. */
  constructor(options: EngineOptions, key: { identity: Identity; kept: KeyKept }, vault: Vault = PLAIN) {
    const data = resolve(options.data);
    const now = options.now ?? Date.now;
    const zone = options.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    this.#options = options;
    this.#keyKept = key.kept;
    this.#opened = openDatabase(data, MIGRATIONS, vault);
    try {
      if (this.#opened.writable) sweepPassing(data);
      const { identity } = key;
      this.#store = new Store(this.#opened, identity, now);
      this.#store.catchUp();
      this.#tasks = createTaskRunner(
        options.worker ?? new URL('./worker.ts', import.meta.url),
        this.#opened.file,
        vault,
      );
      this.#record = new RecordKeeper({
        ...{ store: this.#store, identity, data, tasks: this.#tasks, now, vault },
        keyKept: () => ({ kept: this.#keyKept, warning: this.#keyKept === 'file' ? PLAIN_KEY : null }),
        changed: (keys) => this.#changed(keys),
      });
      this.#search = new SearchIndex(this.#store);
      this.#estate = new EstateView(this.#store);
      this.#incidents = new IncidentRows(this.#store);
      this.#conflicts = new ConflictBook(this.#store);
      this.#digest = new DigestBook(this.#store, () => this.#changed(['status', 'incidents']));
      this.#impact = new ImpactBook(this.#store);
      this.#keeper = new ImpactKeeper(() => this.#context(), systemClock(now));
      this.#actions = new ActionKeeper(() => this.#context(), systemClock(now));
      this.#grants = grantKeeper(() => this.#base, systemClock(now));
      this.#due = new Periodic(systemClock(now), {
        everyMs: DUE_EVERY_MS,
        failed: 'what came from a clock that was ahead was not taken in',
        work: () => {
          if (this.#store.writable) this.#store.takeDue();
        },
      });
      this.#snapshots = new SnapshotKeeper(() => this.#context(), systemClock(now));
      this.#settings = readSettings(this.#store);
      this.#runbooks = new RunbookLibrary(runbookFolders({ data, assets: options.assets }, this.#settings));
      this.#policies = new PolicyBook(this.#store, resolve(options.assets, 'policy'), () => this.#changed(['status']));
      const clock = forwardClock({ store: this.#store, now });
      const secrets = new Secrets({
        ...{ store: this.#store, clock, directory: data, keychain: options.keychain ?? null, vault },
        ...(options.machine === undefined ? {} : { machine: options.machine }),
        ...(options.guess ? { guess: options.guess } : {}),
      });
      const known = { store: this.#store, estate: this.#estate, policies: this.#policies };
      const changed = (): void => this.#changed(['status', 'access', 'session']);
      const sessions = new Sessions({ known, ...{ secrets, clock, local: () => this.#local(), changed } });
      this.#entities = new EntitySearch(this.#store, this.#estate, this.#runbooks);
      this.#sources = createSources({
        store: this.#store,
        estate: this.#estate,
        modules: options.modules ?? sourceModules(resolve(options.assets)),
        directory: data,
        now,
        zone,
        ...credentialSealers(options.keychain, vault),
      });
      const sso = new Sso({
        known: { ...known, now, zone },
        ...{ secrets, sessions, changed, directory: data, clock: systemClock(now) },
        regrouped: () => this.#handKeys(null),
        credentials: this.#sources.credentials,
        keychain: options.keychain ?? null,
        browse: options.browse ?? null,
        ...(options.sso ? { times: options.sso } : {}),
        ...(options.machine === undefined ? {} : { machine: options.machine }),
      });
      this.#access = { secrets, sessions, sso };
      this.#sync = new Sync({
        ...{ store: this.#store, identity, now },
        credentials: this.#sources.credentials,
        changed: (keys) => {
          this.#digest.link(this.#sync.status(), now());
          this.#changed(keys);
        },
        sees: () => this.#sources.read(),
        seen: (console, sources) => this.#sources.confirmed(console, sources),
        catchUp: async (place) => (await import('./snapshots/begin.ts')).catchUp(this.#context(), place),
        keptHeads: async (transport) => (await import('./snapshots/shelf.ts')).keptHeads(this.#store, transport),
      });
    } catch (error) {
      this.#opened.close();
      throw error;
    }
    this.#base = {
      store: this.#store,
      estate: this.#estate,
      incidents: this.#incidents,
      conflicts: this.#conflicts,
      digest: this.#digest,
      impact: this.#impact,
      sources: this.#sources,
      sync: this.#sync,
      evidence: new EvidenceCarrier({
        ...{ store: this.#store, sync: this.#sync, data },
        changed: (keys) => this.#changed(keys),
      }),
      runbooks: this.#runbooks,
      policies: this.#policies,
      record: this.#record,
      access: this.#access,
      identity: key.identity,
      tasks: this.#tasks,
      changed: (keys) => this.#changed(keys),
      print: options.print ?? null,
      search: this.#search,
      entities: this.#entities,
      restart: () => this.#restart(),
      vault,
      keychain: options.keychain ?? null,
      guess: options.guess ?? DEAR,
      turn: (turn) => (this.#turn = turn),
      turning: () => this.turning,
      paths: { data, assets: resolve(options.assets) },
      version: options.version,
      now,
      zone,
      saveSettings: (settings) => this.#saveSettings(settings),
      warnings: () => this.#warnings(),
    };
    this.#veils = new Veils(this.#opened.file, vault, () => this.#base);
    this.#refusing = new Refusing(data, () => this.#changed(['status']));
    this.#store.onRefused((warning) => this.#refusing.refused(warning));
    this.#store.onCommit(({ keys, touched, ops }) => {
      this.#estate.refresh(touched);
      this.#incidents.refresh(touched);
      this.#conflicts.refresh(touched);
      this.#impact.refresh(touched);
      this.#entities.refresh(touched);
      this.#policies.refresh(touched);
      if (touched === null || touched.some(({ kind }) => kind === 'access-role')) forgetGiven(this.#store);
      this.#sources.said(touched);
      this.#sync.committed(touched);
      this.#admit(touched);
      this.#veils.refresh(touched);
      this.#handKeys(touched);
      this.#announce(keys, ops >= MUCH_OPS);
    });
    rescue(data, this.#store, this.#access, { actor: LOCAL_USER, zone });
    this.#sources.onChange((keys) => this.#changed(keys));
    this.#runbooks.onChange(() => this.#changed(['runbooks']));
    if (options.poll) {
      if (options.quietMs) this.#quiet = setTimeout(() => this.#begin(), options.quietMs);
      else this.#begin();
    }
  }

  /** Begins what goes on by itself: reading sources, backups and checks, the index of words. */
  #begin(): void {
    reserveLog(this.#opened);
    this.#sources.start();
    this.#sync.start();
    this.#record.start();
    this.#search.start();
    this.#keeper.start();
    this.#actions.start();
    this.#grants.start();
    this.#snapshots.start();
    void this.#keepStoreClock();
    this.#access.sso.start();
    this.#due.start(0);
  }

  /** Loaded once a start is over. */
  async #keepStoreClock(): Promise<void> {
    const { StoreClock } = await import('./estate/store-clock.ts');
    if (this.#closed) return;
    this.#storeClock = new StoreClock(this.#base, () => this.#changed(['stores']));
    this.#storeClock.start();
  }

  get revision(): number {
    return this.#revision;
  }

  /** Whether nothing was ever written here. */
  get empty(): boolean {
    return this.#store.opCount === 0;
  }

  /** Runs a command or a query. Never throws; the value has the shape that the table says. */
  call(name: string, input: unknown, options: CallOptions = {}): Promise<Reply> {
    if (this.#closed) return Promise.resolve(failureOf('The console is closing.'));
    const { request, caller = null } = options;
    if (request === undefined || !isName(name) || table[name].kind === 'query')
      return dispatch(name, input, this.#context(caller));
    const running = this.#running.get(request);
    if (running) return running;
    const done = this.#store.reply(request);
    if (done !== null) return Promise.resolve({ ok: true, value: JSON.parse(done) as unknown });
    if (caller) this.#access.sessions.touch(caller);
    const reply = dispatch(name, input, this.#context(caller, request)).finally(() => this.#running.delete(request));
    this.#running.set(request, reply);
    return reply;
  }

  /** Tells `listener` of every change until the returned function is called. */
  onChanged(listener: (changed: Changed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Moves the signing key into the keychain when it lies in a file and there is a keychain. */
  async protectKey(): Promise<void> {
    const { keychain } = this.#options;
    if (!keychain || this.#keyKept !== 'file' || !this.#store.writable || !(await keychain.isAvailable())) return;
    await sealIdentity(this.#base.paths.data, keychain.sealer);
    this.#keyKept = 'keychain';
    this.#changed(['record']);
  }

  /** Calls `listener` when the engine has to be closed and opened again; without one, whoever holds it does so in time. */
  onRestart(listener: () => void): void {
    this.#restart = listener;
  }

  /** Loads every handler, so that the first use of each is quick. */
  async warm(): Promise<void> {
    for (const name of Object.keys(table) as Name[]) await handlerOf(name);
  }

  /** Does what was ordered to be done on an empty log. */
  async goOn(): Promise<void> {
    if (!this.#store.writable) return;
    if (existsSync(join(this.#base.paths.data, ANEW_FILE))) {
      const { finishAnew } = await import('./joining/anew.ts');
      await finishAnew(this.#context(), (name, input) => dispatch(name, input, this.#context()));
    }
    const encrypted = this.#base.vault.key !== null;
    const told = this.#store.entity('at-rest', ESTATE, this.#store.console)?.doc['state'] === 'encrypted';
    // An empty log stays empty: it still may become another organisation's.
    if (told === encrypted || this.#store.opCount === 0) return;
    const { tellAtRest } = await import('./rest/told.ts');
    tellAtRest(this.#base, encrypted, LOCAL_USER);
  }

  /** What is to be done to the folder's encryption when this engine is closed, or null. */
  get turning(): Turn['what'] | null {
    return this.#turn?.what ?? null;
  }

  /** Stops the sources and closes the database; a later call is refused. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#quiet);
    clearTimeout(this.#announceDue);
    this.#due.stop();
    this.#record.stop();
    this.#keeper.stop();
    this.#actions.stop();
    this.#grants.stop();
    this.#snapshots.stop();
    this.#storeClock?.stop();
    this.#access.sso.stop();
    this.#refusing.stop();
    this.#access.sessions.close();
    this.#search.close();
    this.#veils.close();
    await this.#sync.stop();
    await this.#tasks.close();
    await this.#sources.stop();
    this.#runbooks.close();
    this.#opened.close();
    if (!this.#turn) return;
    const { carryOut } = await import('./rest/turn.ts');
    await carryOut(this.#base.paths.data, this.#turn, this.#base.identity, this.#base.now());
  }

  /** As `caller` sees it; as the console itself does without one given. */
  #context(caller?: Caller | null, request?: string): Context {
    const { sessions } = this.#access;
    const session = caller === undefined ? sessions.own() : sessions.of(caller);
    const context: Context = {
      ...this.#base,
      session,
      caller: caller ?? null,
      settings: this.#settings,
      commit: (work, as) =>
        context.store.commit(
          { actor: as ?? context.session.actor, zone: this.#base.zone, grant: context.session.grant },
          keepingKeepers(this.#base, guarded(context.session, work)),
          request,
        ),
    };
    const hidden = caller === undefined ? [] : hiddenFrom(context, session);
    return hidden.length === 0 ? context : Object.assign(context, this.#veils.behind(hidden));
  }

  /** Whom an open console acts as. Once there is something to unlock with, only whoever unlocked is somebody. */
  #local(): { actor: string; person: string | null } {
    const person = this.#access.secrets.any() ? null : this.#settings.actingAs;
    return person !== null && this.#estate.get('person', person)
      ? { actor: person, person }
      : { actor: LOCAL_USER, person: null };
  }

  /** A hand was on the window of `caller`. */
  touch(caller: Caller): void {
    this.#access.sessions.touch(caller);
  }

  /** Locks what `caller` unlocked; everything without one. */
  lock(caller?: Caller): void {
    if (caller) this.#access.sessions.end(caller);
    else this.#access.sessions.endAll();
  }

  #saveSettings(settings: Settings): void {
    this.#store.setMeta('settings', JSON.stringify(settings));
    const folders = settings.runbookFolders.join('\n') !== this.#settings.runbookFolders.join('\n');
    this.#settings = settings;
    if (folders) {
      this.#runbooks.setFolders(runbookFolders(this.#base.paths, settings));
      this.#changed(['runbooks']);
    }
    this.#changed(['settings', 'status']);
  }

  #warnings(): string[] {
    return [
      this.#opened.warning ?? this.#refusing.warning,
      clockWarning(this.#base),
      membershipWarning(this.#context()),
      rescueWarning(this.#store, this.#access),
      ...this.#record.warnings(),
      ...this.#sources.warnings(),
      ...this.#policies.warnings(),
    ].filter((warning): warning is string => warning !== null);
  }

  /** Takes what was kept out of consoles that somebody enrolled, here or elsewhere. */
  #admit(touched: readonly EntityRef[] | null): void {
    const consoles = (touched ?? []).filter(({ kind }) => kind === 'console').map(({ id }) => id);
    if (consoles.length === 0) return;
    setImmediate(() => {
      if (this.#closed) return;
      try {
        const counts = this.#store.keptOutCounts();
        for (const id of new Set(consoles))
          if (counts.has(id) && this.#store.standing(id).access === 'enrolled') this.#store.takeKeptOut(id);
      } catch (error) {
        // They stay where they are; what the disk does not take is said where something is written.
        if (!(error instanceof Refusal)) throw error;
      }
    });
  }

  /** Indexes what can be read since, and hands keys of restricted incidents to consoles that need them now. */
  #handKeys(touched: readonly EntityRef[] | null): void {
    if (this.#store.keyring.all().length === 0) return;
    if (this.#store.reread !== this.#reread) this.#search.reset();
    this.#reread = this.#store.reread;
    if (touched !== null && !touched.some(({ kind }) => MOVES_KEYS.has(kind))) return;
    setImmediate(() => {
      if (this.#closed || !this.#store.writable) return;
      import('./restricted/share.ts')
        .then(({ shareKeys }) => this.#closed || shareKeys(this.#context()))
        // What the disk does not take now is handed over after the next change.
        .catch((error: unknown) => error instanceof Refusal || console.error(error));
    });
  }

  /**
   * Tells of a commit once its command is answered: who waits for the answer comes first. While much comes in, commit after
   * commit, that is told from time to time, because every screen reads again what it shows.
   */
  #announce(keys: readonly ChangeKey[], much: boolean): void {
    for (const key of keys) this.#toAnnounce.add(key);
    const rest = this.#announced + MUCH_EVERY_MS - performance.now();
    if (much && rest > 0) this.#announceDue ??= setTimeout(() => this.#announceNow(), rest);
    else this.#announceSoon ??= setImmediate(() => this.#announceNow());
  }

  #announceNow(): void {
    clearTimeout(this.#announceDue);
    clearImmediate(this.#announceSoon);
    this.#announceDue = undefined;
    this.#announceSoon = undefined;
    const keys = [...this.#toAnnounce];
    this.#toAnnounce.clear();
    if (this.#closed) return;
    this.#announced = performance.now();
    if (this.#options.poll) this.#search.start();
    this.#changed(keys);
  }

  #changed(keys: ChangeKey[]): void {
    const changed = { revision: ++this.#revision, keys };
    for (const listener of this.#listeners) listener(changed);
  }
}

/** Kinds of entities by which it is decided who reads restricted incidents, and where. */
const MOVES_KEYS: ReadonlySet<string> = new Set([
  'restriction',
  'secret',
  'seal-key',
  'console',
  'person',
  'team',
  'policy',
  'access-role',
]);

/** The user of this machine, when nobody of the estate was chosen. */
const LOCAL_USER = `local:${safeUserName()}`;

function safeUserName(): string {
  try {
    return (
      userInfo()
        .username.replace(/[^A-Za-z0-9._-]/g, '-')
        .slice(0, 60) || 'user'
    );
  } catch {
    return 'user';
  }
}

function readSettings(store: Store): Settings {
  try {
    return Settings.parse(JSON.parse(store.meta('settings') ?? '{}'));
  } catch {
    return Settings.parse({});
  }
}

/** Ours, the data folder's, and those that were chosen, which go before both. */
function runbookFolders(
  { data, assets }: { data: string; assets: string },
  { runbookFolders: more }: Settings,
): Folder[] {
  return [
    { path: resolve(assets, 'runbooks'), from: 'program' },
    { path: resolve(data, 'runbooks'), from: 'own' },
    ...more.map((path) => ({ path: resolve(path), from: resolve(path) })),
  ];
}

function failureOf(message: string): Reply<never> {
  return { ok: false, code: 'restarting', message, retryable: true };
}

/**
 * Opens the engine, and the demonstration when it is asked for and nothing was ever written. A damaged database is first
 * restored from the newest good backup and all that is still readable; the damaged files are kept.
 * @throws Refusal when the data folder can't be opened, in one sentence.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const data = resolve(options.data);
  if (existsSync(join(data, ANEW_FILE))) await makeRoom(data);
  return openFolder(data, options, await vaultOf(data, options));
}

async function openFolder(data: string, options: EngineOptions, vault: Vault): Promise<Engine> {
  const key = await keyOf(data, options.keychain?.sealer ?? null, vault);
  if (mend(data, key.identity, (options.now ?? Date.now)(), vault)) return openFolder(data, options, vault);
  const engine = new Engine(options, key, vault);
  await engine.goOn();
  if (options.demonstration && engine.empty) {
    const reply = await engine.call('estate.load-demonstration', {});
    if (!reply.ok) console.error(reply.message);
  }
  return engine;
}

/** How the folder's files are opened. A folder that is not encrypted loads nothing for it. */
async function vaultOf(data: string, { keychain = null, passphrase = null, now = Date.now }: Loose): Promise<Vault> {
  if (!KEY_NAMES.some((name) => existsSync(join(data, name)))) return PLAIN;
  const { openVault } = await import('./rest/open.ts');
  try {
    return await openVault(data, { keychain, ask: passphrase, now });
  } catch (error) {
    throw storageRefusal(error) ?? error;
  }
}

type Loose = { keychain?: Keychain | null; passphrase?: AskPassphrase | null; now?: () => number };

/** By what credentials are closed and opened. */
function credentialSealers(
  keychain: Keychain | undefined,
  { sealer }: Vault,
): { sealer?: Sealer; sealers?: readonly Sealer[] } {
  if (!sealer) return keychain ? { sealer: keychain.fallingBack() } : {};
  const own: Sealer = {
    name: FOLDER_SEALER,
    seal: async (text) => sealer.seal(text),
    open: async (sealed) => sealer.open(sealed),
  };
  return { sealer: keychain?.fallingBack(own) ?? own, sealers: keychain ? [keychain.sealer, own] : [own] };
}

/** The signing key; made, like its folder, at the first opening. */
async function keyOf(
  data: string,
  sealer: Sealer | null,
  vault: Vault,
): Promise<{ identity: Identity; kept: KeyKept }> {
  try {
    return await openIdentity(data, sealer, vault);
  } catch (error) {
    throw storageRefusal(error) ?? error;
  }
}

/** Moves the log and the key aside when an empty one was ordered. */
async function makeRoom(data: string): Promise<void> {
  const lock = lockToMend(data);
  if (!lock) return;
  try {
    const { moveAside } = await import('./joining/anew.ts');
    moveAside(data);
  } finally {
    lock.close();
  }
}

/** Null when the folder can't be written: then there is nothing to mend, and opening it says why. @throws FolderInUse */
function lockToMend(data: string): ReturnType<typeof lockFolder> | null {
  try {
    return lockFolder(data);
  } catch (error) {
    if (error instanceof FolderInUse) throw error;
    return null;
  }
}

/** Carries out a restoration that was ordered, or that damage makes necessary; whether it did. */
function mend(data: string, identity: Identity, now: number, vault: Vault): boolean {
  if (!existsSync(join(data, DATABASE_FILE)) && !existsSync(join(data, ORDER_FILE))) return false;
  const lock = lockToMend(data);
  if (!lock) return false;
  try {
    const order = takeOrder(data);
    const damage = order ? null : damageOf(data, vault);
    if (!order && !damage) return false;
    const backups = backupsOf(data);
    const witnesses = backups.flatMap(({ file, heads, at }) =>
      heads.map((head) => ({ where: `Backup ${file}`, at, ...head })),
    );
    const wanted = order
      ? (backups.find(({ path }) => path === order.path) ?? backupAt(order.path))
      : (backups.find(({ problem }) => problem === null) ?? null);
    const report = restore(data, identity, wanted, witnesses, now, { take: order?.passing === true, vault });
    keepReport(data, { ...report, at: now, cause: order ? `${order.by} asked for it.` : damage! });
    if (order?.passing) rmSync(order.path, { force: true });
    return true;
  } finally {
    lock.close();
  }
}
