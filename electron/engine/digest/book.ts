/**
 * Which time a digest is of. Invariant: from the moment at which this console was cut off until somebody has read what came
 * of it; a second cut before that makes it longer, so that nothing falls between two digests.
 *
 * Whoever holds the link calls `beganCutOff(at)` when it breaks and `returned(at)` when it stands again; `link` does both
 * from the link's own words. `imported` is for a bundle. What came in is read from the log by its local order, so that it
 * does not matter in how many parts, or how late after `returned`, it arrives.
 */
import { z } from 'zod';
import type { LinkState } from '../../../shared/contract/hub.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Store } from '../store/store.ts';

const META = 'digest';

const Period = z.object({
  why: z.enum(['link', 'bundle', 'asked']),
  /** Local number of the last op that was here before. */
  mark: z.int(),
  /** Sequence number of our last op that the others had then. */
  own: z.int(),
  /** ms */
  began: z.int(),
  returned: z.int().nullable(),
  from: z.string().nullable(),
});
export type Period = z.infer<typeof Period>;

export class DigestBook {
  readonly #store: Store;
  readonly #changed: () => void;
  #period: Period | null | undefined;

  constructor(store: Store, changed: () => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** The time that waits to be read, or that lasts; null when there is none. */
  get period(): Period | null {
    if (this.#period === undefined) this.#period = read(this.#store.meta(META));
    return this.#period;
  }

  /** The link is gone since `at`, ms. */
  beganCutOff(at: number): void {
    const { period } = this;
    if (period?.why === 'link') {
      if (period.returned !== null) this.#set({ ...period, returned: null });
      return;
    }
    if (period === null && !this.#metOthers()) return;
    const mark = period?.mark ?? this.#store.log.arrivedBy(at);
    this.#set({
      ...{ why: 'link', mark, began: period?.began ?? at, returned: null, from: null },
      own: period?.own ?? this.#store.log.seqAt(this.#store.console, mark),
    });
  }

  /** The link stands again since `at`, ms. What others wrote before that belongs to the digest, whenever it arrives. */
  returned(at: number): void {
    const { period } = this;
    if (period?.why === 'link' && period.returned === null) this.#set({ ...period, returned: at });
  }

  /** What the link says of itself now, at `now`, ms. */
  link({ state, since }: { state: LinkState; since: number | null }, now: number): void {
    if (!this.#store.writable) return;
    try {
      if (state === 'cut-off') this.beganCutOff(since ?? now);
      else if (state === 'connected') this.returned(now);
    } catch (error) {
      // On a disk that takes nothing there is no digest; the link goes on.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** A bundle was taken: what came is behind `mark`; its maker had our ops up to `own`. `at` is when it was begun, ms. */
  imported({ mark, own, from, at }: { mark: number; own: number; from: string; at: number }): void {
    const { period } = this;
    // What came by a bundle while the link is gone belongs to the time without it.
    if (period !== null) this.#set(period.why === 'bundle' ? { ...period, own, from } : period);
    else this.#set({ why: 'bundle', mark, own, began: at, returned: at, from });
  }

  /** Somebody has read it. A cut that lasts begins anew from here. */
  read(at: number): void {
    const { period } = this;
    if (period === null) return;
    const mark = this.#store.log.newest();
    const own = this.#store.head?.seq ?? 0;
    this.#set(period.why === 'link' && period.returned === null ? { ...period, mark, own, began: at } : null);
  }

  /** Before the first meeting nothing could be missed: all that comes is new. */
  #metOthers(): boolean {
    return this.#store.log.consoles().some(({ id }) => id !== this.#store.console);
  }

  #set(period: Period | null): void {
    this.#period = period;
    this.#store.setMeta(META, period === null ? '' : JSON.stringify(period));
    this.#changed();
  }
}

function read(text: string | null): Period | null {
  if (!text) return null;
  try {
    return Period.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
