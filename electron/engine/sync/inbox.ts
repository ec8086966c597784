/**
 * Reading a place. Invariant: the cursor passes a message only when its ops are in the log, in quarantine, or counted as
 * none; a bad message stops nothing and costs one sentence; between two batches everything else of the engine gets its turn.
 *
 * A console's ops come in the order in which it wrote them. Where some are missing in between (a place that lost them), what
 * follows is held back for a while, because its author or somebody else will send them again; then it is taken as the part
 * of a chain that it is. Ops of a console that does not count here are looked at once and left where they are; when it is
 * enrolled, reading goes back to them.
 */
import { hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Incoming, Standing } from '../store/ingest.ts';
import type { Store } from '../store/store.ts';
import type { Arrived, Transport } from './transport.ts';
import { BadMessage, readMessageId, unpack } from './wire.ts';

/** Ops that are taken in one transaction at most; so long is the engine away for others. */
const BATCH_OPS = 1000;
/** How long messages are gathered for one transaction while more are coming, ms. */
const GATHER_MS = 40;
/** How long what does not join is held back, ms, and how much of it, bytes. */
const HOLD_MS = 20_000;
const HOLD_BYTES = 32 * 1024 * 1024;

export interface InboxState {
  /** Number of the last message whose ops are in the log. */
  cursor: number;
  /** Hash of that message; empty when it is not known. */
  mark: string;
  /** Up to which of each console's ops the place has them. */
  through: Map<string, number>;
  /** The first message of each console that does not count here. */
  strangers: Map<string, number>;
}

export interface InboxOptions {
  store: Store;
  /** Name of the place, kept with what is quarantined. */
  origin: string;
  state: InboxState;
  now: () => number;
  /** Called after every batch. */
  read: (taken: { applied: number; behind: number; consoles: ReadonlySet<string>; live: boolean }) => void;
  /** Called with a sentence for each message that is refused, and with its console where it is of one that does not count. */
  refused: (sentence: string, stranger?: string) => void;
}

/** A place in the stream: the number of a message and its hash. */
interface Point {
  seq: number;
  mark: string;
}

interface Held {
  seq: number;
  slice: Incoming;
  bytes: number;
  since: number;
  /** The message before it. */
  before: Point;
}

