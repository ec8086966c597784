/** Says which screen shows with its data: on the document, and once to main, when the first one has been painted. */
import { useEffect } from 'react';
import { bridge } from '../bridge/client.ts';
import type { ScreenId } from '../state/navigation.ts';

let painted = false;

export function useReady(screen: ScreenId, ready: boolean): void {
  useEffect(() => {
    if (!ready) return undefined;
    document.documentElement.dataset.ready = screen;
    if (!painted) {
      painted = true;
      requestAnimationFrame(() => setTimeout(() => bridge.painted()));
    }
    return () => {
      if (document.documentElement.dataset.ready === screen) delete document.documentElement.dataset.ready;
    };
  }, [screen, ready]);
}
