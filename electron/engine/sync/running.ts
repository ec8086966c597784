/**
 * The links that are held while a hub is configured: to the hub, and at a store to the store's own server as well, through
 * which the hub is reached. What comes in over one leaves over the other.
 */
import type { HubReport, PlaceView } from '../../../shared/contract/hub.ts';
import type { Identity } from '../access/identity.ts';
import type { Store } from '../store/store.ts';
import type { HubConfig } from './config.ts';
import { connectHub } from './connection.ts';
import { Greetings, type Greeted } from './greetings.ts';
import { Link, PACE, type CatchUp, type KeptHeads, type Pace } from './link.ts';
import { openPlace } from './nats.ts';
import type { Places } from './places.ts';
import type { Seeing } from './seeing.ts';
import { TransportFailure, type Transport } from './transport.ts';

export interface RunningOptions {
  config: HubConfig;
  secret: () => Promise<string | null>;
  store: Store;
  identity: Identity;
  places: Places;
  now: () => number;
  changed: () => void;
  refused: (sentence: string, stranger?: string) => void;
  opened: (transport: Transport) => () => void;
  /** What goes on over each transport, the store's as well as the hub's. */
  seeing?: Seeing;
  pace?: Pace;
  catchUp?: CatchUp | undefined;
  keptHeads?: KeptHeads | undefined;
}

export class Running {
  readonly hub: Link;
  readonly #store: Link | null;
  readonly #greetings: Greetings;
  readonly #options: RunningOptions;
  #transport: Transport | null = null;

  constructor(options: RunningOptions) {
    this.#options = options;
    const { config, store, identity, now, places, changed } = options;
    this.#greetings = new Greetings(store, identity, now, changed);
    const pace = options.pace ?? PACE;
    const link = (kind: 'hub' | 'store', name: string) =>
      new Link({
        ...{ name, kind, store, identity, places, now, pace, changed, refused: options.refused },
        where: config.url,
        open: (signal) => openWay(config, options.secret, kind, signal),
        heard: () => undefined,
        opened: (transport) => this.#opened(kind, transport),
        here: () => this.#greetings.here,
        ...(kind === 'hub' ? { catchUp: options.catchUp, keptHeads: options.keptHeads } : {}),
      });
    this.hub = link('hub', config.domain);
    this.#store = config.edge === null ? null : link('store', config.edge);
    for (const one of this.#links) one.start();
  }

  get #links(): Link[] {
    return this.#store ? [this.hub, this.#store] : [this.hub];
  }

  get transport(): Transport | null {
    return this.#transport;
  }

  get places(): PlaceView[] {
    return this.#links.map(({ view }) => view);
  }

  get greeted(): Greeted[] {
    return this.#greetings.all;
  }

  /** How often each console greets, ms. */
  get greetsEveryMs(): number {
    return this.#greetings.everyMs;
  }

  poke(): void {
    for (const link of this.#links) link.poke();
  }

  welcome(): void {
    for (const link of this.#links) link.welcome();
  }

  retry(): void {
    for (const link of this.#links) link.retry();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#links.map((link) => link.stop()));
    if (this.#options.store.writable) this.#options.places.savePeers(this.#greetings.all);
  }

  #opened(kind: 'hub' | 'store', transport: Transport): () => void {
    const quiet = this.#greetings.over(transport);
    const unseen = this.#options.seeing?.over(transport);
    const left = kind === 'hub' ? this.#options.opened(transport) : () => undefined;
    if (kind === 'hub') this.#transport = transport;
    return () => {
      if (this.#transport === transport) this.#transport = null;
      quiet();
      unseen?.();
      left();
    };
  }
}

/** Opens the way to the hub, or to the store's own server; each has a connection of its own. */
async function openWay(
  config: HubConfig,
  secret: () => Promise<string | null>,
  kind: 'hub' | 'store',
  signal: AbortSignal,
): Promise<Transport> {
  const connection = await connectHub(config, await secret(), signal);
  const { organisation, replicas, url: where } = config;
  try {
    const transport = await openPlace(
      connection,
      kind === 'store'
        ? { organisation, place: config.edge!, domain: config.edge, where, replicas: 1 }
        : { organisation, place: config.domain, domain: config.edge === null ? null : config.domain, where, replicas },
    );
    void transport.closed.then(() => connection.close());
    return transport;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Whether the way to a hub works, in one sentence. */
export async function tryHub(config: HubConfig, secret: string | null): Promise<HubReport> {
  let transport: Transport | null = null;
  try {
    transport = await openWay(config, async () => secret, 'hub', AbortSignal.timeout(15_000));
    const { roundTripMs, last, replicas } = await transport.probe();
    const kept = replicas === 1 ? 'one server' : `${replicas} servers`;
    return {
      ok: true,
      message: `The hub answers in ${roundTripMs.toFixed(1)} ms; its stream holds ${last.toLocaleString('en')} messages on ${kept}.`,
      roundTripMs,
    };
  } catch (error) {
    if (!(error instanceof TransportFailure)) throw error;
    return { ok: false, message: error.message, roundTripMs: null };
  } finally {
    await transport?.close();
  }
}
