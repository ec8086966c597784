/**
 * The hub on NATS JetStream. Invariant: whatever the server does comes back as a TransportFailure with one sentence.
 *
 * Works with nats-server 2.9. An organisation's stream is named after it and the place that keeps it, because a store's
 * leaf node and the hub see each other's subjects: a message is meant for one of them.
 */
import { ReadableStream } from 'node:stream/web';
import {
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { Objm, type ObjectResult, type ObjectStore } from '@nats-io/obj';
import { failureOf } from './connection.ts';
import {
  TransportFailure,
  type Arrived,
  type Outgoing,
  type Probe,
  type Shelved,
  type Stop,
  type Stored,
  type Transport,
} from './transport.ts';

const API_MS = 5000;
/** How long the server remembers message ids. Longer costs it memory; what comes twice later does no harm. */
const DUPLICATE_WINDOW_MS = 10 * 60_000;
/** Messages that are fetched ahead of their reader. */
const READ_AHEAD = 64;

export interface PlaceOptions {
  organisation: string;
  /** Name of the place in subjects. */
  place: string;
  /** JetStream domain to ask for; null for that of the server itself. */
  domain: string | null;
  where: string;
  replicas: number;
}

/** The settings of an organisation's stream: nothing leaves it by itself, and a full one says so instead of dropping. */
export function streamConfig({ organisation, place, replicas }: PlaceOptions) {
  return {
    name: `holdfast-${organisation}-${place}`,
    subjects: [`holdfast.${organisation}.${place}.ops.*`],
    description: `Holdfast: the ops of ${organisation}`,
    storage: 'file',
    retention: 'limits',
    discard: 'new',
    duplicate_window: DUPLICATE_WINDOW_MS * 1_000_000,
    num_replicas: replicas,
    deny_delete: true,
    deny_purge: true,
    allow_direct: true,
  } satisfies Partial<StreamConfig> & { name: string };
}

/** The place's stream, made when it is not there. */
export async function openPlace(connection: NatsConnection, options: PlaceOptions): Promise<Transport> {
  const jsOptions = { timeout: API_MS, ...(options.domain === null ? {} : { domain: options.domain }) };
  try {
    const manager = await jetstreamManager(connection, { ...jsOptions, checkAPI: false });
    const config = streamConfig(options);
    const info = await manager.streams.info(config.name).catch((error: unknown) => {
      if ((error as { code?: number }).code === STREAM_NOT_FOUND) return manager.streams.add(config);
      throw error;
    });
    return new NatsTransport(connection, jetstream(connection, jsOptions), manager, info, options);
  } catch (error) {
    throw failureOf(error, `The stream of ${options.organisation} at ${options.where} cannot be opened`);
  }
}

const STREAM_NOT_FOUND = 10059;
const NO_MESSAGE = 10037;

class NatsTransport implements Transport {
  readonly where: string;
  readonly closed: Promise<TransportFailure | null>;
  readonly #connection: NatsConnection;
  readonly #js: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #options: PlaceOptions;
  readonly #stream: string;
  readonly #subject: string;
  readonly #subscriptions = new Set<Subscription>();
  #objects: Promise<ObjectStore> | null = null;
  #shelf: Promise<ObjectStore | null> | null = null;
  #ended = false;
  #end: () => void = () => {};

  constructor(
    connection: NatsConnection,
    js: JetStreamClient,
    manager: JetStreamManager,
    info: StreamInfo,
    options: PlaceOptions,
  ) {
    this.#connection = connection;
    this.#js = js;
    this.#manager = manager;
    this.#options = options;
    this.#stream = info.config.name;
    this.#subject = `holdfast.${options.organisation}.${options.place}.ops.`;
    this.where = options.where;
    const ended = new Promise<null>((resolve) => {
      this.#end = () => {
        this.#ended = true;
        resolve(null);
      };
    });
    this.closed = Promise.race([
      ended,
      connection.closed().then((error) => {
        this.#ended = true;
        return failureOf(error ?? new Error('the connection was closed'), `The link to ${options.where} broke`);
      }),
    ]);
  }

  get maxBody(): number {
    // Headers and subject count as well.
    return (this.#connection.info?.max_payload ?? 1024 * 1024) - 4096;
  }

  async publish({ console, id, body }: Outgoing): Promise<Stored> {
    return this.#try(async () => {
      const { seq, duplicate } = await this.#js.publish(this.#subject + console, body, {
        msgID: id,
        timeout: API_MS,
        expect: { streamName: this.#stream },
      });
      return { seq, duplicate };
    }, `${this.where} did not take ops`);
  }

  async *read(after: number, signal: AbortSignal): AsyncIterable<Arrived> {
    const consumer = await this.#try(
      () => this.#js.consumers.get(this.#stream, { deliver_policy: 'by_start_sequence', opt_start_seq: after + 1 }),
      `${this.where} does not give ops`,
    );
    const messages = await this.#try(
      () => consumer.consume({ max_messages: READ_AHEAD, expires: 30_000 }),
      `${this.where} does not give ops`,
    );
    const stop = () => messages.stop();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      for await (const message of messages) {
        const console = message.subject.slice(message.subject.lastIndexOf('.') + 1);
        yield {
          seq: message.seq,
          console,
          id: message.headers?.get('Nats-Msg-Id') ?? '',
          body: message.data,
          pending: message.info.pending,
        };
      }
    } finally {
      signal.removeEventListener('abort', stop);
      messages.stop();
    }
    if (!signal.aborted) throw new TransportFailure('unreachable', `${this.where} stopped giving ops.`);
  }

  async newestOf(console: string): Promise<Arrived | null> {
    return this.#try(async () => {
      const found = await this.#manager.streams
        .getMessage(this.#stream, { last_by_subj: this.#subject + console })
        .catch((error: unknown) => {
          if ((error as { code?: number }).code === NO_MESSAGE) return null;
          throw error;
        });
      return found && { seq: found.seq, console, id: '', body: found.data, pending: 0 };
    }, `${this.where} does not answer`);
  }

  async probe(): Promise<Probe> {
    return this.#try(async () => {
      const started = performance.now();
      const { created, state, config } = await this.#manager.streams.info(this.#stream);
      return {
        roundTripMs: performance.now() - started,
        identity: created,
        first: state.first_seq,
        last: state.last_seq,
        bytes: state.bytes,
        limit: config.max_bytes > 0 ? config.max_bytes : null,
        replicas: config.num_replicas,
        maxAgeMs: config.max_age > 0 ? config.max_age / 1_000_000 : null,
      };
    }, `${this.where} does not answer`);
  }

  tell(topic: string, body: Uint8Array): void {
    if (!this.#ended) this.#connection.publish(this.#spoken('say', topic), body);
  }

  hear(topic: string, listener: (body: Uint8Array) => void): Stop {
    return this.#subscribe(this.#spoken('say', topic), ({ data }) => listener(data));
  }

  async ask(topic: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    return this.#try(async () => {
      const answers = await this.#connection.requestMany(this.#spoken('ask', topic), body, {
        strategy: 'count',
        maxMessages: 1,
        maxWait: timeoutMs,
      });
      for await (const { data } of answers) return data;
      throw new TransportFailure('unreachable', 'Nobody answered.');
    }, 'Nobody answered');
  }

  answer(topic: string, answerer: (body: Uint8Array) => Promise<Uint8Array | null>): Stop {
    return this.#subscribe(this.#spoken('ask', topic), (message) => {
      void answerer(message.data).then(
        (answer) => answer && !this.#ended && message.respond(answer),
        () => undefined,
      );
    });
  }

  async putObject(hash: string, bytes: Uint8Array): Promise<void> {
    await this.#try(async () => {
      const store = await this.#bucket();
      const there = await store.info(hash);
      // What somebody put there under this name without having its content is replaced.
      if (there && !there.deleted && digestIn(there.digest) === hash) return;
      await store.putBlob({ name: hash }, bytes, { timeout: 30_000 });
    }, `${this.where} did not take the file`);
  }

  async getObject(hash: string, maxBytes: number): Promise<Uint8Array | null> {
    return this.#try(async () => {
      const store = await this.#bucket();
      const info = await store.info(hash);
      if (info === null || info.deleted) return null;
      if (info.size > maxBytes) throw tooLarge(maxBytes);
      const found = await store.get(hash);
      if (found === null) return null;
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of this.#pieces(found)) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(maxBytes);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks);
    }, `${this.where} does not give the file`);
  }

  async shelved(): Promise<Shelved[]> {
    return this.#try(async () => {
      const shelf = await this.#openShelf(false);
      const files = (await shelf?.list()) ?? [];
      return files
        .filter(({ deleted }) => !deleted)
        .map(({ name, size, metadata }) => ({ name, bytes: size, about: metadata?.['about'] ?? '' }));
    }, `${this.where} does not say what lies there`);
  }

  async shelve(name: string, about: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#try(async () => {
      const shelf = (await this.#openShelf(true))!;
      const content = ReadableStream.from(pieces) as unknown as Parameters<ObjectStore['put']>[1];
      await shelf.put({ name, metadata: { about } }, content, { timeout: 30_000 });
    }, `${this.where} did not take the file`);
  }

  async fromShelf(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    return this.#try(async () => {
      const found = await (await this.#openShelf(false))?.get(name);
      return found ? this.#pieces(found) : null;
    }, `${this.where} does not give the file`);
  }

  async *#pieces({ data, error }: ObjectResult): AsyncIterable<Uint8Array> {
    const what = `${this.where} does not give the whole file`;
    const broken = this.closed.then((why): never => {
      throw why ?? new TransportFailure('closed', `The link to ${this.where} is closed.`);
    });
    broken.catch(() => undefined);
    const reader = data.getReader();
    try {
      for (;;) {
        const { done, value } = await Promise.race([this.#try(() => reader.read(), what), broken]);
        if (done) break;
        yield value;
      }
    } finally {
      void reader.cancel().catch(() => undefined);
    }
    const wrong = await error;
    if (wrong) throw failureOf(wrong, what);
  }

  async unshelve(name: string): Promise<void> {
    await this.#try(
      async () => void (await (await this.#openShelf(false))?.delete(name)),
      `${this.where} keeps the file`,
    );
  }

  async close(): Promise<void> {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#subscriptions.clear();
    this.#end();
  }

  #bucket(): Promise<ObjectStore> {
    const { organisation, place, replicas } = this.#options;
    this.#objects ??= new Objm(this.#js)
      .create(`holdfast-${organisation}-${place}`, { replicas, description: `Holdfast: the files of ${organisation}` })
      .catch((error: unknown) => {
        this.#objects = null;
        throw error;
      });
    return this.#objects;
  }

  /** The bucket of large files; null when nobody made it yet. */
  async #openShelf(make: boolean): Promise<ObjectStore | null> {
    const { organisation, place, replicas } = this.#options;
    const name = `holdfast-${organisation}-${place}-snapshots`;
    const buckets = new Objm(this.#js);
    this.#shelf ??= (
      make
        ? buckets.create(name, { replicas, description: `Holdfast: the snapshots of ${organisation}` })
        : buckets.open(name).catch((error: Error) => {
            if (/not found/i.test(error.message)) return null;
            throw error;
          })
    ).catch((error: unknown) => {
      this.#shelf = null;
      throw error;
    });
    const shelf = await this.#shelf;
    if (shelf) return shelf;
    this.#shelf = null;
    return make ? this.#openShelf(true) : null;
  }

  #spoken(how: 'say' | 'ask', topic: string): string {
    return `holdfast.${this.#options.organisation}.${how}.${topic}`;
  }

  #subscribe(
    subject: string,
    take: (message: Parameters<NonNullable<Parameters<NatsConnection['subscribe']>[1]>['callback'] & {}>[1]) => void,
  ): Stop {
    const subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (!error) take(message);
      },
    });
    this.#subscriptions.add(subscription);
    return () => {
      this.#subscriptions.delete(subscription);
      if (!this.#connection.isClosed()) subscription.unsubscribe();
    };
  }

  async #try<T>(work: () => Promise<T>, what: string): Promise<T> {
    if (this.#ended) throw new TransportFailure('closed', `The link to ${this.where} is closed.`);
    try {
      return await work();
    } catch (error) {
      throw failureOf(error, what);
    }
  }
}

/** The hash that a server says a file has, hexadecimal. */
function digestIn(digest: string | undefined): string {
  return Buffer.from(digest?.replace(/^SHA-256=/, '') ?? '', 'base64url').toString('hex');
}

function tooLarge(maxBytes: number): TransportFailure {
  return new TransportFailure('too-large', `The file is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB.`);
}
