/**
 * Facts of single stores out of one answer for all of them. Invariant: one query per figure for the whole chain, however
 * many stores there are; a label of each series names its store, by id, name or number. A store without a series was not
 * heard of: nothing is made up for it. A series that names no store of the estate is counted and told.
 */
import { partOf } from '../../../shared/domain/stores.ts';
import type { MappedStore, StoreReading } from './source.ts';

/** The figures that a store can be asked about, with what their values mean. */
export const STORE_FIGURES = [
  { name: 'storeWan', title: 'Stores: line', help: 'Share of the store’s line that works: 1 up, 0 down.' },
  { name: 'storePos', title: 'Stores: tills', help: 'Share of the tills that work: 1 all, 0 none.' },
  { name: 'storeEdge', title: 'Stores: server', help: '1 while the store’s server works, 0 when it does not.' },
  { name: 'storeFallback', title: 'Stores: fallback', help: '1 while the store sells from its own server.' },
  { name: 'storeBuffered', title: 'Stores: waiting', help: 'Transactions that wait to be sent.' },
  { name: 'storeBufferedMinor', title: 'Stores: waiting value', help: 'Their value in minor units, such as cents.' },
  { name: 'storeOldest', title: 'Stores: oldest waiting', help: 'Age of the oldest of them in seconds.' },
] as const;
export type StoreFigure = (typeof STORE_FIGURES)[number]['name'];

/** An example for a form. */
export const STORE_EXAMPLES: Record<StoreFigure, string> = {
  storeWan: 'avg by (store) (probe_success{job="store-wan"})',
  storePos: 'avg by (store) (pos_terminal_online)',
  storeEdge: 'min by (store) (up{job="store-edge"})',
  storeFallback: 'max by (store) (store_edge_fallback_active)',
  storeBuffered: 'sum by (store) (store_edge_buffered_receipts)',
  storeBufferedMinor: 'sum by (store) (store_edge_buffered_minor)',
  storeOldest: 'max by (store) (time() - store_edge_oldest_receipt_timestamp_seconds)',
};

export interface StoreSeries {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** Finds a store by what a label says: its id, its name, or its number with or without leading zeros. */
export class StoreIndex {
  readonly #byName = new Map<string, string | null>();

  constructor(stores: readonly MappedStore[]) {
    const learn = (name: string, id: string): void => {
      const known = this.#byName.get(name);
      // What two stores are called by means neither.
      this.#byName.set(name, known === undefined || known === id ? id : null);
    };
    for (const { id, name, number } of stores) {
      learn(name.toLowerCase(), id);
      if (number !== null) learn(String(Number(number)), id);
    }
    for (const { id } of stores) this.#byName.set(id.toLowerCase(), id);
  }

  /** The store's id; null when it is none, or one of several. */
  find(label: string): string | null {
    const text = label.trim().toLowerCase();
    return this.#byName.get(text) ?? (/^\d{1,9}$/.test(text) ? (this.#byName.get(String(Number(text))) ?? null) : null);
  }
}

export interface StoreAnswer {
  readings: StoreReading[];
  /** Values of the label that name no store of the estate. */
  strangers: string[];
}

/**
 * One reading per store that any series names. Of several series about one store the worst counts for a share, any for
 * fallback, the sum for what waits and the greatest age for the oldest.
 */
export function readStores(
  answers: ReadonlyMap<StoreFigure, readonly StoreSeries[]>,
  label: string,
  index: StoreIndex,
  now: number,
  validForMs: number,
): StoreAnswer {
  const figures = new Map<string, Partial<Record<StoreFigure, number>>>();
  const strangers = new Set<string>();
  for (const [figure, series] of answers) {
    for (const { labels, value } of series) {
      if (!Number.isFinite(value)) continue;
      const name = labels[label] ?? '';
      const store = index.find(name);
      if (store === null) {
        strangers.add(name);
        continue;
      }
      let known = figures.get(store);
      if (!known) figures.set(store, (known = {}));
      const before = known[figure];
      known[figure] = before === undefined ? value : TOGETHER[figure](before, value);
    }
  }
  const readings = [...figures].map(([store, seen]): StoreReading => {
    const reading: StoreReading = { store, observedAt: now, validForMs };
    if (seen.storeWan !== undefined) reading.wan = partOf(seen.storeWan);
    if (seen.storePos !== undefined) reading.pos = partOf(seen.storePos);
    if (seen.storeEdge !== undefined) reading.edge = partOf(seen.storeEdge);
    if (seen.storeFallback !== undefined) reading.fallback = seen.storeFallback > 0;
    if (seen.storeBuffered !== undefined) reading.buffered = Math.max(0, Math.round(seen.storeBuffered));
    if (seen.storeBufferedMinor !== undefined) reading.bufferedMinor = Math.max(0, Math.round(seen.storeBufferedMinor));
    if (seen.storeOldest !== undefined) reading.oldestAt = Math.round(now - Math.max(0, seen.storeOldest) * 1000);
    return reading;
  });
  return { readings, strangers: [...strangers] };
}

const sum = (a: number, b: number): number => a + b;
const TOGETHER: Record<StoreFigure, (a: number, b: number) => number> = {
  storeWan: Math.min,
  storePos: Math.min,
  storeEdge: Math.min,
  storeFallback: Math.max,
  storeBuffered: sum,
  storeBufferedMinor: sum,
  storeOldest: Math.max,
};
