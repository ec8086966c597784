/**
 * Who can still sell, counted and told. Invariant: a store that is closed at this hour is in no other count, so that the
 * counts add up. Kept apart from the schemas, because the first screen loads this and may load no schema.
 */
import type { Selling } from './stores.ts';

/** Loudest first; not knowing is as loud as being hindered. */
export const LOUDEST_SELLING: readonly Selling[] = ['cannot', 'hindered', 'unknown', 'fallback', 'sells'];

/** Counts of stores. Those that are closed at this hour stand in `closed` and in no other count. */
export interface SellingCounts {
  total: number;
  sells: number;
  fallback: number;
  hindered: number;
  cannot: number;
  unknown: number;
  closed: number;
  /** Of the closed ones, those that could not simply sell if they opened now. */
  closedHurt: number;
}

export const noStores = (): SellingCounts => ({
  total: 0,
  sells: 0,
  fallback: 0,
  hindered: 0,
  cannot: 0,
  unknown: 0,
  closed: 0,
  closedHurt: 0,
});

/** Counts one store. */
export function countStore(counts: SellingCounts, { selling, open }: { selling: Selling; open: boolean | null }): void {
  counts.total++;
  if (open !== false) counts[selling]++;
  else {
    counts.closed++;
    if (selling !== 'sells') counts.closedHurt++;
  }
}

/** "106 sell (11 of them on their own) · 14 unknown · 0 closed": the answer to "who can still sell?". */
export function sellingWords(counts: SellingCounts): string {
  const { sells, fallback, hindered, cannot, unknown, closed, closedHurt } = counts;
  const sell = sells + fallback + hindered;
  const n = (count: number): string => count.toLocaleString('en');
  const aside = [
    ...(fallback > 0 ? [`${n(fallback)} from their own server`] : []),
    ...(hindered > 0 ? [`${n(hindered)} hindered`] : []),
  ];
  return [
    `${n(sell)} sell${aside.length > 0 ? ` (${aside.join(', ')})` : ''}`,
    ...(cannot > 0 ? [`${n(cannot)} cannot sell`] : []),
    `${n(unknown)} unknown`,
    `${n(closed)} closed${closedHurt > 0 ? ` (${n(closedHurt)} of them in trouble)` : ''}`,
  ].join(' · ');
}
