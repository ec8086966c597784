/**
 * What the screens have read, shared between them. Invariants: a value stays visible while it is read again; an answer
 * that was overtaken by a newer question is dropped; between two reads of the same query at least `spacing` ms pass, and
 * the read after the last change always happens; a refusal that may pass is asked again.
 */
import type { ChangeKey, Reply, RefusalCode } from '../../shared/contract/spec.ts';

export interface QueryError {
  code: RefusalCode;
  message: string;
}

export interface Answer<T = unknown> {
  value: T | undefined;
  error: QueryError | null;
  loading: boolean;
  /** When the value was read, ms since 1970 UTC; null before the first. */
  readAt: number | null;
}

export interface Timers {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

interface Entry {
  name: string;
  input: unknown;
  keys: Map<ChangeKey, number>;
  listeners: Set<() => void>;
  answer: Answer;
  asked: number;
  busy: boolean;
  dirty: boolean;
  lastStart: number;
  cancelTimer: (() => void) | null;
}

const IDLE: Answer = { value: undefined, error: null, loading: false, readAt: null };
const WAITING: Answer = { value: undefined, error: null, loading: true, readAt: null };

const realTimers: Timers = {
  now: () => Date.now(),
  after: (ms, run) => {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
};

export class QueryCache {
  readonly #ask: (name: string, input: unknown) => Promise<Reply>;
  readonly #timers: Timers;
  readonly #spacing: number;
  readonly #keepFor: number;
  readonly #retryAfter: number;
  readonly #entries = new Map<string, Entry>();

  /**
   * `spacing`: least ms between two reads of one query; `keepFor`: how long an unused answer is kept, ms, so that going
   * back to a screen shows it at once; `retryAfter`: when a refusal that may pass is asked again, ms.
   */
  constructor(
    ask: (name: string, input: unknown) => Promise<Reply>,
    options: { timers?: Timers; spacing?: number; keepFor?: number; retryAfter?: number } = {},
  ) {
    this.#ask = ask;
    this.#timers = options.timers ?? realTimers;
    this.#spacing = options.spacing ?? 100;
    this.#keepFor = options.keepFor ?? 60_000;
    this.#retryAfter = options.retryAfter ?? 5_000;
  }

  static key(name: string, input: unknown): string {
    return `${name} ${JSON.stringify(input)}`;
  }

  /** The newest answer; the same object until something changes. */
  peek(key: string | null): Answer {
    return key === null ? IDLE : (this.#entries.get(key)?.answer ?? WAITING);
  }

  /** Reads now and again after every change of one of `keys`, until the returned function is called. */
  watch(name: string, input: unknown, keys: readonly ChangeKey[], listener: () => void): () => void {
    const key = QueryCache.key(name, input);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = {
        name,
        input,
        keys: new Map(),
        listeners: new Set(),
        answer: WAITING,
        asked: 0,
        busy: false,
        dirty: false,
        lastStart: Number.NEGATIVE_INFINITY,
        cancelTimer: null,
      };
      this.#entries.set(key, entry);
    }
    const watched = entry;
    const first = watched.listeners.size === 0;
    watched.listeners.add(listener);
    for (const one of keys) watched.keys.set(one, (watched.keys.get(one) ?? 0) + 1);
    if (first) {
      watched.cancelTimer?.();
      watched.cancelTimer = null;
      this.#read(watched);
    }
    return () => {
      watched.listeners.delete(listener);
      for (const one of keys) {
        const left = (watched.keys.get(one) ?? 0) - 1;
        if (left > 0) watched.keys.set(one, left);
        else watched.keys.delete(one);
      }
      if (watched.listeners.size === 0) {
        watched.cancelTimer?.();
        watched.cancelTimer = this.#timers.after(this.#keepFor, () => {
          if (watched.listeners.size === 0) this.#entries.delete(key);
        });
      }
    };
  }

  /** Something changed: reads again what depends on it. */
  changed(keys: readonly ChangeKey[]): void {
    for (const entry of this.#entries.values()) {
      if (keys.some((key) => entry.keys.has(key))) this.#schedule(entry);
    }
  }

  /** Asks one query again at once, because a person wants it. */
  retry(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.busy) return;
    entry.cancelTimer?.();
    entry.cancelTimer = null;
    this.#read(entry);
  }

  /** Reads everything that is on screen again, as after the engine came back. */
  refresh(): void {
    for (const entry of this.#entries.values()) if (entry.listeners.size > 0) this.#schedule(entry);
  }

  /** Somebody else sits here: what nobody looks at is not kept for them, and all the rest is read again. */
  handOver(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.listeners.size > 0) continue;
      entry.cancelTimer?.();
      this.#entries.delete(key);
    }
    this.refresh();
  }

  #schedule(entry: Entry): void {
    if (entry.listeners.size === 0) return;
    if (entry.busy) {
      entry.dirty = true;
      return;
    }
    const wait = entry.lastStart + this.#spacing - this.#timers.now();
    if (wait <= 0) this.#read(entry);
    else this.#later(entry, wait);
  }

  #later(entry: Entry, wait: number): void {
    if (entry.listeners.size === 0) return;
    entry.cancelTimer?.();
    entry.cancelTimer = this.#timers.after(wait, () => {
      entry.cancelTimer = null;
      if (entry.listeners.size > 0) this.#read(entry);
    });
  }

  #read(entry: Entry): void {
    entry.asked += 1;
    const mine = entry.asked;
    entry.busy = true;
    entry.dirty = false;
    entry.lastStart = this.#timers.now();
    if (!entry.answer.loading) this.#set(entry, { ...entry.answer, loading: true });
    void this.#ask(entry.name, entry.input).then((reply) => {
      if (mine !== entry.asked) return;
      entry.busy = false;
      this.#set(
        entry,
        reply.ok
          ? { value: reply.value, error: null, loading: false, readAt: this.#timers.now() }
          : {
              ...entry.answer,
              // What who asks may not know (any more) does not stay on the screen.
              ...(reply.code === 'not_found' || reply.code === 'forbidden' ? { value: undefined } : {}),
              error: { code: reply.code, message: reply.message },
              loading: false,
            },
      );
      if (entry.dirty) this.#schedule(entry);
      else if (!reply.ok && reply.retryable) this.#later(entry, this.#retryAfter);
    });
  }

  #set(entry: Entry, answer: Answer): void {
    entry.answer = answer;
    for (const listener of entry.listeners) listener();
  }
}
