/**
 * The engine as the command line reaches it: the one of a console that has the data folder open, else one of its own.
 * Invariant: a call is carried out once, over whichever road; when the console goes away before it answered, the same
 * request is sent again over the road that is open then.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import type { Engine } from '../engine/engine.ts';
import type { AskPassphrase } from '../engine/rest/open.ts';
import { connectEngine, ConnectionLost, type RemoteEngine } from '../engine/socket.ts';

export interface LinkOptions {
  /** The data folder, absolute. */
  data: string;
  version: string;
  /** Read the sources for at most this long, ms, before the first call; null for not at all. */
  wait: number | null;
  /** By what the engine knows this command line, when it was unlocked. */
  session: string | null;
  /** Asks for the passphrase of an encrypted folder. */
  passphrase: AskPassphrase;
}

/** How long to wait for a program that has the folder open and does not answer: it is starting or closing, ms. */
const PATIENCE = 5000;
const RETRY_MS = 50;
const ASSETS = fileURLToPath(new URL('../../assets/', import.meta.url));

type Road = { kind: 'console'; remote: RemoteEngine } | { kind: 'own'; engine: Engine; end(): Promise<void> };

export class Link {
  readonly #options: LinkOptions;
  #road: Road;
  /** By what the engine knows this command line; null: it was not unlocked. */
  session: string | null;
  /** Titles of the sources that had not answered when the wait was over. */
  readonly silent: string[];

  private constructor(options: LinkOptions, road: Road, silent: string[]) {
    this.#options = options;
    this.session = options.session;
    this.#road = road;
    this.silent = silent;
  }

  /** @throws Refusal when the data folder can't be opened, in one sentence. */
  static async open(options: LinkOptions): Promise<Link> {
    const road = await findRoad(options);
    const silent = road.kind === 'own' && options.wait !== null ? await listen(road.engine, options.wait) : [];
    return new Link(options, road, silent);
  }

  /** Whether somebody reads the sources: a console that is open, or this process because it was asked to. */
  get polling(): boolean {
    return this.#road.kind === 'console' || this.#options.wait !== null;
  }

  /** Version of the console that answers, null when this process does. */
  get console(): string | null {
    return this.#road.kind === 'console' ? this.#road.remote.version : null;
  }

  async call<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>> {
    const request = randomUUID();
    for (let tries = 1; ; tries++) {
      try {
        const road = this.#road;
        const reply = await (road.kind === 'console'
          ? road.remote.call(name, input, request, this.session ?? undefined)
          : road.engine.call(name, input, {
              request,
              ...(this.session === null ? {} : { caller: { id: this.session, kind: 'terminal' } }),
            }));
        return reply as Reply<Output<K>>;
      } catch (error) {
        if (!(error instanceof ConnectionLost) || tries === 3) throw error;
        this.#road = await findRoad(this.#options);
      }
    }
  }

  /** After a restoration was ordered: lets the engine start again, which carries it out, and gives its report. */
  async restored(): Promise<Reply> {
    await this.close();
    this.#road = await findRoad(this.#options);
    const reply = await this.call('record.show', {});
    return reply.ok ? { ok: true, value: reply.value.restored } : reply;
  }

  /** After the folder was to be encrypted or decrypted: lets the engine close, which does it, and says what came of it. */
  async turned(): Promise<Reply<Output<'data.status'>>> {
    await this.close();
    this.#road = await findRoad(this.#options);
    return this.call('data.status', {});
  }

  async close(): Promise<void> {
    if (this.#road.kind === 'console') this.#road.remote.close();
    else await this.#road.end();
  }
}

async function findRoad(options: LinkOptions): Promise<Road> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    const remote = await connectEngine(options.data);
    if (remote) return { kind: 'console', remote };
    const { openEngine } = await import('../engine/engine.ts');
    const { print } = await import('./print.ts');
    const { FolderInUse } = await import('../engine/store/database.ts');
    try {
      const poll = options.wait !== null;
      const { data, version, passphrase } = options;
      const engine = await openEngine({ data, assets: ASSETS, version, poll, print, passphrase });
      return { kind: 'own', engine, end: await occupy(engine, options) };
    } catch (error) {
      if (!(error instanceof FolderInUse) || performance.now() > until) throw error;
      await delay(RETRY_MS);
    }
  }
}

/** While this process waits for sources it holds the folder, so it lets others in by the same door as a console does. */
async function occupy(engine: Engine, { data, version, wait }: LinkOptions): Promise<() => Promise<void>> {
  if (wait === null) return () => engine.close();
  const { openDoor } = await import('../engine/socket.ts');
  const door = await openDoor(engine, data, version).catch(() => null);
  return async () => {
    await door?.close();
    await engine.close();
  };
}

/**
 * Waits until every source that is switched on has answered, and until the hub has what is here and we what is there, at most
 * `limit` ms. The titles of those that have not.
 */
async function listen(engine: Engine, limit: number): Promise<string[]> {
  const began = Date.now();
  const unheard = async (): Promise<string[]> => {
    const reply = (await engine.call('sources.list', {})) as Reply<Output<'sources.list'>>;
    const sources = reply.ok
      ? reply.value
          .filter(({ enabled, lastSuccessAt }) => enabled && (lastSuccessAt === null || lastSuccessAt < began))
          .map(({ title, id }) => title || id)
      : [];
    const link = (await engine.call('link.show', {})) as Reply<Output<'link.show'>>;
    const places = link.ok && link.value.hub !== null ? link.value.places : [];
    const apart = places.filter(({ state, waiting, behind }) => state !== 'connected' || waiting > 0 || behind > 0);
    return [...sources, ...apart.map(({ where }) => where)];
  };
  const over = AbortSignal.timeout(limit);
  for (let left = await unheard(); ; left = await unheard()) {
    if (left.length === 0 || over.aborted) return left;
    await new Promise<void>((changed) => {
      const done = (): void => {
        stop();
        over.removeEventListener('abort', done);
        changed();
      };
      const stop = engine.onChanged(done);
      over.addEventListener('abort', done);
    });
  }
}
