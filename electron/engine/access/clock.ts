/**
 * A clock that only goes forward: what it said once it never goes behind, also after a restart with the machine's clock set
 * back, so that nothing that is over comes back and no wait becomes shorter. Whoever may set the clock ahead is not held off.
 */
import type { Store } from '../store/store.ts';

const KEY = 'access:clock';

export class ForwardClock {
  readonly #store: Store;
  readonly #wall: () => number;
  readonly #begun = performance.now();
  readonly #from: number;

  constructor(store: Store, wall: () => number) {
    this.#store = store;
    this.#wall = wall;
    const kept = Number(store.meta(KEY));
    this.#from = Number.isFinite(kept) ? kept : 0;
  }

  /** ms; never less than what was kept, plus the time that this process has run since. */
  now(): number {
    return Math.max(this.#wall(), this.#from + Math.floor(performance.now() - this.#begun));
  }

  /** The machine's clock as it is, ms. */
  wall(): number {
    return this.#wall();
  }

  /** Remembers how far it has come. */
  keep(): void {
    if (this.#store.writable) this.#store.setMeta(KEY, String(this.now()));
  }
}
