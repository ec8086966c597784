/**
 * Whether the board may be believed. Pure. Invariant: it is current only while the engine answers and something was heard
 * of within a minute; everything else is said across the whole width, with when it was last true.
 */
import type { EngineState } from '../../shared/contract/bridge.ts';
import { formatDuration } from '../../shared/domain/times.ts';

/** What is older than this is not current, ms. */
export const LIMIT = 60_000;

interface Standing {
  /** When what is shown was last true, ms; null before anything was read. */
  trueAt: number | null;
  /** Why it is not to be relied on; null when it is. */
  warning: string | null;
}

export function standing(
  now: number,
  engine: EngineState,
  /** When the engine last answered, ms. */
  readAt: number | null,
  /** When a source was last heard, ms; 0 never, null when there is none to hear. */
  heardAt: number | null,
): Standing {
  if (engine === 'locked')
    return { trueAt: readAt, warning: 'The data folder is encrypted: unlock it at the console.' };
  if (readAt === null)
    return { trueAt: null, warning: engine === 'fatal' ? 'The data engine cannot open its data.' : null };
  const trueAt = heardAt === null ? readAt : Math.min(readAt, heardAt);
  if (heardAt === 0) return { trueAt, warning: 'Nothing has been heard from any source yet.' };
  if (engine === 'fatal') return { trueAt, warning: 'The data engine cannot open its data.' };
  if (engine === 'restarting') return { trueAt, warning: 'The data engine stopped and is starting again.' };
  if (now - readAt > LIMIT)
    return { trueAt, warning: `The data engine has not answered for ${formatDuration(now - readAt)}.` };
  if (now - trueAt > LIMIT)
    return { trueAt, warning: `Nothing has been heard from any source for ${formatDuration(now - trueAt)}.` };
  return { trueAt, warning: null };
}
