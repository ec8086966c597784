/**
 * Which backups to keep. Invariant: the newest is always kept, and thinning never leaves a gap larger than the one it
 * would leave in the next older class: all of the last hours, one a day for two weeks, one a week for a quarter.
 */

export interface Kept {
  /** When it was made, ms since 1970 UTC. */
  at: number;
  /** Made by hand or before risky work: kept for the quarter whatever else there is. */
  special: boolean;
}

const HOUR = 3600_000;
const DAY = 24 * HOUR;

/** How long every single backup is kept, ms. */
const KEEP_ALL = 12 * HOUR;
/** Classes after that: one backup in each `every`, until it is older than `until`, ms. */
const CLASSES = [
  { every: HOUR, until: 2 * DAY },
  { every: DAY, until: 14 * DAY },
  { every: 7 * DAY, until: 92 * DAY },
];

/** The backups that may go now, oldest first. */
export function expired<T extends Kept>(backups: readonly T[], now: number): T[] {
  const newest = Math.max(...backups.map(({ at }) => at));
  const taken = new Set<string>();
  const going: T[] = [];
  for (const backup of backups.toSorted((a, b) => a.at - b.at)) {
    const age = now - backup.at;
    if (backup.at === newest || age <= KEEP_ALL) continue;
    const rung = CLASSES.find(({ until }) => age <= until);
    if (!rung) {
      going.push(backup);
      continue;
    }
    if (backup.special) continue;
    const slot = `${rung.every}:${Math.floor(backup.at / rung.every)}`;
    if (taken.has(slot)) going.push(backup);
    else taken.add(slot);
  }
  return going;
}
