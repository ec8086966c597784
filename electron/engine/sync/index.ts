/**
 * This console and the places where consoles meet. Invariant: nothing of the network is loaded or opened before a hub is
 * configured and the console runs by itself; without one, and whenever the link is gone, everything goes on here.
 *
 * `configure` is how anything else (a code that was pasted, a screen) says where the hub is; `view` is the whole truth about
 * the link, `status` its line in the strip; `transport` is there for who wants to talk to consoles that listen now.
 */
import type { Identity } from '../access/identity.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { HubReport, HubSetting, LinkStatus, LinkView, PeerView, PlaceView } from '../../../shared/contract/hub.ts';
import { Refusal, type ChangeKey } from '../../../shared/contract/spec.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { CredentialStore } from '../sources/credentials.ts';
import { SourceFailure } from '../sources/source.ts';
import type { Store } from '../store/store.ts';
import { HUB_CREDENTIAL, HubConfig, hubAudience } from './config.ts';
import type { CatchUp, KeptHeads } from './link.ts';
import type { Running } from './running.ts';
import type { Transport } from './transport.ts';
import { Places } from './places.ts';

export interface SyncOptions {
  store: Store;
  identity: Identity;
  credentials: CredentialStore;
  now: () => number;
  changed: (keys: ChangeKey[]) => void;
  /** See `link.ts`. */
  catchUp?: CatchUp;
  keptHeads?: KeptHeads;
  /** See `seeing.ts`. */
  sees: () => string[];
  seen: (console: string, sources: ReadonlySet<string>) => void;
}

const META = 'hub';
/** A console that greeted within this time is there, ms; among very many, who greet more rarely, within more. */
const HERE_MS = 60_000;

