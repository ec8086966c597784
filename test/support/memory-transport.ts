/**
 * A place where consoles meet that lives in memory, with the faults that a test wants. Messages, objects and listeners are
 * the place's; each console opens a transport of its own on it.
 */
import { ReadableStream } from 'node:stream/web';
import {
  TransportFailure,
  type Arrived,
  type Outgoing,
  type Probe,
  type Shelved,
  type Stored,
  type Transport,
} from '../../electron/engine/sync/transport.ts';

type Listener = (body: Uint8Array) => void;
type Answerer = (body: Uint8Array) => Promise<Uint8Array | null>;

export class MemoryPlace {
  identity = 'memory-1';
  readonly messages: Outgoing[] = [];
  readonly objects = new Map<string, Uint8Array>();
  readonly shelf = new Map<string, { about: string; bytes: Uint8Array }>();
  /** Number of the oldest message that it still has. */
  first = 1;
  readonly listeners = new Map<string, Set<Listener>>();
  readonly answerers = new Map<string, Set<Answerer>>();
  /** Thrown by every call while it is set. */
  failure: TransportFailure | null = null;
  maxBody = 1024 * 1024;
  readonly #waiting = new Set<() => void>();
  readonly #open = new Set<(why: TransportFailure) => void>();
  #made = 1;

  open(): Transport {
    this.check();
    return new MemoryTransport(this);
  }

  check(): void {
    if (this.failure) throw this.failure;
  }

  add(message: Outgoing): Stored {
    this.check();
    const known = this.messages.findIndex(({ id }) => id === message.id);
    if (known >= 0) return { seq: known + 1, duplicate: true };
    this.messages.push(message);
    this.wake();
    return { seq: this.messages.length, duplicate: false };
  }

  /** Forgets everything stored from number `from` on and calls itself anew, as a place that was restored from a backup. */
  wipe(from = 1): void {
    this.messages.splice(from - 1);
    this.identity = `memory-${++this.#made}`;
  }

  /** Ends every open transport. */
  cut(why = new TransportFailure('unreachable', 'The place is gone.')): void {
    for (const end of this.#open) end(why);
    this.wake();
  }

  wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  onCut(end: (why: TransportFailure) => void): () => void {
    this.#open.add(end);
    return () => this.#open.delete(end);
  }

  /** Resolves at the next message, or when something ends. */
  more(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }
}

class MemoryTransport implements Transport {
  readonly where = 'memory';
  readonly closed: Promise<TransportFailure | null>;
  readonly #place: MemoryPlace;
  readonly #stops: (() => void)[] = [];
  #ended = false;
  #end: (why: TransportFailure | null) => void = () => {};

  constructor(place: MemoryPlace) {
    this.#place = place;
    this.closed = new Promise((resolve) => {
      this.#end = (why) => {
        this.#ended = true;
        for (const stop of this.#stops.splice(0)) stop();
        resolve(why);
      };
    });
    this.#stops.push(place.onCut(this.#end));
  }

  get maxBody(): number {
    return this.#place.maxBody;
  }

  async publish(message: Outgoing): Promise<Stored> {
    this.#check();
    return this.#place.add(message);
  }

  async *read(after: number, signal: AbortSignal): AsyncIterable<Arrived> {
    const wake = () => this.#place.wake();
    signal.addEventListener('abort', wake);
    for (let seq = Math.max(after + 1, this.#place.first); !signal.aborted; seq++) {
      while (seq > this.#place.messages.length) {
        this.#check();
        await this.#place.more();
        if (signal.aborted) return;
      }
      this.#check();
      const { console, id, body } = this.#place.messages[seq - 1]!;
      yield { seq, console, id, body, pending: this.#place.messages.length - seq };
    }
  }

  async newestOf(console: string): Promise<Arrived | null> {
    this.#check();
    const at = this.#place.messages.findLastIndex((message) => message.console === console);
    return at < this.#place.first - 1 ? null : { ...this.#place.messages[at]!, seq: at + 1, pending: 0 };
  }

  async probe(): Promise<Probe> {
    this.#check();
    const { messages, identity } = this.#place;
    const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
    return {
      roundTripMs: 0,
      identity,
      first: this.#place.first,
      last: messages.length,
      bytes,
      limit: null,
      replicas: 1,
      maxAgeMs: null,
    };
  }

  async shelved(): Promise<Shelved[]> {
    this.#check();
    return [...this.#place.shelf].map(([name, { about, bytes }]) => ({ name, about, bytes: bytes.length }));
  }

  async shelve(name: string, about: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    this.#check();
    this.#place.shelf.set(name, { about, bytes: Buffer.concat(all) });
  }

  async fromShelf(name: string): Promise<AsyncIterable<Uint8Array> | null> {
    this.#check();
    const found = this.#place.shelf.get(name);
    return found ? ReadableStream.from([found.bytes]) : null;
  }

  async unshelve(name: string): Promise<void> {
    this.#check();
    this.#place.shelf.delete(name);
  }

  tell(topic: string, body: Uint8Array): void {
    if (this.#ended) return;
    for (const listener of this.#place.listeners.get(topic) ?? []) queueMicrotask(() => listener(body));
  }

  hear(topic: string, listener: Listener): () => void {
    return this.#add(this.#place.listeners, topic, listener);
  }

  async ask(topic: string, body: Uint8Array): Promise<Uint8Array> {
    this.#check();
    for (const answerer of this.#place.answerers.get(topic) ?? []) {
      const answer = await answerer(body);
      if (answer) return answer;
    }
    throw new TransportFailure('unreachable', 'Nobody answered.');
  }

  answer(topic: string, answerer: Answerer): () => void {
    return this.#add(this.#place.answerers, topic, answerer);
  }

  async putObject(hash: string, bytes: Uint8Array): Promise<void> {
    this.#check();
    this.#place.objects.set(hash, bytes);
  }

  async getObject(hash: string, maxBytes: number): Promise<Uint8Array | null> {
    this.#check();
    const bytes = this.#place.objects.get(hash) ?? null;
    if (bytes && bytes.length > maxBytes)
      throw new TransportFailure('too-large', `It is larger than ${maxBytes} bytes.`);
    return bytes;
  }

  async close(): Promise<void> {
    this.#end(null);
    this.#place.wake();
  }

  #check(): void {
    this.#place.check();
    if (this.#ended) throw new TransportFailure('closed', 'The link is closed.');
  }

  #add<T>(registry: Map<string, Set<T>>, topic: string, one: T): () => void {
    const set = registry.get(topic) ?? new Set<T>();
    registry.set(topic, set.add(one));
    const stop = () => void set.delete(one);
    this.#stops.push(stop);
    return stop;
  }
}
