/**
 * What changes at stores by the clock alone: one opens or closes, a person's report is over. Invariant: nobody has to do
 * anything for it to show; it is told once, at the second in which it happens.
 */
import { isOpen } from '../../../shared/domain/hours.ts';
import type { Context } from '../context.ts';
import { Periodic } from '../periodic.ts';
import { systemClock } from '../sources/clock.ts';
import { reportEnds } from './stores.ts';

/** How often it is looked, ms. */
const EVERY_MS = 1_000;
const MINUTE_MS = 60_000;

export class StoreClock {
  readonly #context: Pick<Context, 'estate' | 'store' | 'now'>;
  readonly #tell: () => void;
  readonly #looking: Periodic;
  #lookedAt: number;
  /** A character a store: whether it is open. */
  #open: string;

  constructor(context: Pick<Context, 'estate' | 'store' | 'now'>, tell: () => void) {
    this.#context = context;
    this.#tell = tell;
    this.#lookedAt = context.now();
    this.#open = '';
    this.#looking = new Periodic(systemClock(context.now), {
      everyMs: EVERY_MS,
      failed: 'which stores open and close was not looked at',
      work: () => this.look(),
    });
  }

  start(): void {
    this.#lookedAt = this.#context.now();
    this.#open = this.#openings();
    this.#looking.start();
  }

  stop(): void {
    this.#looking.stop();
  }

  /** Tells when something changed since it was looked last. Hours are of whole minutes, so that they are read once in each. */
  look(): void {
    const now = this.#context.now();
    const from = this.#lookedAt;
    this.#lookedAt = now;
    let turned = reportEnds(this.#context).some((until) => until > from && until <= now);
    if (Math.floor(now / MINUTE_MS) !== Math.floor(from / MINUTE_MS)) {
      const open = this.#openings();
      turned ||= open !== this.#open;
      this.#open = open;
    }
    if (turned) this.#tell();
  }

  #openings(): string {
    const now = this.#context.now();
    let openings = '';
    for (const { hours, timezone } of this.#context.estate.all('store').values()) {
      const open = isOpen(hours, timezone, now);
      openings += open === null ? '?' : open ? '1' : '0';
    }
    return openings;
  }
}
