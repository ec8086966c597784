/**
 * Sending to a place what it lacks. Invariant: a console's ops go out in order, and `through` moves only when the place
 * confirmed them, so that whatever breaks, what was not confirmed is sent again under the same message id.
 *
 * Own ops leave at once. Ops of others that we hold and the place does not (it lost them, they came by bundle or by a
 * store's own server) leave after a random while, because every console that holds them would send them.
 */
import type { Store } from '../store/store.ts';
import type { Pieces } from './pieces.ts';
import { isWhole } from './inbox.ts';
import { TransportFailure, type Transport } from './transport.ts';
import { BadMessage, messageId, pack, unpack } from './wire.ts';

/** Messages and bytes that may be on their way unconfirmed. */
const IN_FLIGHT = 32;
/** How long a place that is full is left alone, ms. */
const REST_MS = 3000;
const IN_FLIGHT_BYTES = 8 * 1024 * 1024;

export interface OutboxOptions {
  store: Store;
  pieces: Pieces;
  /** Up to which of each console's ops the place has them. */
  through: Map<string, number>;
  /** How long before ops of others are sent, ms. */
  patienceMs: () => number;
  /** Which ops lie there in a snapshot; null at a place that never let a message go. */
  kept: (() => Promise<ReadonlyMap<string, { seq: number; head: string }>>) | null;
  /** Called after each confirmation. */
  sent: () => void;
  /** Called with a sentence when the place takes nothing for now, though the link stands: it is full. */
  blocked: (sentence: string) => void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #transport: Transport;
  /** Since when the place lacks something of a console, as far as was seen, ms of `performance.now`. */
  readonly #lacking = new Map<string, number>();
  #own: Promise<void> | null = null;
  #relaying: Promise<void> | null = null;
  #failed: (error: TransportFailure) => void = () => {};
  /** Rejects when the place takes nothing more. */
  readonly failure: Promise<never>;
  #stopped = false;
  /** Until when nothing is tried, because the place had no room or something goes before, ms of `performance.now`. */
  #restsUntil = 0;

  constructor(options: OutboxOptions, transport: Transport) {
    this.#options = options;
    this.#transport = transport;
    this.failure = new Promise((_, reject) => {
      this.#failed = (error) => {
        this.#stopped = true;
        reject(error);
      };
    });
    this.failure.catch(() => undefined);
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Sends nothing for so long, ms. */
  rest(ms: number): void {
    this.#restsUntil = performance.now() + ms;
  }

  /** Own ops that the place has not confirmed. */
  get waiting(): number {
    const { store, through } = this.#options;
    return Math.max(0, (store.head?.seq ?? 0) - (through.get(store.console) ?? 0));
  }

