/**
 * When sources are read, and in what state each is. Invariant: every source has its own clock, so that a slow or broken
 * one never delays another; of each there is at most one read in flight; a failure is tried again with exponential
 * backoff and full jitter; and its state at any moment follows from when it last succeeded, not from what somebody set.
 */
import type { SourceState } from '../../../shared/contract/sources.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import type { Clock } from './clock.ts';
import { SourceFailure, type Polled, type Source, type Timing } from './source.ts';

/** What is to be read, as it is configured. */
export interface Task {
  timing: Timing;
  /** Makes the source; called again when one has to be given up. Its failure counts as a failed read. */
  create(): Promise<Source>;
  /** When it last answered, as far as an earlier run of this console knows, ms. */
  lastSuccessAt?: number | null;
}

export interface TaskView {
  state: SourceState;
  /** One sentence: what it last saw, or why it is not live. */
  message: string;
  lastSuccessAt: number | null;
  lastTryAt: number | null;
  nextTryAt: number | null;
  /** Failed reads since the last success. */
  failures: number;
}

export interface SchedulerOptions {
  clock: Clock;
  /** Uniform in [0, 1). */
  random: () => number;
  /** A read succeeded. */
  onPolled: (id: string, polled: Polled) => void;
  /** The state or anything else in a source's view may be another now. */
  onView: (id: string) => void;
  /** Longest wait between two tries, ms. */
  maxBackoffMs?: number;
}

/** A read that was told to stop is given this long to do so, ms; then its source is given up and made anew. */
const GRACE_MS = 2_000;
/** A gap between two heartbeats that only sleep, or a clock that was set, explains, ms. */
const GAP_MS = 10_000;
/** A server's own "come back later" is obeyed up to this, ms. */
const MAX_RETRY_AFTER_MS = 600_000;
/** After waking up all sources are tried again, spread over this time, ms. */
const WAKE_SPREAD_MS = 1_000;

/** When a source that answered last at `lastSuccessAt` counts as late and as down, ms after it. */
export function patience({ intervalMs }: Timing): { lateMs: number; downMs: number } {
  return { lateMs: 1.5 * intervalMs, downMs: 3 * intervalMs };
}

/**
 * Exponential backoff with full jitter: uniform between 0 and the smaller of `maxMs` and `baseMs` · 2^(failures−1), but at
 * least a quarter of a second so that a server that refuses at once is not hammered.
 */
export function backoff(failures: number, baseMs: number, maxMs: number, random: () => number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** Math.min(30, failures - 1));
  return Math.max(Math.min(250, ceiling), Math.round(random() * ceiling));
}

class Job {
  readonly id: string;
  readonly task: Task;
  readonly startedAt: number;
  source: Source | null = null;
  closed = false;
  flight: { controller: AbortController; since: number } | null = null;
  cancelTimer: (() => void) | null = null;
  lastSuccessAt: number | null = null;
  lastTryAt: number | null = null;
  nextTryAt: number | null = null;
  failures = 0;
  message = '';
  /** State at the last heartbeat, to tell when time alone changed it. */
  shown: SourceState | null = null;
  /** Asked for while a read was in flight. */
  again = false;

  constructor(id: string, task: Task, startedAt: number) {
    this.id = id;
    this.task = task;
    this.startedAt = startedAt;
    this.lastSuccessAt = task.lastSuccessAt ?? null;
  }
}

export class Scheduler {
  readonly #options: Required<SchedulerOptions>;
  readonly #jobs = new Map<string, Job>();
  #beat: { wall: number; monotonic: number } | null = null;

  constructor(options: SchedulerOptions) {
    this.#options = { maxBackoffMs: 60_000, ...options };
  }

  /**
   * Starts reading a source at once, in place of what was read under that id before. When that last answered is forgotten:
   * it may have been another server.
   */
  set(id: string, task: Task): void {
    this.remove(id);
    const job = new Job(id, task, this.#options.clock.now());
    this.#jobs.set(id, job);
    this.#plan(job, 0);
  }

  remove(id: string): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.delete(id);
    job.closed = true;
    job.cancelTimer?.();
    job.flight?.controller.abort(new SourceFailure('The source was changed or removed.'));
    giveUp(job);
  }

  has(id: string): boolean {
    return this.#jobs.has(id);
  }

