/** Says which screen shows with its data: on the document, and once to main, when the first one has been painted. */
import { useEffect, useSyncExternalStore } from 'react';
import { bridge } from '../bridge/client.ts';
import type { ScreenId } from '../state/navigation.ts';

let painted = false;
/** Whether the first screen was shown with its data, and who wants to know. */
let shown = false;
const waiting = new Set<() => void>();

export function useReady(screen: ScreenId, ready: boolean): void {
  useEffect(() => {
    if (!ready) return undefined;
    document.documentElement.dataset.ready = screen;
    if (!shown) {
      tellPainted();
      afterFrame(() => {
        shown = true;
        for (const tell of waiting) tell();
      });
    }
    return () => {
      if (document.documentElement.dataset.ready === screen) delete document.documentElement.dataset.ready;
    };
  }, [screen, ready]);
}

/** Says once to main that a picture stands. */
export function tellPainted(): void {
  if (painted) return;
  painted = true;
  afterFrame(() => bridge.painted());
}

function afterFrame(run: () => void): void {
  requestAnimationFrame(() => setTimeout(run));
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
