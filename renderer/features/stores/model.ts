/** What the grid shows and how it is walked. Pure. Invariant: a store stands at the same place until the estate changes. */
import type { StoreCell, StoreList } from '../../../shared/contract/stores.ts';
import { isWanted, noStores, type SellingCounts, type Wanted } from '../../../shared/domain/selling.ts';
import type { Selling } from '../../../shared/domain/stores.ts';

export type Filter = 'all' | Wanted;

export interface Filters {
  show: Filter;
  /** Region id; empty: every region. */
  region: string;
  find: string;
}

export interface Block {
  id: string;
  name: string;
  timezone: string;
  counts: SellingCounts;
  /** Transactions waiting in its stores; null when no store says. */
  buffered: number | null;
  stores: StoreCell[];
}

/** Words on screens for what a store can do. */
export const SELLING_WORDS: Record<Selling, string> = {
  sells: 'sells',
  fallback: 'sells from its own server',
  hindered: 'hindered',
  cannot: 'cannot sell',
  unknown: 'unknown',
};

const collator = new Intl.Collator('en', { numeric: true });

/** Whether every word of `find` is in a store's number or name. */
function found({ number, name, id }: StoreCell, words: readonly string[]): boolean {
  const text = `${number ?? ''} ${name} ${id}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Regions with what passes the filters, in a fixed order; a region without any is left out. */
export function blocksOf({ regions, stores }: StoreList, { show, region, find }: Filters): Block[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const blocks = new Map<string, Block>(
    regions.map(({ region: named, timezone, buffered, ...counts }) => [
      named.id,
      { id: named.id, name: named.name, timezone, buffered, counts: { ...noStores(), ...counts }, stores: [] },
    ]),
  );
  for (const store of stores) {
    const id = store.region ?? '';
    if ((region !== '' && region !== id) || (show !== 'all' && !isWanted(show, store)) || !found(store, words))
      continue;
    blocks.get(id)?.stores.push(store);
  }
  return [...blocks.values()]
    .filter((block) => block.stores.length > 0)
    .map((block) => ({
      ...block,
      stores: block.stores.toSorted(
        (a, b) => collator.compare(a.number ?? a.name, b.number ?? b.name) || (a.id < b.id ? -1 : 1),
      ),
    }));
}

/** Regions with stores that do not simply sell, the most hurt first: what a grid longer than the screen would hide. */
export function hurtRegions({ regions }: Pick<StoreList, 'regions'>): {
  id: string;
  name: string;
  stores: number;
  total: number;
}[] {
  return regions
    .map(({ region, total, fallback, hindered, cannot, unknown, closedHurt, closedUnknown }) => ({
      ...{ id: region.id, name: region.name, total },
      stores: fallback + hindered + cannot + unknown + closedHurt + closedUnknown,
    }))
    .filter(({ id, stores }) => id !== '' && stores > 0)
    .sort((a, b) => b.stores / b.total - a.stores / a.total || b.stores - a.stores || collator.compare(a.name, b.name));
}

/** How many cells stand in a row of the grid when a cell is `cell` px wide. */
export const perRow = (width: number, cell: number): number => Math.max(1, Math.floor(width / cell));

/**
 * Where a key leads from a store: left and right through all of them, up and down within a region's rows and on into the
 * next region at the same place. Null when the key does not move.
 */
export function step(blocks: readonly Block[], at: string | null, key: string, columns: number): string | null {
  const flat = blocks.flatMap(({ stores }) => stores);
  if (flat.length === 0) return null;
  const index = flat.findIndex(({ id }) => id === at);
  if (key === 'Home') return flat[0]!.id;
  if (key === 'End') return flat.at(-1)!.id;
  if (!['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'j', 'k'].includes(key)) return null;
  if (index < 0) return flat[0]!.id;
  if (key === 'ArrowRight' || key === 'j') return flat[Math.min(index + 1, flat.length - 1)]!.id;
  if (key === 'ArrowLeft' || key === 'k') return flat[Math.max(index - 1, 0)]!.id;
  const block = blocks.findIndex(({ stores }) => stores.some(({ id }) => id === at));
  const { stores } = blocks[block]!;
  const inside = stores.findIndex(({ id }) => id === at);
  const column = inside % columns;
  if (key === 'ArrowDown') {
    if (Math.floor(inside / columns) < Math.floor((stores.length - 1) / columns))
      return stores[Math.min(inside + columns, stores.length - 1)]!.id;
    const next = blocks[block + 1]?.stores;
    return next ? next[Math.min(column, next.length - 1)]!.id : at;
  }
  if (inside >= columns) return stores[inside - columns]!.id;
  const above = blocks[block - 1]?.stores;
  if (!above) return at;
  const lastRow = Math.floor((above.length - 1) / columns) * columns;
  return above[Math.min(lastRow + column, above.length - 1)]!.id;
}

/** The next store after `at` that does not simply sell, around the end to the beginning. */
export function nextTrouble(blocks: readonly Block[], at: string | null): string | null {
  const flat = blocks.flatMap(({ stores }) => stores);
  const from = flat.findIndex(({ id }) => id === at) + 1;
  const around = [...flat.slice(from), ...flat.slice(0, from)];
  return around.find(({ selling }) => selling !== 'sells')?.id ?? null;
}

/** Everything of a block that its cells draw: two blocks with the same are the same picture. */
export function signature({ stores }: Block): string {
  return stores
    .map(({ id, selling, open, reported }) => `${id}${selling[0]}${open === false ? 0 : 1}${reported ? 1 : 0}`)
    .join();
}

/** Width and height of a cell, px: with its number while there are few stores, smaller the more there are. */
export function cellSize(stores: number): { width: number; height: number; numbered: boolean } {
  if (stores <= 400) return { width: 60, height: 28, numbered: true };
  if (stores <= 2000) return { width: 18, height: 18, numbered: false };
  return { width: 13, height: 13, numbered: false };
}

/** "Store 112, Graz Hauptplatz: cannot sell, its tills are down": a cell for somebody who does not see it. */
export function cellLabel({ number, name, selling, open, why }: StoreCell): string {
  const what = selling === 'sells' ? SELLING_WORDS.sells : `${SELLING_WORDS[selling]}, ${why}`;
  return `${number === null ? '' : `${number} `}${name}: ${what}${open === false ? ', closed now' : ''}`;
}