  /** Reads now instead of when it is due. Without effect on a source that is not there. */
  pollNow(id: string): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    if (job.flight) job.again = true;
    else this.#plan(job, 0);
  }

  view(id: string): TaskView | null {
    const job = this.#jobs.get(id);
    if (!job) return null;
    const { lastSuccessAt, lastTryAt, nextTryAt, failures } = job;
    return { state: this.#state(job), message: this.#message(job), lastSuccessAt, lastTryAt, nextTryAt, failures };
  }

  #state(job: Job): SourceState {
    const { lateMs, downMs } = patience(job.task.timing);
    const silence = this.#options.clock.now() - (job.lastSuccessAt ?? job.startedAt);
    if (silence > downMs) return 'down';
    if (job.lastSuccessAt === null) return 'never';
    return job.failures > 0 || silence > lateMs ? 'late' : 'live';
  }

  #message(job: Job): string {
    const waiting = job.flight ? this.#options.clock.now() - job.flight.since : 0;
    if (job.failures > 0) return job.message;
    if (waiting > patience(job.task.timing).lateMs - job.task.timing.intervalMs && waiting >= 1000) {
      return `Waiting for an answer for ${formatDuration(waiting)}.`;
    }
    return job.message === '' ? 'Not read yet.' : job.message;
  }

  /**
   * Call about once a second. Tells of states that time alone changed; after a sleep, or when the wall clock was set,
   * breaks off what is in flight (its connections are dead) and reads everything again without waiting out a backoff.
   */
  heartbeat(): void {
    const { clock, random, onView } = this.#options;
    const wall = clock.now();
    const monotonic = clock.monotonic();
    const before = this.#beat;
    this.#beat = { wall, monotonic };
    if (before) {
      const passed = wall - before.wall;
      const jumped = Math.abs(passed - (monotonic - before.monotonic));
      if (passed > GAP_MS || passed < 0 || jumped > GAP_MS) {
        for (const job of this.#jobs.values()) this.#wake(job, Math.round(random() * WAKE_SPREAD_MS));
      }
    }
    for (const job of this.#jobs.values()) {
      const state = this.#state(job);
      if (job.shown !== null && job.shown !== state) onView(job.id);
      job.shown = state;
    }
  }

  #wake(job: Job, delay: number): void {
    job.failures = Math.min(job.failures, 1);
    if (job.flight) {
      job.again = true;
      job.flight.controller.abort(new SourceFailure('The machine slept, or its clock was set.'));
    } else this.#plan(job, delay);
  }

  /** Stops everything. Nothing is called afterwards. */
  stop(): void {
    for (const id of this.#jobs.keys()) this.remove(id);
  }

  #plan(job: Job, delay: number): void {
    const { clock } = this.#options;
    job.cancelTimer?.();
    job.nextTryAt = clock.now() + delay;
    job.cancelTimer = clock.after(delay, () => {
      job.cancelTimer = null;
      void this.#read(job);
    });
  }

  async #read(job: Job): Promise<void> {
    const { clock, onView } = this.#options;
    const { timeoutMs } = job.task.timing;
    const controller = new AbortController();
    job.flight = { controller, since: clock.now() };
    job.lastTryAt = job.flight.since;
    job.nextTryAt = null;
    const timedOut = noAnswer(timeoutMs);
    const cancelTimeout = clock.after(timeoutMs, () => controller.abort(timedOut));
    const aborted = new Promise<never>((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error), { once: true });
    });
    const reading = (async () => {
      if (!job.source) {
        const made = await job.task.create();
        if (controller.signal.aborted) {
          made.close();
          throw controller.signal.reason;
        }
        job.source = made;
      }
      return job.source.poll(controller.signal);
    })();
    let polled: Polled | null = null;
    let failure: unknown = null;
    try {
      polled = await Promise.race([reading, aborted]);
    } catch (error) {
      // What a source throws because it was told to stop says less than why it was told.
      failure = controller.signal.aborted ? controller.signal.reason : error;
    }
    cancelTimeout();
    if (job.closed) return;
    if (polled === null) await this.#settle(job, reading);
    if (job.closed) return;
    job.flight = null;
    if (polled) this.#succeeded(job, polled);
    else this.#failed(job, failure);
    if (!job.closed) onView(job.id);
  }

  /** Waits until a read that was given up has really ended, and does without its source when it does not. */
  async #settle(job: Job, reading: Promise<unknown>): Promise<void> {
    let ended = false;
    const end = reading.then(
      () => (ended = true),
      () => (ended = true),
    );
    await Promise.race([end, new Promise<void>((resolve) => this.#options.clock.after(GRACE_MS, resolve))]);
    if (!ended) giveUp(job);
  }

  #succeeded(job: Job, polled: Polled): void {
    job.lastSuccessAt = this.#options.clock.now();
    job.failures = 0;
    job.message = polled.message;
    this.#next(job, job.task.timing.intervalMs - (job.lastSuccessAt - job.lastTryAt!));
    this.#options.onPolled(job.id, polled);
  }

  #failed(job: Job, failure: unknown): void {
    const { maxBackoffMs, random } = this.#options;
    const { intervalMs } = job.task.timing;
    job.failures++;
    job.message = sentence(failure);
    const asked = failure instanceof SourceFailure ? Math.min(MAX_RETRY_AFTER_MS, failure.retryAfterMs ?? 0) : 0;
    this.#next(job, Math.max(asked, backoff(job.failures, intervalMs, Math.max(intervalMs, maxBackoffMs), random)));
  }

  #next(job: Job, delay: number): void {
    this.#plan(job, job.again ? 0 : Math.max(0, delay));
    job.again = false;
  }
}

function giveUp(job: Job): void {
  const { source } = job;
  job.source = null;
  try {
    source?.close();
  } catch {
    // A source that can't even be closed is none of the others' business.
  }
}

/** A read that took longer than `timeoutMs`. */
export function noAnswer(timeoutMs: number): SourceFailure {
  return new SourceFailure(
    `No answer within ${timeoutMs < 1000 ? `${Math.round(timeoutMs)} ms` : formatDuration(timeoutMs)}.`,
  );
}

/** What went wrong as one sentence. */
export function sentence(failure: unknown): string {
  const text =
    (failure instanceof Error ? failure.message : String(failure)).replace(/\s+/g, ' ').trim() ||
    'It failed without saying why';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
