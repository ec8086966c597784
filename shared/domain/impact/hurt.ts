/**
 * Since when something has been hurt. Invariant: it is hurt from the first of its services to be degraded or failing until none
 * of them is; getting worse, getting a little better, one service taking over from another, and falling silent neither
 * end it nor begin it anew.
 *
 * Worked example: the API is degraded from 14:00 and failing from 14:10; the database fails at 14:20; the API is well at 14:25.
 * At 14:30 it has been hurt since 14:00.
 */
import type { Health } from '../words.ts';

/** What was told of a service, and from when it holds (ms). */
export interface ToldHealth {
  service: string;
  at: number;
  health: Health;
}

/**
 * Going back from `moment` (ms), at which it is hurt or may be: when that began. `moment` itself when what was told does not
 * reach further back.
 */
export function hurtSince(told: readonly ToldHealth[], moment: number): number {
  const spells = [...Map.groupBy(told, ({ service }) => service).values()].flatMap(spellsOf);
  let since = moment;
  for (let further = true; further;) {
    further = false;
    for (const { from, to } of spells) {
      if (from >= since || to < since) continue;
      since = from;
      further = true;
    }
  }
  return since;
}

/** When one service was degraded or worse; what falls silent stays what it was. */
function spellsOf(told: readonly ToldHealth[]): { from: number; to: number }[] {
  const spells: { from: number; to: number }[] = [];
  let open: { from: number; to: number } | null = null;
  for (const { at, health } of told.toSorted((a, b) => a.at - b.at)) {
    if (health === 'unknown') continue;
    const hurt = health === 'degraded' || health === 'failing';
    if (hurt && !open) spells.push((open = { from: at, to: Infinity }));
    else if (!hurt && open) {
      open.to = at;
      open = null;
    }
  }
  return spells;
}