export class Inbox {
  readonly #options: InboxOptions;
  readonly #held: Held[] = [];
  #heldBytes = 0;
  readonly #counting = new Set<string>();
  /** Up to which number each console's ops are here without a gap before them, as far as this reading knows. */
  readonly #tips = new Map<string, number>();
  /** Number of the last message that was looked at. */
  #seen = 0;
  #seenMark = '';
  #rewind = false;
  #stop = new AbortController();

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#seen = options.state.cursor;
  }

  /** Looks again whether strangers count by now; true when reading has to begin anew at the state's cursor. */
  welcome(): boolean {
    this.#counting.clear();
    const { store, state } = this.#options;
    let from = Infinity;
    for (const [console, seq] of state.strangers) {
      if (store.standing(console).access !== 'enrolled') continue;
      from = Math.min(from, seq);
      state.strangers.delete(console);
    }
    if (from === Infinity) return false;
    state.cursor = Math.min(state.cursor, from - 1);
    state.mark = '';
    this.#rewind = true;
    this.#stop.abort();
    return true;
  }

  /** Reads until `signal` aborts. @throws TransportFailure when the place is gone; Refusal when the disk takes nothing. */
  async run(transport: Transport, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#rewind = false;
      this.#seen = this.#options.state.cursor;
      this.#seenMark = this.#options.state.mark;
      this.#held.splice(0);
      this.#heldBytes = 0;
      this.#stop = new AbortController();
      await this.#readOn(transport, AbortSignal.any([signal, this.#stop.signal]));
    }
  }

  async #readOn(transport: Transport, signal: AbortSignal): Promise<void> {
    let batch: { message: Arrived; slice: Incoming; before: Point }[] = [];
    let ops = 0;
    let began = 0;
    let idle: NodeJS.Timeout | undefined;
    let failed: unknown = null;
    const take = (pending: number) => {
      clearTimeout(idle);
      idle = undefined;
      const taken = batch;
      batch = [];
      ops = 0;
      this.#take(taken, pending);
    };
    try {
      for await (const message of transport.read(this.#seen, signal)) {
        if (this.#rewind) return;
        const slice = this.#open(message);
        const before = { seq: this.#seen, mark: this.#seenMark };
        this.#seen = message.seq;
        this.#seenMark = markOf(message.body);
        if (slice) {
          if (batch.length === 0) began = performance.now();
          batch.push({ message, slice, before });
          ops += slice.ops.length;
        }
        if (message.pending > 0 && ops < BATCH_OPS && (batch.length === 0 || performance.now() - began < GATHER_MS)) {
          if (batch.length === 0 && message.seq % 64 === 0) this.#passed(message.pending, 0, new Set(), false);
          // What was announced may not come, or come late.
          if (batch.length > 0)
            idle ??= setTimeout(() => {
              try {
                if (!this.#rewind) take(message.pending);
              } catch (error) {
                failed = error;
                this.#stop.abort();
              }
            }, GATHER_MS);
          continue;
        }
        take(message.pending);
        if (message.pending > 0) await turn();
        if (this.#rewind) return;
      }
      if (failed) throw failed;
    } finally {
      clearTimeout(idle);
    }
  }

  /** What is in a message, or null when there is nothing to take; why is said. */
  #open(message: Arrived): Incoming | null {
    const { store, state, refused } = this.#options;
    if (message.console === store.console && this.#isEcho(message.id)) return null;
    try {
      const slice = unpack(message.body);
      if (slice.console !== message.console)
        throw new BadMessage(`It is addressed as from console ${message.console} and carries ops of ${slice.console}.`);
      const { console, last, head } = slice;
      if (console === store.console && store.log.idAt(console, last) === head) {
        this.#reached(slice);
        return null;
      }
      const access = this.#access(console);
      // It may be let in again; then reading goes back to this.
      if (access === 'revoked' && last > store.standing(console).through && !state.strangers.has(console))
        state.strangers.set(console, message.seq);
      if (access === 'stranger') {
        const known = state.strangers.has(console);
        if (!known) state.strangers.set(console, message.seq);
        refused(
          `Message ${message.seq} is from console ${console}, which is not enrolled here; it waits there.`,
          console,
        );
        return known && !slice.ops.some(isRequest) ? null : slice;
      }
      return slice;
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      refused(`Message ${message.seq} of console ${message.console} is left out: ${error.message}`);
      return null;
    }
  }

  /** Whether it carries what this console wrote and still has. */
  #isEcho(id: string): boolean {
    const { store } = this.#options;
    const end = readMessageId(id);
    if (!end || end.console !== store.console || !this.#isHere(end)) return false;
    this.#sentThrough(end);
    return true;
  }

  #take(batch: { message: Arrived; slice: Incoming; before: Point }[], pending: number): void {
    const { store, origin, now, state } = this.#options;
    const ready: Incoming[] = [];
    /** How far each console's chain reaches with what is ready. */
    const reach = new Map<string, number>();
    const joins = (slice: Incoming): boolean => {
      const { console, from = slice.first } = slice;
      if (from === 1 || this.#access(console) !== 'enrolled') return true;
      if (Math.max(reach.get(console) ?? 0, this.#tips.get(console) ?? 0) >= from - 1) return true;
      return store.log.idAt(console, from - 1) !== null || store.links.idAt(console, from - 1) !== null;
    };
    const add = (slice: Incoming) => {
      ready.push(slice);
      reach.set(slice.console, Math.max(reach.get(slice.console) ?? 0, slice.last));
    };
    for (const { message, slice, before } of batch) {
      if (joins(slice)) add(slice);
      else this.#hold({ seq: message.seq, slice, bytes: message.body.length, since: now(), before });
    }
    for (let again = this.#held.length > 0; again;) {
      again = false;
      for (const held of this.#held.toSorted((a, b) => a.seq - b.seq)) {
        const late = now() - held.since > HOLD_MS || this.#heldBytes > HOLD_BYTES;
        if (!late && !joins(held.slice)) continue;
        this.#release(held);
        add(held.slice);
        again = true;
      }
    }
    if (ready.length === 0) return this.#passed(pending, 0, new Set(), false);
    const result = store.ingest(ready, origin, true);
    const consoles = new Set<string>();
    const all = result.quarantined.length === 0;
    for (const slice of ready) {
      const { console, last, ops } = slice;
      consoles.add(console);
      if (all && ops.length === last - (slice.from ?? slice.first) + 1 && ops.every(isWhole)) {
        this.#tips.set(console, last);
        if ((state.through.get(console) ?? 0) < last) state.through.set(console, last);
      } else this.#reached(slice);
    }
    for (const { console, seq, reason } of result.quarantined.slice(0, 1))
      this.#options.refused(
        `Op ${seq} of console ${console} is kept out: ${reason}`,
        this.#access(console) === 'enrolled' ? undefined : console,
      );
    this.#passed(pending, result.applied, consoles, pending === 0);
  }

  /** Takes what was held back for too long; call from time to time. */
  settle(): void {
    if (this.#held.length > 0) this.#take([], 0);
  }

  get holding(): boolean {
    return this.#held.length > 0;
  }

  /** What a console may; asked once for those that are enrolled, until somebody's access changes. */
  #access(console: string): Standing['access'] {
    if (this.#counting.has(console)) return 'enrolled';
    const { access } = this.#options.store.standing(console);
    if (access === 'enrolled') this.#counting.add(console);
    return access;
  }

  #hold(held: Held): void {
    this.#held.push(held);
    this.#heldBytes += held.bytes;
  }

  #release(held: Held): void {
    this.#held.splice(this.#held.indexOf(held), 1);
    this.#heldBytes -= held.bytes;
  }

  #reached(slice: Pick<Incoming, 'console' | 'last' | 'head'>): void {
    // Only what is here as well: a message that claims more than it carries must not keep us from sending.
    if (this.#isHere(slice)) this.#sentThrough(slice);
  }

  #isHere({ console, last, head }: Pick<Incoming, 'console' | 'last' | 'head'>): boolean {
    const { store } = this.#options;
    const own = console === store.console && store.head?.seq === last ? store.head.id : null;
    return (own ?? store.log.idAt(console, last)) === head;
  }

  #sentThrough({ console, last }: Pick<Incoming, 'console' | 'last'>): void {
    const { through } = this.#options.state;
    if ((through.get(console) ?? 0) < last) through.set(console, last);
  }

  #passed(behind: number, applied: number, consoles: ReadonlySet<string>, live: boolean): void {
    const { state, read } = this.#options;
    if (this.#rewind) return;
    const seen = { seq: this.#seen, mark: this.#seenMark };
    const { seq, mark } = this.#held.reduce((least, { before }) => (before.seq < least.seq ? before : least), seen);
    state.cursor = seq;
    state.mark = mark;
    read({ applied, behind, consoles, live });
  }
}

/** Whether it says that it asks to be enrolled: then it is looked at also when its console does not count. */
function isRequest(op: unknown): boolean {
  return (op as { type?: unknown } | null)?.type === 'console.request';
}

/** Whether it is an op, and not only the link of one. */
export function isWhole(op: unknown): boolean {
  return typeof op === 'object' && op !== null && 'id' in op;
}

/** By which a message of a stream is known again. */
export function markOf(body: Uint8Array): string {
  return hash('sha256', body, 'base64url');
}

/** Whether it is the disk that failed, and not the place. */
export function isStorage(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code === 'storage';
}
