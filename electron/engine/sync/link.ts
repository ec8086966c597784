/**
 * The link to one place. Invariant: its state is what our own round trips say and nothing else; while it stands, everything
 * that is here goes there and everything there comes here; when it breaks it is opened again, ever later, with a random
 * share so that a thousand consoles do not come back in the same second.
 */
import type { LinkState, LinkStatus, PlaceView } from '../../../shared/contract/hub.ts';
import type { Identity } from '../access/identity.ts';
import type { Store } from '../store/store.ts';
import { Ahead, HEAD_START_MS } from './ahead.ts';
import { Inbox, isStorage, markOf, type InboxState } from './inbox.ts';
import { Outbox } from './outbox.ts';
import { Speed } from './pace.ts';
import { Pieces } from './pieces.ts';
import type { PlaceMemory, Places } from './places.ts';
import { TransportFailure, type Probe, type Transport } from './transport.ts';

/** All in ms. */
export interface Pace {
  /** Between two probes. */
  probe: number;
  /** An answer that took longer, or is this overdue, makes the link late. */
  late: number;
  /** Without an answer for so long it is cut off. */
  cutOff: number;
  /** First and longest wait before it is opened again. */
  retry: [first: number, longest: number];
  /** Shortest and longest wait before ops of others are sent to a place that lacks them. */
  patience: [shortest: number, longest: number];
  /** Between two writings of what is remembered. */
  save: number;
}

export const PACE: Pace = {
  probe: 5000,
  late: 2000,
  cutOff: 15_000,
  retry: [250, 8000],
  patience: [2000, 8000],
  save: 1000,
};

/** How far a snapshot was fetched, bytes; what it holds and when it was made, ms. */
export interface Fetching {
  done: number;
  total: number;
  ops: number;
  made: number;
}

/** Brings what need not be read message by message; when it is done, reading goes on at the cursor. */
export type CatchUp = (place: {
  transport: Transport;
  cursor: number;
  probe: Probe;
  signal: AbortSignal;
  refused: (sentence: string) => void;
  fetching: (fetching: Fetching | null) => void;
}) => Promise<void>;

/** Which ops lie at a place in another form than in messages, by console. */
export type KeptHeads = (transport: Transport) => Promise<ReadonlyMap<string, { seq: number; head: string }>>;

/** How many times as long as until a link is cut off each step of its opening may take. */
const OPENING = 4;

export interface LinkOptions {
  name: string;
  kind: 'hub' | 'store';
  where: string;
  open: (signal: AbortSignal) => Promise<Transport>;
  store: Store;
  identity: Identity;
  places: Places;
  now: () => number;
  pace: Pace;
  /** Something that `view` shows changed. */
  changed: () => void;
  refused: (sentence: string, stranger?: string) => void;
  /** Ops of these consoles arrived as they were written. */
  heard: (consoles: ReadonlySet<string>) => void;
  /** A transport is open; what is returned is called when it is not any more. */
  opened: (transport: Transport) => () => void;
  /** How many consoles are there. */
  here: () => number;
  catchUp?: CatchUp | undefined;
  keptHeads?: KeptHeads | undefined;
}

export class Link {
  readonly #options: LinkOptions;
  readonly #pieces: Pieces;
  readonly #stop = new AbortController();
  readonly #memory: PlaceMemory;
  readonly #box: InboxState;
  readonly #saved = { through: new Map<string, number>(), strangers: new Map<string, number>() };
  #inbox: Inbox | null = null;
  #outbox: Outbox | null = null;
  #state: Exclude<LinkState, 'alone'> = 'cut-off';
  #since: number;
  #problem: string | null = null;
  /** Since when it takes our credentials no more, ms. */
  #refusedSince: number | null = null;
  #nextTry: number | null = null;
  #probe: Probe | null = null;
  #fetching: Fetching | null = null;
  #heardAt: number | null = null;
  #behind = 0;
  #behindAtFirst = 0;
  #waitingAtFirst = 0;
  /** Ops that were applied since this began. */
  #applied = 0;
  readonly #speeds = { sent: new Speed(), applied: new Speed(), read: new Speed() };
  #ahead: Ahead | null = null;
  #wake: () => void = () => {};
  #saveDue: NodeJS.Timeout | undefined;
  #ran: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#pieces = new Pieces(options.store, options.identity);
    const { places, name, now } = options;
    this.#memory = places.memory(name) ?? { identity: '', cursor: 0, mark: '', heard: 0 };
    this.#saved.through = places.through(name);
    this.#saved.strangers = places.strangers(name);
    this.#box = {
      cursor: this.#memory.cursor,
      mark: this.#memory.mark,
      through: new Map(this.#saved.through),
      strangers: new Map(this.#saved.strangers),
    };
    this.#since = this.#memory.heard || now();
    this.#heardAt = this.#memory.heard || null;
  }

