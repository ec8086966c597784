/**
 * Keeps the data engine alive. Invariant: a call gets exactly one reply. When the engine dies, every call without a reply
 * is sent again to its successor under the same id, by which the engine knows what it had already committed: nothing is
 * lost, nothing runs twice. Only a call that was there at three deaths is given up, because it may be their cause.
 */
import { randomUUID } from 'node:crypto';
import type { EngineStatus } from '../../shared/contract/bridge.ts';
import type { Changed, RefusalCode, Reply } from '../../shared/contract/spec.ts';

/** Whose call it is. The id is made here and told to the engine only: a page never names, and never knows, who it is. */
export interface Caller {
  id: string;
  kind: 'window' | 'board';
}

/** The process that runs the engine, as far as the supervisor needs it. */
export interface EngineProcess {
  readonly pid: number | undefined;
  postMessage(message: ToEngine): void;
  onMessage(listener: (message: FromEngine) => void): void;
  /** Told once, however it ended. */
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

export type ToEngine =
  | { type: 'call'; id: string; name: string; input: unknown; caller: Caller }
  /** A hand was on a window. */
  | { type: 'touch'; caller: Caller }
  /** Nobody is at this machine any more. */
  | { type: 'lock' }
  /** Of the encrypted data folder. */
  | { type: 'passphrase'; text: string }
  | { type: 'shutdown' };

export type FromEngine =
  | { type: 'ready'; revision: number }
  | { type: 'fatal'; message: string; retryable?: boolean }
  | { type: 'locked'; message: string | null; until: number | null }
  | { type: 'busy'; message: string }
  | { type: 'reply'; id: string; reply: Reply }
  | ({ type: 'changed' } & Changed);

export interface Timers {
  now(): number;
  /** Runs `work` after `ms`; the returned function prevents it. */
  after(ms: number, work: () => void): () => void;
}

interface Waiting {
  message: ToEngine & { type: 'call' };
  answer(reply: Reply): void;
  /** How many engines died while this call had no reply. */
  deaths: number;
}

/** Waits before the 1st, 2nd, … restart in a row, ms; the last holds for all that follow. */
const BACKOFF = [0, 250, 1000, 2000, 5000, 10_000];
/** An engine that ran for this long, ms, died of something new. */
const STABLE = 60_000;
const DEATHS_TO_GIVE_UP = 3;
/** Exit status by which an engine that did its duty asks for a successor, as after a restored backup: no death. */
const ASKED_FOR_SUCCESSOR = 75;
/** And by which it asks for the whole program to start again. */
const ASKED_FOR_ALL = 76;
const CLOSING = 'The console is closing.';

export class EngineSupervisor {
  readonly #fork: () => EngineProcess;
  readonly #timers: Timers;
  readonly #log: (event: string, detail: Record<string, string | number | boolean | null>) => void;
  readonly #waiting = new Map<string, Waiting>();
  readonly #statusListeners = new Set<(status: EngineStatus) => void>();
  readonly #changedListeners = new Set<(changed: Changed) => void>();
  #process: EngineProcess | null = null;
  #status: EngineStatus;
  #deaths = 0;
  #readyAt = 0;
  #cancelRestart: (() => void) | null = null;
  #stopped: (() => void) | null = null;
  /** Of the encrypted data folder, as long as nothing says that it is wrong. */
  #passphrase: string | null = null;
  #afresh: () => void = () => this.start();

  constructor(
    fork: () => EngineProcess,
    timers: Timers,
    log: (event: string, detail: Record<string, string | number | boolean | null>) => void,
  ) {
    this.#fork = fork;
    this.#timers = timers;
    this.#log = log;
    this.#status = { state: 'starting', message: null, since: timers.now() };
  }

  get status(): EngineStatus {
    return this.#status;
  }

