/** A clock that only moves when it is told to, so that hours pass at once and exactly. */
import type { Clock } from '../../electron/engine/sources/clock.ts';

interface Timer {
  at: number;
  order: number;
  work: () => void;
}

export class ManualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #order = 0;
  #timers: Timer[] = [];

  constructor(wall = 1_780_000_000_000) {
    this.#wall = wall;
  }

  now = (): number => this.#wall;
  monotonic = (): number => this.#monotonic;

  after = (ms: number, work: () => void): (() => void) => {
    const timer = { at: this.#monotonic + ms, order: this.#order++, work };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  /** Lets `ms` pass: every timer that falls due runs at its time, and what it started is given its turn. */
  async pass(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await turn();
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#wall += Math.max(0, next.at - this.#monotonic);
      this.#monotonic = Math.max(this.#monotonic, next.at);
      next.work();
      await turn();
    }
    this.#wall += end - this.#monotonic;
    this.#monotonic = end;
    await turn();
  }

  /** The machine sleeps: the wall clock goes on, timers and the monotonic clock do not. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** Somebody sets the wall clock. */
  set(wall: number): void {
    this.#wall = wall;
  }
}

/** Lets promises that are already settled be taken up. */
async function turn(): Promise<void> {
  for (let round = 0; round < 3; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}
