/** Controlled degradations as the log has them. Invariant: follows from the ops alone; read once after each op, not once per figure. */
import type { Easing, Shares } from '../../../shared/domain/degraded/figures.ts';
import type { Context } from '../context.ts';
import type { Store } from '../store/store.ts';

export interface Activation extends Easing {
  id: string;
  mode: string;
  title: string;
  effect: string;
  /** What had to hold before it might end, as it was said at its start. */
  exit: string;
  incident: string;
  owner: string | null;
  reason: string;
  startedAt: number;
  startedBy: string;
  ended: { at: number; by: string; reason: string } | null;
  /** All when empty. */
  businessServices: readonly string[];
}

export interface Refusal {
  mode: string;
  at: number;
  by: string;
  reason: string;
  incident: string;
}

interface Known {
  ops: number;
  /** Newest first. */
  activations: readonly Activation[];
  /** The newest of each mode. */
  refusals: ReadonlyMap<string, Refusal>;
}

const kept = new WeakMap<Store, Known>();

function read({ store }: Context): Known {
  const known = kept.get(store);
  if (known?.ops === store.opCount) return known;
  const activations = store
    .entities('degraded')
    .flatMap(({ id, scope, doc }): Activation[] => {
      // An end may arrive before its beginning.
      if (typeof doc['mode'] !== 'string' || typeof doc['startedAt'] !== 'number') return [];
      const ended = typeof doc['endedAt'] === 'number';
      return [
        {
          id,
          mode: doc['mode'],
          title: String(doc['title'] ?? doc['mode']),
          effect: String(doc['effect'] ?? ''),
          exit: String(doc['exit'] ?? ''),
          incident: scope,
          owner: typeof doc['owner'] === 'string' ? doc['owner'] : null,
          reason: String(doc['reason'] ?? ''),
          startedAt: doc['startedAt'],
          startedBy: String(doc['startedBy']),
          ended: ended
            ? { at: Number(doc['endedAt']), by: String(doc['endedBy']), reason: String(doc['endReason'] ?? '') }
            : null,
          avoids: (doc['avoids'] as Shares | undefined) ?? null,
          buffers: (doc['buffers'] as Shares | undefined) ?? null,
          businessServices: (doc['businessServices'] as string[] | undefined) ?? [],
        },
      ];
    })
    .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
  const refusals = new Map<string, Refusal>();
  for (const { id, scope, doc } of store.entities('degraded-mode')) {
    if (typeof doc['dismissedAt'] !== 'number') continue;
    const at = doc['dismissedAt'];
    if ((refusals.get(id)?.at ?? -Infinity) >= at) continue;
    const { dismissedBy, reason } = doc;
    refusals.set(id, { mode: id, at, by: String(dismissedBy), reason: String(reason ?? ''), incident: scope });
  }
  const found = { ops: store.opCount, activations, refusals };
  kept.set(store, found);
  return found;
}

/** All that ever were, the newest first. */
export function activations(context: Context): readonly Activation[] {
  return read(context).activations;
}

/** Those that are on. */
export function activeNow(context: Context): Activation[] {
  return read(context).activations.filter(({ ended }) => ended === null);
}

/** The newest refusal of each mode. */
export function refusals(context: Context): ReadonlyMap<string, Refusal> {
  return read(context).refusals;
}

/** Those that changed the figures of a business service at `at` (ms), or at any time since when `until` is given. */
export function easing(context: Context, business: string, at: number, until = at): Activation[] {
  return read(context).activations.filter(
    ({ avoids, buffers, businessServices, startedAt, ended }) =>
      (avoids !== null || buffers !== null) &&
      (businessServices.length === 0 || businessServices.includes(business)) &&
      startedAt <= until &&
      (ended === null || ended.at > at),
  );
}
