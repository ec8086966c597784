/**
 * What this process is doing at this moment, as opposed to what the log says. Invariant: an attempt that is not here and
 * that this console began was interrupted; it is `unknown`, and nothing runs it again by itself.
 */
import type { Store } from '../store/store.ts';

export interface Live {
  /** Attempts whose request is out, by id. */
  attempts: Map<string, AbortController>;
  /** Whether an endpoint took a connection when that was last tried. */
  reachable: Map<string, { ok: boolean; at: number; message: string }>;
}

const lives = new WeakMap<Store, Live>();

export function liveOf(store: Store): Live {
  let live = lives.get(store);
  if (!live) lives.set(store, (live = { attempts: new Map(), reachable: new Map() }));
  return live;
}