  start(): void {
    this.#ran = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await this.#ran;
    this.#save();
  }

  get state(): LinkStatus & { state: Exclude<LinkState, 'alone'>; since: number } {
    return { state: this.#state, since: this.#since, waiting: this.#waiting, refusedSince: this.#refusedSince };
  }

  get view(): PlaceView {
    const { name, kind, where } = this.#options;
    const probe = this.#probe;
    return {
      ...{ name, kind, where },
      state: this.#state,
      since: this.#since,
      problem: this.#problem,
      refusedSince: this.#refusedSince,
      nextTry: this.#nextTry,
      heard: this.#heardAt,
      roundTripMs: probe && this.#state !== 'cut-off' ? Math.round(probe.roundTripMs * 10) / 10 : null,
      waiting: this.#waiting,
      refilling: this.#outbox?.refilling ?? 0,
      fetching: this.#fetching,
      behind: this.#behind,
      behindAtFirst: this.#behindAtFirst,
      waitingAtFirst: this.#waitingAtFirst,
      ...this.#pace(),
      messages: probe && probe.last,
      bytes: probe && probe.bytes,
      limit: probe && probe.limit,
      replicas: probe && probe.replicas,
    };
  }

  #pace(): Pick<PlaceView, 'sentPerSecond' | 'readPerSecond' | 'sentInMs' | 'readInMs'> {
    const { sent, applied, read } = this.#speeds;
    const rounded = (figure: number | null) => figure && Math.round(figure);
    return {
      sentPerSecond: rounded(sent.perSecond),
      readPerSecond: rounded(applied.perSecond),
      sentInMs: rounded(sent.lasting(this.#waiting)),
      readInMs: rounded(read.lasting(this.#behind)),
    };
  }

  /** Notes how far sending is. */
  #sent(): void {
    const waiting = this.#waiting;
    this.#waitingAtFirst = waiting === 0 ? 0 : Math.max(this.#waitingAtFirst, waiting);
    if (waiting === 0) this.#speeds.sent.rest();
    else this.#speeds.sent.at(performance.now(), this.#box.through.get(this.#options.store.console) ?? 0);
  }

  /** Something was written here, or came in from elsewhere. */
  poke(): void {
    this.#outbox?.send();
  }

  /** Tries again at once. */
  retry(): void {
    this.#wake();
  }

  get #waiting(): number {
    const { store } = this.#options;
    return Math.max(0, (store.head?.seq ?? 0) - (this.#box.through.get(store.console) ?? 0));
  }

  async #run(): Promise<void> {
    const { pace, now } = this.#options;
    for (let tries = 0; !this.#stop.signal.aborted; tries++) {
      const before = now();
      try {
        await this.#session();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!(error instanceof TransportFailure) && !isStorage(error)) console.error(error);
        this.#problem = (error as Error).message;
        if (error instanceof TransportFailure && error.kind === 'refused') this.#refusedSince ??= now();
      }
      if (this.#stop.signal.aborted) return;
      // A link that stood for a while begins anew with short waits.
      if (now() - before > pace.cutOff) tries = 0;
      this.#become('cut-off');
      const [first, longest] = pace.retry;
      const wait = Math.min(longest, first * 2 ** Math.min(tries, 16)) * (0.5 + Math.random());
      await this.#wait(wait);
    }
  }

  async #wait(ms: number): Promise<void> {
    this.#nextTry = this.#options.now() + ms;
    this.#options.changed();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#nextTry = null;
  }

  /** One opening, until it fails or is stopped. */
  async #session(): Promise<void> {
    const { open, opened, store, pace } = this.#options;
    const transport = await this.#inTime(open(this.#stop.signal), (late) => void late.close());
    const ending = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, ending.signal]);
    const left = opened(transport);
    let outbox: Outbox | null = null;
    let inbox: Inbox | null = null;
    let ahead: Ahead | null = null;
    const timers: NodeJS.Timeout[] = [];
    try {
      const probe = await this.#ask(transport);
      await this.#inTime(this.#recognise(probe, transport));
      outbox = new Outbox(
        {
          store,
          pieces: this.#pieces,
          through: this.#box.through,
          patienceMs: () => between(...pace.patience),
          kept: probe.first > 1 ? () => this.#kept(transport) : null,
          sent: () => {
            this.#problem = null;
            this.#sent();
            this.#later();
          },
          blocked: (sentence) => {
            this.#problem = sentence;
            this.#options.changed();
          },
        },
        transport,
      );
      await this.#inTime(outbox.compare(store.console));
      this.#waitingAtFirst = 0;
      this.#sent();
      inbox = this.#newInbox();
      this.#inbox = inbox;
      this.#outbox = outbox;
      this.#problem = null;
      this.#refusedSince = null;
      this.#become('connected');
      const behind = Math.max(0, probe.last - this.#box.cursor);
      this.#behind = behind;
      if (this.#options.kind === 'hub') ahead = this.#newAhead(transport);
      if (ahead?.say()) {
        const sending = outbox;
        sending.rest(HEAD_START_MS.send);
        timers.push(setTimeout(() => sending.send(), HEAD_START_MS.send + 1));
      } else outbox.send();
      outbox.relay();
      timers.push(setInterval(() => this.#tick(), Math.min(1000, pace.probe)));
      const broken = transport.closed.then((why) => {
        if (why) throw why;
      });
      broken.catch(() => undefined);
      const reading = this.#catchUp(transport, probe, signal).then(() =>
        this.#readIn(inbox!, transport, signal, ahead?.fetch(behind)),
      );
      await Promise.race([
        reading,
        outbox.failure,
        broken,
        this.#probing(transport, signal),
        new Promise((resolve) => signal.addEventListener('abort', resolve)),
      ]);
    } finally {
      for (const timer of timers) clearInterval(timer);
      ending.abort();
      outbox?.stop();
      ahead?.stop();
      for (const speed of Object.values(this.#speeds)) speed.rest();
      this.#ahead = null;
      this.#inbox = null;
      this.#outbox = null;
      this.#keptHeads = null;
      this.#fetching = null;
      left();
      await transport.close().catch(() => undefined);
      this.#save();
    }
  }

  /** What must be done before the link stands: whatever hangs in it holds neither the next try nor an end back. */
  async #inTime<T>(work: Promise<T>, late: (value: T) => void = () => undefined): Promise<T> {
    const { where, pace } = this.#options;
    let over = () => {};
    const ends = new Promise<never>((_, reject) => {
      over = () => reject(new TransportFailure('unreachable', `${where} did not answer in time.`));
    });
    const timer = setTimeout(over, OPENING * pace.cutOff);
    this.#stop.signal.addEventListener('abort', over);
    try {
      return await Promise.race([work, ends]);
    } catch (error) {
      work.then(late, () => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#stop.signal.removeEventListener('abort', over);
    }
  }

  /** What need not be read message by message. What goes wrong with that costs nothing but time. */
  async #catchUp(transport: Transport, probe: Probe, signal: AbortSignal): Promise<void> {
    const { catchUp, refused, changed } = this.#options;
    if (!catchUp) return;
    const fetching = (now: Fetching | null) => {
      this.#fetching = now;
      if (!signal.aborted) changed();
    };
    try {
      await catchUp({ transport, cursor: this.#box.cursor, probe, signal, refused, fetching });
    } catch (error) {
      // A disk without room for it may have room for what is read.
      if (signal.aborted) throw error;
      refused(`No snapshot was fetched: ${(error as Error).message}`);
    }
  }

  /** Asked for at most once in a session. */
  #kept(transport: Transport): ReturnType<KeptHeads> {
    this.#keptHeads ??= this.#options.keptHeads?.(transport) ?? Promise.resolve(new Map());
    return this.#keptHeads;
  }
  #keptHeads: ReturnType<KeptHeads> | null = null;

  #newInbox(): Inbox {
    const { store, name, now, refused, heard } = this.#options;
    return new Inbox({
      ...{ store, origin: name, state: this.#box, now, refused },
      read: ({ behind, applied, consoles, live }) => {
        if (behind > this.#behind) this.#behindAtFirst = Math.max(this.#behindAtFirst, behind);
        this.#behind = behind;
        this.#follow(behind, applied);
        if (live && applied > 0) heard(consoles);
        this.#later();
      },
    });
  }

  /** Notes how far reading is. */
  #follow(behind: number, applied: number): void {
    const { applied: ops, read } = this.#speeds;
    this.#applied += applied;
    if (behind === 0) {
      this.#behindAtFirst = 0;
      ops.rest();
      read.rest();
      return;
    }
    const now = performance.now();
    ops.at(now, this.#applied);
    read.at(now, this.#box.cursor);
  }

  /** The newest incidents go first, both ways, when much waits. */
  #newAhead(transport: Transport): Ahead {
    const { store, name, here, refused } = this.#options;
    const ahead = new Ahead(
      { store, origin: name, through: this.#box.through, behind: () => this.#behind, here, refused },
      transport,
    );
    this.#ahead = ahead;
    return ahead;
  }

  /** Reads the place once what is fetched before it is here, or takes too long. */
  async #readIn(inbox: Inbox, transport: Transport, signal: AbortSignal, before?: Promise<void>): Promise<void> {
    if (before) {
      let timer: NodeJS.Timeout | undefined;
      const longest = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, HEAD_START_MS.read);
        signal.addEventListener('abort', () => resolve());
      });
      await Promise.race([before, longest]);
      clearTimeout(timer);
    }
    await inbox.run(transport, signal);
  }

  /** Whether it is the stream that we know; what is remembered of another one is forgotten. */
  async #recognise(probe: Probe, transport: Transport): Promise<void> {
    const { places, name, store } = this.#options;
    const { cursor, mark } = this.#box;
    if (this.#memory.identity === probe.identity && cursor <= probe.last) {
      // One that was set back and grew since has another message where we stopped. Without a mark nobody can tell.
      if (cursor === 0 || (mark !== '' && (await markAt(transport, cursor)) === mark)) return;
    }
    if (this.#memory.identity !== '') {
      places.forget(name);
      this.#saved.through.clear();
      this.#saved.strangers.clear();
    }
    this.#memory.identity = probe.identity;
    this.#box.cursor = 0;
    this.#box.mark = '';
    this.#box.through.clear();
    this.#box.strangers.clear();
    // Nothing is known to be there; what is not will be sent once it was asked for each console.
    this.#box.through.set(store.console, 0);
  }

  async #probing(transport: Transport, signal: AbortSignal): Promise<void> {
    const { pace } = this.#options;
    for (;;) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pace.probe);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
      if (signal.aborted) return;
      const late = setTimeout(() => this.#become('late'), pace.late);
      try {
        const probe = await this.#ask(transport);
        const { last, identity } = probe;
        if (identity !== this.#memory.identity || last < this.#box.cursor)
          throw new TransportFailure(
            'unreachable',
            `${transport.where} has lost its stream or went back to an older one; what it lost is sent again.`,
          );
        this.#become(probe.roundTripMs > pace.late ? 'late' : 'connected');
      } finally {
        clearTimeout(late);
      }
    }
  }

  /** A round trip of our own, for which there is only so much time. */
  async #ask(transport: Transport): Promise<Probe> {
    const { pace, now } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () =>
          reject(
            new TransportFailure(
              'unreachable',
              `${transport.where} has not answered for ${Math.round(pace.cutOff / 1000)} s.`,
            ),
          ),
        pace.cutOff,
      );
    });
    try {
      const probe = await Promise.race([transport.probe(), tooLong]);
      this.#probe = probe;
      this.#heardAt = now();
      this.#memory.heard = this.#heardAt;
      return probe;
    } finally {
      clearTimeout(timer);
    }
  }

  #tick(): void {
    if (this.#inbox?.holding) this.#inbox.settle();
    this.#inbox?.welcome();
    this.#ahead?.say();
    this.#outbox?.send();
    this.#outbox?.relay();
  }

  /** Somebody may have been enrolled. */
  welcome(): void {
    this.#inbox?.welcome();
  }

  #become(state: Exclude<LinkState, 'alone'>): void {
    if (this.#state !== state) {
      // Cut off counts from when it was last heard, not from when that was noticed.
      this.#since = state === 'cut-off' ? (this.#heardAt ?? this.#options.now()) : this.#options.now();
      this.#state = state;
    }
    this.#options.changed();
  }

  /** Writes down what is remembered, and tells of it, but not each time. */
  #later(): void {
    this.#saveDue ??= setTimeout(() => {
      this.#save();
      this.#options.changed();
    }, this.#options.pace.save);
  }

  #save(): void {
    clearTimeout(this.#saveDue);
    this.#saveDue = undefined;
    const { places, name, store } = this.#options;
    if (!store.writable || this.#memory.identity === '') return;
    const { cursor, mark, through, strangers } = this.#box;
    const { through: wereThrough, strangers: wereStrangers } = this.#saved;
    const movedThrough = [...through].filter(([console, seq]) => wereThrough.get(console) !== seq);
    const movedStrangers: [string, number | null][] = [...strangers].filter(
      ([console, seq]) => wereStrangers.get(console) !== seq,
    );
    for (const console of wereStrangers.keys()) if (!strangers.has(console)) movedStrangers.push([console, null]);
    try {
      places.save(name, { ...this.#memory, cursor, mark }, movedThrough, movedStrangers);
    } catch {
      // What is remembered may lag; a disk that takes nothing says so where ops are written.
      return;
    }
    this.#memory.cursor = cursor;
    this.#memory.mark = mark;
    this.#saved.through = new Map(through);
    this.#saved.strangers = new Map(strangers);
  }
}

/** Hash of the message with number `seq`; null when there is none. */
async function markAt(transport: Transport, seq: number): Promise<string | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 5000);
  try {
    for await (const message of transport.read(seq - 1, stop.signal))
      return message.seq === seq ? markOf(message.body) : null;
    return null;
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}
