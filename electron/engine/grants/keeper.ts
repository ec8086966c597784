/** Ends emergency access when its time is over, whether or not anybody does anything, and remembers how far time has come. */
import type { Context } from '../context.ts';
import type { Clock } from '../sources/clock.ts';
import { settleExpired } from './force.ts';

/** How often it looks, ms: so much longer, at most, other consoles take it for running. */
const BEAT_MS = 5_000;

export class GrantKeeper {
  readonly #context: () => Pick<Context, 'store' | 'now' | 'zone'>;
  readonly #clock: Clock;
  #stop: (() => void) | null = null;

  constructor(context: () => Pick<Context, 'store' | 'now' | 'zone'>, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  start(): void {
    this.#stop ??= this.#next();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  #next(): () => void {
    return this.#clock.after(BEAT_MS, () => {
      if (!this.#stop) return;
      this.#stop = this.#next();
      try {
        settleExpired(this.#context());
      } catch (error) {
        console.error(error);
      }
    });
  }
}
