/**
 * What a place where consoles meet must offer. Invariant: a transport carries bytes and promises nothing about them; it
 * may lose, repeat, delay or invent messages, and whoever reads checks signatures and chains (`store.ingest`). What it
 * says it has stored, it has stored durably, and its sequence numbers only grow as long as its `identity` stays the same.
 */

/** One message on its way: one console's ops, packed by `wire.ts`. */
export interface Outgoing {
  /** Console whose ops it carries. */
  console: string;
  /** The same for the same content: publishing again within the transport's memory stores nothing. */
  id: string;
  body: Uint8Array;
}

/** A message as it is read: nothing about it is believed. */
export interface Arrived {
  /** Place in the stream, from 1. */
  seq: number;
  /** As its address claims. */
  console: string;
  /** The id that it was published under, as it claims; empty when it says none. */
  id: string;
  body: Uint8Array;
  /** How many are behind it in the stream when it was handed over. */
  pending: number;
}

export interface Stored {
  seq: number;
  /** Whether it was there already. */
  duplicate: boolean;
}

/** What a probe saw of the other side, by a round trip of our own. */
export interface Probe {
  roundTripMs: number;
  /** Changes when the stream was made anew: everything remembered about it is then void. */
  identity: string;
  /** Sequence numbers of the oldest and newest message; `last` is 0 in an empty stream. */
  first: number;
  last: number;
  bytes: number;
  /** Most bytes it takes; null when it has no limit. */
  limit: number | null;
  /** On how many servers each message is kept. */
  replicas: number;
  /** After how long it lets a message go, ms; null when it keeps them. */
  maxAgeMs: number | null;
}

/** A large file as it lies at a place: nothing about it is believed. */
export interface Shelved {
  name: string;
  bytes: number;
  /** What whoever put it there says of it. */
  about: string;
}

/** What went wrong. `kind` says what helps: wait (`unreachable`), credentials (`refused`), room (`full`), the set-up (`setup`). */
export class TransportFailure extends Error {
  readonly kind: 'unreachable' | 'refused' | 'full' | 'setup' | 'closed' | 'too-large';
  constructor(kind: TransportFailure['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TransportFailure';
    this.kind = kind;
  }
}

export type Stop = () => void;

/** Every method may throw a TransportFailure, whose message is one sentence. */
export interface Transport {
  /** Where that is, as people read it: an address, a folder. */
  readonly where: string;
  /** Largest body that is taken, bytes. */
  readonly maxBody: number;
  /** Stores a message durably. Several may be on their way at once; they are stored in the order of the calls. */
  publish(message: Outgoing): Promise<Stored>;
  /** The messages after number `after`, in order, then those that come, until `signal` aborts or the connection is gone. */
  read(after: number, signal: AbortSignal): AsyncIterable<Arrived>;
  /** The newest message that carries ops of `console`, or null. */
  newestOf(console: string): Promise<Arrived | null>;
  probe(signal?: AbortSignal): Promise<Probe>;
  /** Says something to whoever listens now; it is not stored, and nobody may hear it. `topic` is one word. */
  tell(topic: string, body: Uint8Array): void;
  hear(topic: string, listener: (body: Uint8Array) => void): Stop;
  /** Asks whoever answers `topic`; the first answer counts. */
  ask(topic: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Answers questions; null leaves the answer to others. */
  answer(topic: string, answerer: (body: Uint8Array) => Promise<Uint8Array | null>): Stop;
  /** Keeps bytes under their hash (SHA-256, hex). Putting what is there already does nothing. */
  putObject(hash: string, bytes: Uint8Array): Promise<void>;
  /** The bytes under a hash, unchecked, or null. Stops reading above `maxBytes`. */
  getObject(hash: string, maxBytes: number): Promise<Uint8Array | null>;
  /** The large files that lie there; whoever has no room for one in memory reads it piece by piece. */
  shelved(): Promise<Shelved[]>;
  /** @param about at most 16 KiB */
  shelve(name: string, about: string, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** The pieces of a file, unchecked, or null. Throws in between when it is taken away meanwhile. */
  fromShelf(name: string): Promise<AsyncIterable<Uint8Array> | null>;
  unshelve(name: string): Promise<void>;
  /** Resolves when it can't be used any more, with the reason; it never comes back, a new one has to be opened. */
  readonly closed: Promise<TransportFailure | null>;
  close(): Promise<void>;
}
