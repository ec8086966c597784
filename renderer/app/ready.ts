/** Says which screen shows with its data: on the document, and once to main, when the first one has been painted. */
import { useEffect, useSyncExternalStore } from 'react';
import { bridge } from '../bridge/client.ts';
import type { ScreenId } from '../state/navigation.ts';

let painted = false;
/** Whether that frame was shown, and who wants to know. */
let shown = false;
const waiting = new Set<() => void>();

export function useReady(screen: ScreenId, ready: boolean): void {
  useEffect(() => {
    if (!ready) return undefined;
    document.documentElement.dataset.ready = screen;
    if (!painted) {
      painted = true;
      requestAnimationFrame(() =>
        setTimeout(() => {
          bridge.painted();
          shown = true;
          for (const tell of waiting) tell();
        }),
      );
    }
    return () => {
      if (document.documentElement.dataset.ready === screen) delete document.documentElement.dataset.ready;
    };
  }, [screen, ready]);
}

/** False until the first screen stands: what only completes the picture waits for it. */
export function useFirstPainted(): boolean {
  return useSyncExternalStore(
    (tell) => {
      waiting.add(tell);
      return () => waiting.delete(tell);
    },
    () => shown,
  );
}