  /**
   * Asks the place what it has of `console`, which is believed only as far as we hold the same op. Messages that a place let
   * go in time are not missing there: what it once confirmed in this same stream, and what lies there in a snapshot, it had.
   */
  async compare(console: string): Promise<void> {
    const { store, through } = this.#options;
    const newest = await this.#transport.newestOf(console);
    let has = 0;
    if (newest) {
      try {
        const { last, head, console: of, first, from = first, ops } = unpack(newest.body);
        // What went as a link because there was no room is not there before the message after it.
        const cut = ops.findIndex((op) => !isWhole(op));
        if (of === console && store.log.idAt(console, last) === head) has = cut < 0 ? last : from + cut - 1;
        else if (of === console && (store.log.head(console)?.seq ?? 0) < last) has = through.get(console) ?? 0;
      } catch (error) {
        if (!(error instanceof BadMessage)) throw error;
      }
    }
    if (!newest && this.#options.kept) {
      has = Math.min(through.get(console) ?? 0, store.log.tip(console)?.seq ?? 0);
      const head = (await this.#options.kept()).get(console);
      if (head && head.seq > has && store.log.idAt(console, head.seq) === head.head) has = head.seq;
    }
    through.set(console, has);
  }

  /** Sends own ops that wait, unless that is going on. */
  send(): void {
    if (this.#stopped || this.#own !== null || this.waiting === 0 || performance.now() < this.#restsUntil) return;
    this.#own = this.#sendOwn().then(
      () => {
        this.#own = null;
        if (this.waiting > 0) this.send();
      },
      (error: unknown) => this.#end(error),
    );
  }

  /** Sends what the place has lacked of others for long enough. */
  relay(): void {
    const now = performance.now();
    if (this.#stopped || this.#relaying || now < this.#restsUntil) return;
    const due: string[] = [];
    for (const { id, seq } of this.#options.store.log.consoles()) {
      if (id === this.#options.store.console) continue;
      if (this.#reach(id, seq) <= (this.#options.through.get(id) ?? 0)) this.#lacking.delete(id);
      else if (!this.#lacking.has(id)) this.#lacking.set(id, now + this.#options.patienceMs());
      else if (this.#lacking.get(id)! <= now) due.push(id);
    }
    if (due.length === 0) return;
    this.#relaying = this.#relay(due).then(
      () => {
        this.#relaying = null;
      },
      (error: unknown) => this.#end(error),
    );
  }

  /** Ops of others that the place lacks. */
  get refilling(): number {
    let count = 0;
    for (const { id, seq } of this.#options.store.log.consoles())
      if (this.#lacking.has(id)) count += Math.max(0, this.#reach(id, seq) - (this.#options.through.get(id) ?? 0));
    return count;
  }

  /**
   * How far we can send on: a place must have a console's ops without a gap, because the newest message there says what it
   * has. Where a part is missing here, whoever wrote it sends it.
   */
  #reach(console: string, seq: number): number {
    const { store, through } = this.#options;
    return store.links.last(console) === 0 ? seq : store.log.reach(console, (through.get(console) ?? 0) + 1);
  }

  async #sendOwn(): Promise<void> {
    const { store, pieces, through } = this.#options;
    let next = (through.get(store.console) ?? 0) + 1;
    await this.#pipeline(store.console, () => {
      const piece = pieces.own(next);
      if (piece) next = piece.slice.last + 1;
      return piece;
    });
  }

  async #relay(consoles: readonly string[]): Promise<void> {
    const { store, pieces, through } = this.#options;
    for (const console of consoles) {
      await this.compare(console);
      const from = (through.get(console) ?? 0) + 1;
      const reach = this.#reach(console, store.log.head(console)?.seq ?? 0);
      if (from > reach) continue;
      const rest = pieces.others(console, from, reach);
      await this.#pipeline(console, () => rest.next().value ?? null);
      this.#lacking.delete(console);
    }
  }

  /** Publishes piece after piece, several unconfirmed at a time. */
  async #pipeline(console: string, next: () => ReturnType<Pieces['own']>): Promise<void> {
    const { through, sent } = this.#options;
    const flying: { last: number; bytes: number; done: Promise<unknown> }[] = [];
    let bytes = 0;
    const land = async () => {
      const first = flying[0]!;
      await first.done;
      flying.shift();
      bytes -= first.bytes;
      if ((through.get(console) ?? 0) < first.last) through.set(console, first.last);
      sent();
    };
    try {
      for (let piece = next(); piece && !this.#stopped; piece = next()) {
        const body = pack(piece.slice);
        if (body.length > this.#transport.maxBody) {
          const most = Math.floor(this.#transport.maxBody / 1024);
          throw new TransportFailure(
            'too-large',
            `${this.#transport.where} takes messages of at most ${most} KiB, and an op needs more: raise its max_payload.`,
          );
        }
        while (flying.length >= IN_FLIGHT || (flying.length > 0 && bytes + body.length > IN_FLIGHT_BYTES)) await land();
        const done = this.#transport.publish({ console, id: messageId(piece.slice, piece.from), body });
        done.catch(() => undefined);
        flying.push({ last: piece.slice.last, bytes: body.length, done });
        bytes += body.length;
        if (flying.length === 1) await Promise.resolve();
      }
    } finally {
      while (flying.length > 0) await land();
    }
  }

  #end(error: unknown): void {
    this.#own = null;
    this.#relaying = null;
    if (error instanceof TransportFailure && (error.kind === 'full' || error.kind === 'too-large')) {
      this.rest(REST_MS);
      this.#options.blocked(error.message);
      return;
    }
    this.#failed(
      error instanceof TransportFailure
        ? error
        : new TransportFailure('unreachable', `Sending failed: ${(error as Error).message}.`, { cause: error }),
    );
  }
}
