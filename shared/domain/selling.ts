/**
 * Who can still sell, counted and told. Invariant: a store that is closed at this hour is in no other count, so that the
 * counts add up. Kept apart from the schemas, because the first screen loads this and may load no schema.
 */
import { money } from './impact/money.ts';
import type { Selling } from './stores.ts';

/** Which stores are asked for: all in one state, `trouble` for all that do not simply sell, or by their hours. */
export type Wanted = Selling | 'trouble' | 'open' | 'closed' | 'reported';

/** Whether a store is one of those. By state only those count that are not closed: as many as the counts say. */
export function isWanted(
  wanted: Wanted,
  { selling, open, reported }: { selling: Selling; open: boolean | null; reported: boolean },
): boolean {
  switch (wanted) {
    case 'trouble':
      return selling !== 'sells';
    case 'open':
      return open !== false;
    case 'closed':
      return open === false;
    case 'reported':
      return reported;
    default:
      return selling === wanted && open !== false;
  }
}

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
  /** Of the closed ones, those known to be unable to simply sell if they opened now, and those of which nothing is known. */
  closedHurt: number;
  closedUnknown: number;
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
  closedUnknown: 0,
});

/** Counts one store. */
export function countStore(counts: SellingCounts, { selling, open }: { selling: Selling; open: boolean | null }): void {
  counts.total++;
  if (open !== false) counts[selling]++;
  else {
    counts.closed++;
    if (selling === 'unknown') counts.closedUnknown++;
    else if (selling !== 'sells') counts.closedHurt++;
  }
}

/** "31 closed (1 in trouble, 3 unknown)". */
export function closedWords({ closed, closedHurt, closedUnknown }: SellingCounts): string {
  const n = (count: number): string => count.toLocaleString('en');
  const aside = [
    ...(closedHurt > 0 ? [`${n(closedHurt)} in trouble`] : []),
    ...(closedUnknown > 0 ? [`${n(closedUnknown)} unknown`] : []),
  ];
  return `${n(closed)} closed${aside.length > 0 ? ` (${aside.join(', ')})` : ''}`;
}

/** "106 sell (11 of them on their own) · 14 unknown · 0 closed": the answer to "who can still sell?". */
export function sellingWords(counts: SellingCounts): string {
  const { sells, fallback, hindered, cannot, unknown } = counts;
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
    closedWords(counts),
  ].join(' · ');
}

/** What the transactions that wait are worth: "€ 5,320"; "at least" when some do not say. Null when none does. */
export function worthWords({
  count,
  minor,
  valued,
  currency,
}: {
  count: number;
  minor: number | null;
  valued: number;
  currency: string;
}): string | null {
  if (minor === null) return null;
  return `${valued < count ? 'at least ' : ''}${money(minor, currency)}`;
}
