/**
 * The newest open incidents before everything else, when much waits. A console's chain is read in its order, so what was
 * written last would be seen last; therefore copies of the ops of the newest incidents travel ahead of their chains, as
 * slices that their author's signature covers. Invariants: a copy is taken by the same road as any op and believed for the
 * same reasons; none is stored at the place and nobody waits for one, so one that is lost costs nothing: its ops come in
 * their turn.
 *
 * Who has much to send says them to whoever listens. Who has much to read asks one that is up to date for them.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { z } from 'zod';
import { ConsoleId } from '../../../shared/ops/op.ts';
import type { Slice } from '../../../shared/ops/segment.ts';
import { ProofSource, slicesOf } from '../bundles/slices.ts';
import { storyOps } from '../bundles/story.ts';
import { newestOpen } from '../incidents/rows.ts';
import type { Incoming } from '../store/ingest.ts';
import { linkOf } from '../store/log.ts';
import type { Store } from '../store/store.ts';
import { isStorage, isWhole } from './inbox.ts';
import { TransportFailure, type Stop, type Transport } from './transport.ts';
import { BadMessage, pack, unpack } from './wire.ts';

/** So many ops have to wait before copies are worth what they cost: each part of a chain is stated in the log of who takes it. */
const MUCH = 1000;
/** How long sending and reading wait for the copies to be through, ms. */
export const HEAD_START_MS = { send: 150, read: 1000 };
/** Incidents of which copies are made, and the ops of one of them, the newest. */
const INCIDENTS = 3;
const INCIDENT_OPS = 2000;
/** Bytes of copies that are made at once. */
const MOST_BYTES = 8 * 1024 * 1024;
/** Messages behind which a reader asks at all. */
const MUCH_BEHIND = 5;
/** How many answer who is up to date, on average; the first counts. */
const ANSWER_MANY = 10;
/** How long who is up to date, and then its answer, is waited for, ms. */
const WHO_MS = 500;
const ANSWER_MS = 3000;

const SAID = 'ahead';
const WHO = 'ahead-who';
const ask = (console: string): string => `ahead-${console}`;

const Question = z.object({
  /** How far the asker has each console's ops without a gap. */
  have: z.record(ConsoleId, z.int().min(0)),
  /** How many copies it was given before. */
  skip: z.int().min(0),
});

export interface AheadOptions {
  store: Store;
  origin: string;
  /** Up to which of its ops the place has a console's. */
  through: ReadonlyMap<string, number>;
  /** Messages of the place that were not read yet. */
  behind: () => number;
  /** How many consoles are there. */
  here: () => number;
  refused: (sentence: string) => void;
}

export class Ahead {
  readonly #options: AheadOptions;
  readonly #transport: Transport;
  readonly #source: ProofSource;
  readonly #stops: Stop[] = [];
  /** Up to which own op copies were said. */
  #said = 0;
  #came: Incoming[] = [];
  #due: NodeJS.Immediate | undefined;
  #stopped = false;

