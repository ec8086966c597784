/**
 * Work that comes again by itself. Invariant: the next turn is awaited once a turn is over, so that two never run at once, and a
 * turn that fails is told by what it was for and ends nothing.
 */
import type { Clock } from './sources/clock.ts';

export interface PeriodicOptions {
  /** From the end of one turn to the next, ms. */
  everyMs: number;
  /** What a turn that failed did not do: `no snapshot was laid out at the hub`. */
  failed: string;
  work(): void | Promise<void>;
}

export class Periodic {
  readonly #clock: Clock;
  readonly #options: PeriodicOptions;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, options: PeriodicOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  get running(): boolean {
    return this.#cancel !== null;
  }

  /** Begins, the first time after `firstMs`. Does nothing when it runs. */
  start(firstMs: number = this.#options.everyMs): void {
    if (!this.running) this.#next(firstMs);
  }

  /** No turn begins any more; the one that is under way can tell by `running`. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #next(ms: number): void {
    const cancel = this.#clock.after(ms, () => void this.#turn(cancel));
    this.#cancel = cancel;
  }

  /** @param own What cancels this turn: after a stop, or a stop and another start, it is not the one that goes on. */
  async #turn(own: () => void): Promise<void> {
    const { everyMs, failed, work } = this.#options;
    try {
      const working = work();
      if (working) await working;
    } catch (error) {
      console.error(`holdfast: ${failed}:`, error);
    }
    if (this.#cancel === own) this.#next(everyMs);
  }
}
