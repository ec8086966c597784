/**
 * What was measured at each store. Invariant: a reading holds from when it was seen until its time is over; a store that
 * a source no longer names keeps its last reading, which ages and becomes unknown: silence is never taken for a zero.
 *
 * Kept apart from the signal board, because 5,000 stores with seven figures each would be 35,000 signals, while what is
 * asked of them is one line per store. What was last known is kept on disk, one row per source, as a cache.
 */
import type { Measured, PartState } from '../../../shared/domain/stores.ts';
import type { Sqlite } from '../store/database.ts';
import { SourceCache } from './source-cache.ts';
import type { StoreReading } from './source.ts';

export interface MeasuredStore {
  wan: Measured<PartState> | null;
  pos: Measured<PartState> | null;
  edge: Measured<PartState> | null;
  fallback: Measured<boolean> | null;
  buffered: Measured<number> | null;
  bufferedMinor: Measured<number> | null;
  oldestAt: Measured<number> | null;
}

type Member = keyof MeasuredStore;
const MEMBERS = ['wan', 'pos', 'edge', 'fallback', 'buffered', 'bufferedMinor', 'oldestAt'] as const satisfies Member[];

/** What was not heard of for so long is forgotten, ms. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000;

export class StoreReadings {
  /** Source → store → what it says. */
  readonly #bySource = new Map<string, Map<string, MeasuredStore>>();
  readonly #cache: SourceCache<[string, MeasuredStore][]>;
  /** How many stores each source had fresh words of when it was last looked. */
  readonly #fresh = new Map<string, number>();
  /** Grows with every change. */
  revision = 0;

  /** @param db where what was last known is kept; null keeps nothing */
  constructor(db: Sqlite | null) {
    this.#cache = new SourceCache(db, 'store_reading');
  }

  /** Begins with what was kept on disk. */
  restore(): void {
    for (const [source, stores] of this.#cache.read()) this.#bySource.set(source, new Map(stores));
  }

  /** Takes what a successful poll saw; a member that it did not see keeps its last value and ages. */
  apply(source: string, readings: readonly StoreReading[], now: number): void {
    let stores = this.#bySource.get(source);
    if (!stores) this.#bySource.set(source, (stores = new Map()));
    for (const reading of readings) {
      const before = stores.get(reading.store);
      const after = { ...NOTHING, ...before };
      for (const member of MEMBERS) {
        const value = reading[member];
        if (value === undefined) continue;
        const was = before?.[member];
        const since = was && was.value === value ? was.since : (reading.since ?? reading.observedAt);
        (after as Record<Member, Measured<unknown> | null>)[member] = {
          value,
          at: Math.min(now, reading.observedAt),
          validForMs: reading.validForMs,
          since: Math.min(now, since),
          source,
        };
      }
      stores.set(reading.store, after);
    }
    for (const [store, measured] of stores) if (newest(measured) < now - FORGOTTEN_MS) stores.delete(store);
    this.revision++;
    const known = stores;
    this.#cache.keep(source, now, () => [...known]);
  }

  drop(source: string): void {
    if (!this.#bySource.delete(source)) return;
    this.revision++;
    this.#cache.drop(source);
  }

  /** Whether the passing of time alone made something unknown since it was asked last. */
  aged(now: number): boolean {
    let changed = false;
    for (const [source, stores] of this.#bySource) {
      let fresh = 0;
      for (const measured of stores.values()) {
        for (const member of MEMBERS) {
          const one = measured[member];
          if (one && now <= one.at + one.validForMs) fresh++;
        }
      }
      if ((this.#fresh.get(source) ?? fresh) !== fresh) changed = true;
      this.#fresh.set(source, fresh);
    }
    if (changed) this.revision++;
    return changed;
  }

  /** What is measured at a store: of each member the newest word of any source. Null when nothing ever was. */
  of(store: string): MeasuredStore | null {
    let found: MeasuredStore | null = null;
    for (const stores of this.#bySource.values()) {
      const measured = stores.get(store);
      if (!measured) continue;
      if (!found) found = { ...measured };
      else
        for (const member of MEMBERS) {
          const [a, b] = [found[member], measured[member]];
          if (b && (!a || b.at > a.at)) (found as Record<Member, unknown>)[member] = b;
        }
    }
    return found;
  }

  /** Writes everything down. Call before the database is closed. */
  close(now: number): void {
    for (const [source, stores] of this.#bySource) this.#cache.write(source, now, [...stores]);
  }
}

const NOTHING: MeasuredStore = {
  wan: null,
  pos: null,
  edge: null,
  fallback: null,
  buffered: null,
  bufferedMinor: null,
  oldestAt: null,
};

function newest(measured: MeasuredStore): number {
  return Math.max(0, ...MEMBERS.map((member) => measured[member]?.at ?? 0));
}