  constructor(options: AheadOptions, transport: Transport) {
    this.#options = options;
    this.#transport = transport;
    this.#source = new ProofSource(options.store.db);
    const { console } = options.store;
    this.#stops.push(
      transport.hear(SAID, (body) => this.#hear(body)),
      transport.answer(WHO, async (body) =>
        options.behind() === 0 &&
        Math.random() < ANSWER_MANY / options.here() &&
        Buffer.from(body).toString('utf8') !== console
          ? Buffer.from(console)
          : null,
      ),
      transport.answer(ask(console), async (body) => this.#answer(body)),
    );
  }

  stop(): void {
    this.#stopped = true;
    clearImmediate(this.#due);
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Says copies of own ops that wait, when many do; whether it said any. */
  say(): boolean {
    const { store, through } = this.#options;
    const sent = through.get(store.console) ?? 0;
    const last = store.head?.seq ?? 0;
    if (this.#stopped || last - sent < MUCH) return false;
    const from = Math.max(sent, this.#said);
    if (from >= last) return false;
    this.#said = last;
    let any = false;
    for (const body of this.#copies((console) => (console === store.console ? from : null))) {
      this.#transport.tell(SAID, body);
      any = true;
    }
    return any;
  }

  /** Asks for copies of what a reader that is `behind` by so many messages has not read. Never rejects. */
  async fetch(behind: number): Promise<void> {
    // When all come back at once, each with a few ops, nobody is up to date, and everybody would be asked by everybody.
    if (behind < Math.max(MUCH_BEHIND, this.#options.here())) return;
    const { store } = this.#options;
    try {
      const who = Buffer.from(await this.#transport.ask(WHO, Buffer.from(store.console), WHO_MS)).toString('utf8');
      if (this.#stopped || !ConsoleId.safeParse(who).success || store.standing(who).access !== 'enrolled') return;
      const have = Object.fromEntries(store.log.consoles().map(({ id }) => [id, store.log.reach(id, 1)]));
      for (let skip = 0; !this.#stopped;) {
        const body = Buffer.from(JSON.stringify({ have, skip } satisfies z.infer<typeof Question>));
        const copies = framed(await this.#transport.ask(ask(who), body, ANSWER_MS));
        if (this.#stopped || copies.length === 0) return;
        for (const copy of copies) this.#hear(copy);
        this.#take();
        skip += copies.length;
        await turn();
      }
    } catch (error) {
      // Nobody is there, or not any more: everything comes in its turn.
      if (!(error instanceof TransportFailure)) throw error;
    }
  }

  #answer(body: Uint8Array): Uint8Array | null {
    const { store } = this.#options;
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(body).toString('utf8'));
    } catch {
      return null;
    }
    const parsed = Question.safeParse(value);
    if (!parsed.success) return null;
    const { have, skip } = parsed.data;
    const lacks = store.log.consoles().reduce((sum, { id, seq }) => sum + Math.max(0, seq - (have[id] ?? 0)), 0);
    if (lacks < MUCH) return Buffer.alloc(0);
    const frames: Buffer[] = [];
    let bytes = 0;
    let at = 0;
    for (const copy of this.#copies((console) => have[console] ?? 0)) {
      if (at++ < skip) continue;
      if (bytes + copy.length + 4 > this.#transport.maxBody) break;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(copy.length);
      frames.push(length, copy);
      bytes += copy.length + 4;
    }
    return Buffer.concat(frames);
  }

  /**
   * The newest open incident's ops, then the next one's: of each console those after the number that `from` gives, none
   * where it gives null.
   */
  *#copies(from: (console: string) => number | null): Generator<Buffer> {
    const { store } = this.#options;
    let bytes = 0;
    for (const incident of newestOpen(store.db, INCIDENTS)) {
      for (const [console, seqs] of storyOps(store.db, incident, { subjects: [], since: 0, until: 0 })) {
        const after = from(console);
        if (after === null) continue;
        const wanted = seqs.filter((seq) => seq > after).slice(-INCIDENT_OPS);
        for (const slice of slicesOf(this.#source, console, wanted)) {
          const body = this.#fitting(slice);
          if (body === null) continue;
          bytes += body.length;
          if (bytes > MOST_BYTES) return;
          yield body;
        }
      }
    }
  }

  /** A slice as a message that is taken, the oldest ops as links when it is too large; null when none would be left. */
  #fitting(slice: Slice): Buffer | null {
    // Room for what frames it in an answer.
    const most = this.#transport.maxBody - 4;
    for (let { ops } = slice; ;) {
      const body = pack({ ...slice, ops });
      if (body.length <= most) return body;
      const whole = ops.filter((op) => 'id' in op);
      if (whole.length < 2) return null;
      const fewer = new Set(whole.slice(0, Math.ceil(whole.length / 2)));
      ops = ops.map((op) => {
        if (!('id' in op) || !fewer.has(op)) return op;
        const { scope, content } = linkOf(op);
        return { scope, content };
      });
    }
  }

  #hear(body: Uint8Array): void {
    const { store, refused } = this.#options;
    if (this.#stopped) return;
    try {
      const slice = unpack(body);
      const { console, from, before } = slice;
      if (console === store.console || store.standing(console).access !== 'enrolled') return;
      if (from === undefined || (from > 1 && before === undefined)) return;
      const known = store.log.ids(console, from, slice.last);
      if (slice.ops.every((op, index) => !isWhole(op) || known.has(from + index))) return;
      this.#came.push(slice);
      // Those that came together are taken together, and before what follows them.
      this.#due ??= setImmediate(() => this.#take());
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error;
      refused(`What was sent ahead of its chain is left out: ${error.message}`);
    }
  }

  #take(): void {
    const { store, origin, refused } = this.#options;
    clearImmediate(this.#due);
    this.#due = undefined;
    const came = this.#came.splice(0);
    if (came.length === 0) return;
    try {
      const { quarantined } = store.ingest(came, origin, true);
      for (const { console, seq, reason } of quarantined.slice(0, 1))
        refused(`Op ${seq} of console ${console}, sent ahead of its chain, is kept out: ${reason}`);
    } catch (error) {
      // A disk that takes nothing says so where ops are written; these come again in their turn.
      if (!isStorage(error)) throw error;
    }
  }
}

/** The parts of an answer; what is cut off at its end is left out. */
function framed(body: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(body);
  const parts: Uint8Array[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length === 0 || at + 4 + length > bytes.length) break;
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}
