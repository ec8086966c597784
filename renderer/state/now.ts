/**
 * One timer for everything that counts on screen. Invariant: it runs only while somebody watches and the window can be
 * seen; when the window comes back the time jumps at once to what it is.
 */
import { useCallback, useSyncExternalStore } from 'react';

const TICK = 1000;
const watchers = new Set<() => void>();
let tick = Date.now();
let timer: ReturnType<typeof setTimeout> | null = null;

const beat = (): void => {
  tick = Date.now();
  for (const watcher of watchers) watcher();
  timer = setTimeout(beat, TICK - (Date.now() % TICK));
};

const adjust = (): void => {
  const wanted = watchers.size > 0 && document.visibilityState === 'visible';
  if (wanted && timer === null) beat();
  if (!wanted && timer !== null) {
    clearTimeout(timer);
    timer = null;
  }
};

document.addEventListener('visibilitychange', adjust);

/** Now, ms since 1970 UTC, renewed every `periodMs` (at least a second). */
export function useNow(periodMs = TICK): number {
  const watch = useCallback((listener: () => void) => {
    if (watchers.size === 0) tick = Date.now();
    watchers.add(listener);
    if (timer === null && document.visibilityState === 'visible') timer = setTimeout(beat, TICK - (Date.now() % TICK));
    return () => {
      watchers.delete(listener);
      adjust();
    };
  }, []);
  return useSyncExternalStore(watch, () => Math.floor(tick / periodMs) * periodMs);
}
