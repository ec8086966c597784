/**
 * Lays a snapshot out at the hub when one is due, so that whoever joins, or was away for long, need not read everything.
 * Invariant: nobody has to be told to. Of the consoles that are there the one with the lowest id does it, and where it does
 * not come, after a while the next, and so on. A console at a store leaves it to others: its line is the thinnest.
 */
import type { Context } from '../context.ts';
import { organisationView } from '../joining/membership.ts';
import { Periodic } from '../periodic.ts';
import type { Clock } from '../sources/clock.ts';
import { turnOf, type Turn } from '../../../shared/domain/link/snapshots.ts';

/** How often it is looked whether one is due, ms. */
const LOOK_EVERY_MS = 5 * 60_000;

export class SnapshotKeeper {
  readonly #context: () => Context;
  readonly #looking: Periodic;
  /** Since when one is due, as far as was seen, ms. */
  #since: number | null = null;

  constructor(context: () => Context, clock: Clock) {
    this.#context = context;
    this.#looking = new Periodic(clock, {
      everyMs: LOOK_EVERY_MS,
      failed: 'no snapshot was laid out at the hub',
      work: () => this.#look(),
    });
  }

  start(): void {
    this.#looking.start();
  }

  stop(): void {
    this.#looking.stop();
  }

  async #look(): Promise<void> {
    const context = this.#context();
    const { store, sync, now } = context;
    const { transport, config } = sync;
    const { standing } = organisationView(context);
    if (!transport || !store.writable || config?.edge != null || (standing !== 'member' && standing !== 'founder'))
      return;
    const { places, consoles } = sync.view();
    if (places.some(({ behind, fetching }) => behind > 0 || fetching !== null)) return;
    const { offered, shareSnapshot } = await import('./shelf.ts');
    const newest = (await offered(store, transport)).find(({ counts }) => counts)?.note ?? null;
    const turn: Turn = {
      ops: store.opCount,
      newest,
      maxAgeMs: (await transport.probe()).maxAgeMs,
      own: store.console,
      here: consoles.filter(({ here, access }) => here && access === 'enrolled').map(({ id }) => id),
      since: this.#since,
      now: now(),
    };
    const { since, go } = turnOf(turn);
    this.#since = since;
    if (go) await shareSnapshot(context);
  }
}
