/** When a snapshot is due at the hub, and whose turn it is. Pure. */

/** A log that is shorter is read as quickly as a snapshot is taken. */
const LEAST_OPS = 20_000;
/** With so many ops more than the newest snapshot holds, the next is due; sooner when it is old. */
const MANY_OPS = 50_000;
const SOME_OPS = 2000;
const OLD_MS = 24 * 3_600_000;
/** How long the next console in line waits for the one before it, ms. */
const PATIENCE_MS = 15 * 60_000;

export interface Turn {
  /** Ops here. */
  ops: number;
  /** The newest snapshot that counts. */
  newest: { ops: number; made: number } | null;
  /** After how long the hub lets messages go, ms; null when it keeps them. */
  maxAgeMs: number | null;
  own: string;
  /** Ids of the other consoles that are there. */
  here: readonly string[];
  /** Since when one is due, as far as was seen before, ms. */
  since: number | null;
  now: number;
}

/** Whether this console makes one now; `since` is to be given back the next time. */
export function turnOf(turn: Turn): { since: number | null; go: boolean } {
  if (!isDue(turn)) return { since: null, go: false };
  const { own, here, now } = turn;
  const since = turn.since ?? now;
  const before = here.filter((id) => id < own).length;
  return { since, go: now - since >= before * PATIENCE_MS };
}

function isDue({ ops, newest, maxAgeMs, now }: Turn): boolean {
  // What a hub lets go must lie there in a snapshot long before.
  const old = maxAgeMs === null ? OLD_MS : Math.min(OLD_MS, maxAgeMs / 4);
  if (newest === null) return ops >= LEAST_OPS || maxAgeMs !== null;
  const more = ops - newest.ops;
  return more >= MANY_OPS || (more >= (maxAgeMs === null ? SOME_OPS : 1) && now - newest.made >= old);
}