export class Sync {
  readonly #options: SyncOptions;
  readonly #places: Places;
  #config: HubConfig | null;
  #running: Running | null = null;
  #started = false;
  #starting: Promise<void> = Promise.resolve();
  /** What was left out, the last of it last: by the console that did not count then, or by none. */
  readonly #refused = new Map<string | null, { count: number; last: string }>();
  #announce: NodeJS.Timeout | undefined;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#places = new Places(options.store.db);
    this.#config = readConfig(options.store);
  }

  /** Begins to hold the link, when a hub is configured. */
  start(): void {
    this.#started = true;
    this.#starting = this.#starting.then(() => this.#begin());
  }

  async stop(): Promise<void> {
    this.#started = false;
    clearTimeout(this.#announce);
    await this.#starting;
    await this.#end();
  }

  /** What was committed here or taken in: it leaves at once. */
  committed(touched: readonly EntityRef[] | null): void {
    if (!this.#running) return;
    this.#running.poke();
    if (touched === null || touched.some(({ kind }) => kind === 'console')) this.#running.welcome();
  }

  get config(): HubConfig | null {
    return this.#config;
  }

  /**
   * Sets where the hub is, or with null that there is none; the link is opened anew. What was known of the old one is kept
   * until a stream with another identity is seen.
   * @param secret NKEY seed, content of a .creds file or password; null forgets the one that is kept, undefined keeps it
   */
  async configure(config: HubConfig | null, secret?: string | null): Promise<void> {
    const { store, credentials, changed } = this.#options;
    if (config && secret) {
      const { secretProblem } = await import('./connection.ts');
      const problem = secretProblem(secret, config.user);
      if (problem !== null) throw new Refusal('bad_input', `credential: ${problem}`);
    }
    if (secret !== undefined || config === null)
      await credentials.set(HUB_CREDENTIAL, secret === '' ? null : (secret ?? null), config ? hubAudience(config) : '');
    store.setMeta(META, config === null ? '' : JSON.stringify(config));
    this.#config = config;
    this.#refused.clear();
    changed(['link', 'status']);
    this.#starting = this.#starting.then(async () => {
      await this.#end();
      await this.#begin();
    });
    await this.#starting;
  }

  /** Tries the way to a hub, with the secret that is kept unless another is given. */
  async test(config: HubConfig, secret?: string | null): Promise<HubReport> {
    const { tryHub } = await import('./running.ts');
    let kept: string | null;
    try {
      kept = secret === undefined ? await this.#secret(config) : secret;
    } catch (error) {
      return { ok: false, message: (error as Error).message, roundTripMs: null };
    }
    return tryHub(config, kept);
  }

  /** The hub's transport while the link to it stands. */
  get transport(): Transport | null {
    return this.#running?.transport ?? null;
  }

  /** Calls `listener` with each transport to the hub that is opened; what it returns is called when that is gone. */
  onOpen(listener: (transport: Transport) => () => void): void {
    this.#openers.add(listener);
  }
  readonly #openers = new Set<(transport: Transport) => () => void>();

  /** Does not wait for the next try. */
  retry(): void {
    this.#running?.retry();
  }

  status(): LinkStatus {
    if (!this.#config) return { state: 'alone', since: null, waiting: 0, refusedSince: null };
    const hub = this.#running?.hub.state;
    if (hub) return hub;
    const name = this.#config.domain;
    return {
      state: 'cut-off',
      since: this.#places.memory(name)?.heard ?? null,
      waiting: this.#waitingFor(name),
      refusedSince: null,
    };
  }

  view(): LinkView {
    return {
      hub: this.#setting(),
      ...this.status(),
      places: this.#running?.places ?? this.#resting(),
      consoles: this.#peers(),
      refused: this.#leftOut(),
      asOf: this.#options.now(),
    };
  }

  /** Without what a console wrote that was let in since: it counts now. */
  #leftOut(): LinkView['refused'] {
    const { store } = this.#options;
    const all = [...this.#refused].filter(
      ([console]) => console === null || store.standing(console).access !== 'enrolled',
    );
    return { count: all.reduce((sum, [, { count }]) => sum + count, 0), last: all.at(-1)?.[1].last ?? null };
  }

  #setting(): HubSetting | null {
    const config = this.#config;
    return config && { ...config, credential: this.#options.credentials.has(HUB_CREDENTIAL) };
  }

  /** The places while nothing is open: as they were. */
  #resting(): PlaceView[] {
    const config = this.#config;
    if (!config) return [];
    const names: [string, PlaceView['kind']][] = [
      [config.domain, 'hub'],
      ...(config.edge === null ? [] : [[config.edge, 'store'] as [string, 'store']]),
    ];
    return names.map(([name, kind]) => {
      const heard = this.#places.memory(name)?.heard ?? null;
      return {
        ...{
          name,
          kind,
          where: config.url,
          state: 'cut-off' as const,
          since: heard ?? this.#options.now(),
          problem: null,
          refusedSince: null,
        },
        ...{ nextTry: null, heard, roundTripMs: null, waiting: this.#waitingFor(name), refilling: 0, behind: 0 },
        fetching: null,
        ...{ waitingAtFirst: 0, sentPerSecond: null, readPerSecond: null, sentInMs: null, readInMs: null },
        ...{ behindAtFirst: 0, messages: null, bytes: null, limit: null, replicas: null },
      };
    });
  }

  #waitingFor(place: string): number {
    const { store } = this.#options;
    return Math.max(0, (store.head?.seq ?? 0) - (this.#places.through(place).get(store.console) ?? 0));
  }

  #peers(): PeerView[] {
    const { store, now } = this.#options;
    const greeted = new Map(this.#places.peers().map((peer) => [peer.console, peer]));
    for (const peer of this.#running?.greeted ?? []) greeted.set(peer.console, peer);
    const named = new Map(store.entities('console', ESTATE).map(({ id, doc }) => [id, doc]));
    const heads = new Map(store.log.consoles().map(({ id, seq }) => [id, seq]));
    const ids = new Set([...named.keys(), ...heads.keys(), store.console]);
    const at = now();
    const hereMs = Math.max(HERE_MS, 2.5 * (this.#running?.greetsEveryMs ?? 0));
    return [...ids].map((id): PeerView => {
      const doc = named.get(id);
      const own = id === store.console;
      const peer = greeted.get(id);
      const head = store.log.head(id);
      const wrote = head && !own ? Math.min(head.arrived, Math.max(0, parseHlc(head.hlc).ms)) : 0;
      const heard = own ? at : Math.max(peer?.heard ?? 0, wrote) || null;
      return {
        id,
        name: typeof doc?.['name'] === 'string' ? doc['name'] : '',
        access: own
          ? 'this'
          : doc?.['access'] === 'enrolled'
            ? 'enrolled'
            : doc?.['access'] === 'revoked'
              ? 'revoked'
              : 'stranger',
        heard,
        here: own || (peer !== undefined && at - peer.heard < hereMs),
        offsetMs: own ? 0 : (peer?.ahead ?? null),
        seq: heads.get(id) ?? 0,
        missing: own || store.links.last(id) === 0 ? 0 : store.log.missing(id),
        said: own ? null : (peer?.said ?? null),
      };
    });
  }

  async #begin(): Promise<void> {
    const config = this.#config;
    if (!config || !this.#started || this.#running) return;
    const [{ Running }, { Seeing }] = await Promise.all([import('./running.ts'), import('./seeing.ts')]);
    if (!this.#started || this.#config !== config) return;
    const { store, identity, now, sees, seen } = this.#options;
    this.#running = new Running({
      seeing: new Seeing({ store, identity, now, sees, seen }),
      ...{ config, store, identity, now, places: this.#places },
      secret: () => this.#secret(config),
      ...{ catchUp: this.#options.catchUp, keptHeads: this.#options.keptHeads },
      changed: () => this.#changedSoon(),
      refused: (sentence, console) => {
        const stranger = console ?? null;
        const count = (this.#refused.get(stranger)?.count ?? 0) + 1;
        this.#refused.delete(stranger);
        this.#refused.set(stranger, { count, last: sentence });
        this.#changedSoon();
      },
      opened: (transport) => {
        const left = [...this.#openers].map((opener) => opener(transport));
        return () => left.forEach((leave) => leave());
      },
    });
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.stop();
  }

  async #secret(config: HubConfig): Promise<string | null> {
    try {
      return await this.#options.credentials.get(HUB_CREDENTIAL, hubAudience(config));
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      throw new Refusal('refused', error.message.replace(/^Its credential/, "The hub's credential"), { cause: error });
    }
  }

  #changedSoon(): void {
    this.#announce ??= setTimeout(() => {
      this.#announce = undefined;
      this.#options.changed(['link', 'status']);
    }, 100);
  }
}

function readConfig(store: Store): HubConfig | null {
  const text = store.meta(META);
  if (!text) return null;
  try {
    return HubConfig.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
