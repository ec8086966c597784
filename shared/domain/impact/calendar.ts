/**
 * Holidays and promotions. Invariant: an entry multiplies what usually comes while it lasts; entries that overlap multiply
 * each other (a promotion on a holiday). An entry for some regions counts with the share that their stores have:
 * multiplier = 1 + (m − 1) × share of the regions.
 *
 * Worked example: Epiphany, × 0.1, in a region whose stores make 0.2 of in-store sales: 1 + (0.1 − 1) × 0.2 = 0.82.
 */
import type { CalendarEntry } from '../estate.ts';
import { momentOf, type Multiplier } from './baseline.ts';

export interface CalendarOf {
  /** Business service id. */
  id: string;
  /** Zone in which the entries' dates are read: the baseline's. */
  zone: string;
  /** Share of a region in what this business service does, 0–1; null when it is not divided by regions. */
  shareOf(region: string): number | null;
}

/** The entries that concern one business service, as instants; and in one sentence each what can't be used. */
export function multipliersOf(
  entries: readonly CalendarEntry[],
  { id, zone, shareOf }: CalendarOf,
): { multipliers: Multiplier[]; problems: string[] } {
  const multipliers: Multiplier[] = [];
  const problems: string[] = [];
  for (const entry of entries) {
    if (entry.businessServices.length > 0 && !entry.businessServices.includes(id)) continue;
    const from = momentOf(entry.from, zone);
    const to = momentOf(entry.to, zone, true);
    if (from === null || to === null || to <= from) {
      problems.push(`The calendar's "${entry.title}" ends before it begins, or names no date: it is left out.`);
      continue;
    }
    let { multiplier } = entry;
    if (entry.regions.length > 0) {
      const shares = entry.regions.map(shareOf);
      if (shares.every((share) => share === null)) {
        problems.push(`The calendar's "${entry.title}" is for some regions, and this is not counted by region.`);
        continue;
      }
      multiplier =
        1 +
        (multiplier - 1) *
          Math.min(
            1,
            shares.reduce<number>((sum, share) => sum + (share ?? 0), 0),
          );
    }
    multipliers.push({ title: entry.title, from, to, multiplier });
  }
  return { multipliers, problems };
}