  /** Starts the engine; once. */
  start(): void {
    const child = this.#fork();
    this.#process = child;
    child.onMessage((message) => {
      if (child === this.#process) this.#receive(message);
    });
    child.onExit((code) => {
      if (child === this.#process) this.#died(code);
    });
  }

  /** Runs one call of `caller`. Never rejects; waits while the engine starts again. */
  call(name: string, input: unknown, caller: Caller): Promise<Reply> {
    if (this.#status.state === 'fatal') return Promise.resolve(refusal('storage', this.#status.message));
    if (this.#stopped) return Promise.resolve(refusal('restarting', CLOSING));
    return new Promise((answer) => {
      const message = { type: 'call', id: randomUUID(), name, input, caller } as const;
      this.#waiting.set(message.id, { message, answer, deaths: 0 });
      if (this.#status.state === 'ready') this.#process?.postMessage(message);
    });
  }

  /** A hand was on the window of `caller`. */
  touch(caller: Caller): void {
    if (this.#status.state === 'ready') this.#process?.postMessage({ type: 'touch', caller });
  }

  /** Locks every window and command line. */
  lock(): void {
    if (this.#status.state === 'ready') this.#process?.postMessage({ type: 'lock' });
  }

  /** While `locked` only: tries this passphrase on the data folder. */
  openFolder(passphrase: string): void {
    if (this.#status.state !== 'locked') return;
    this.#passphrase = passphrase;
    this.#process?.postMessage({ type: 'passphrase', text: passphrase });
  }

  /** Calls `listener` when the program has to start again: the engine has gone then. */
  onAfresh(listener: () => void): void {
    this.#afresh = listener;
  }

  /** After `fatal` only: tries to open the data folder again. */
  retry(): void {
    if (this.#status.state !== 'fatal' || this.#stopped) return;
    this.#set('starting', null);
    const old = this.#process;
    this.#process = null;
    if (!old) {
      this.start();
      return;
    }
    old.onExit(() => this.start());
    old.kill();
  }

  onStatus(listener: (status: EngineStatus) => void): void {
    this.#statusListeners.add(listener);
  }

  onChanged(listener: (changed: Changed) => void): void {
    this.#changedListeners.add(listener);
  }

  /** Lets the engine finish what it does and close its files; kills it after `limit` ms. Resolves when it is gone. */
  stop(limit: number): Promise<void> {
    this.#cancelRestart?.();
    const child = this.#process;
    return new Promise((done) => {
      this.#stopped = done;
      if (!child) {
        done();
        return;
      }
      child.postMessage({ type: 'shutdown' });
      const cancel = this.#timers.after(limit, () => child.kill());
      child.onExit(cancel);
    });
  }

  #receive(message: FromEngine): void {
    switch (message.type) {
      case 'ready':
        this.#readyAt = this.#timers.now();
        this.#set('ready', null);
        for (const { message: call } of this.#waiting.values()) this.#process?.postMessage(call);
        break;
      case 'reply': {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        waiting?.answer(message.reply);
        break;
      }
      case 'changed':
        for (const listener of this.#changedListeners) listener({ revision: message.revision, keys: message.keys });
        break;
      case 'locked':
        if (this.#passphrase !== null && message.message === null && message.until === null) {
          // It opened this folder before: an engine that starts again does not wait for a person.
          this.#process?.postMessage({ type: 'passphrase', text: this.#passphrase });
          break;
        }
        this.#passphrase = null;
        this.#set('locked', message.message, message.until);
        break;
      case 'busy':
        this.#set('restarting', message.message);
        break;
      case 'fatal':
        this.#log('engine cannot open the data folder', {});
        this.#set('fatal', message.message);
        this.#answerAll(refusal('storage', message.message));
        break;
    }
  }

  #died(code: number): void {
    this.#process = null;
    if (this.#stopped) {
      this.#answerAll(refusal('restarting', CLOSING));
      this.#stopped();
      return;
    }
    if (this.#status.state === 'fatal') return;
    if (code === ASKED_FOR_ALL) {
      this.#log('the program starts anew', {});
      this.#afresh();
      return;
    }
    if (code === ASKED_FOR_SUCCESSOR) {
      this.#log('engine starts anew', {});
      this.#set('restarting', 'The data engine is starting anew, as it was asked to.');
      this.start();
      return;
    }
    this.#log('engine stopped', { code, deaths: this.#deaths + 1, waiting: this.#waiting.size });
    if (this.#status.state === 'ready' && this.#timers.now() - this.#readyAt >= STABLE) this.#deaths = 0;
    const wait = BACKOFF[Math.min(this.#deaths, BACKOFF.length - 1)]!;
    this.#deaths += 1;
    this.#giveUp();
    const again = this.#deaths > 1 ? ` for the ${ordinal(this.#deaths)} time` : '';
    this.#set(
      'restarting',
      `The data engine stopped${again} and is starting again. Nothing that was confirmed is lost.`,
    );
    this.#cancelRestart = this.#timers.after(wait, () => this.start());
  }

  #giveUp(): void {
    for (const [id, waiting] of this.#waiting) {
      waiting.deaths += 1;
      if (waiting.deaths < DEATHS_TO_GIVE_UP) continue;
      this.#waiting.delete(id);
      const { name } = waiting.message;
      this.#log('call given up', { name });
      waiting.answer({
        ok: false,
        code: 'internal',
        message: `The data engine stopped ${DEATHS_TO_GIVE_UP} times while it ran “${name}”. Look whether it was done before you try again.`,
        retryable: false,
      });
    }
  }

  #answerAll(reply: Reply): void {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of all) waiting.answer(reply);
  }

  #set(state: EngineStatus['state'], message: string | null, until?: number | null): void {
    this.#status = { state, message, since: this.#timers.now(), ...(until === undefined ? {} : { until }) };
    for (const listener of this.#statusListeners) listener(this.#status);
  }
}

function refusal(code: RefusalCode, message: string | null): Reply<never> {
  return { ok: false, code, message: message ?? 'The data folder cannot be opened.', retryable: true };
}

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}
