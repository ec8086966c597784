/**
 * The last situation that this window showed, for the moment at the next start in which the log is still being read, or
 * for longer when it can't be. Invariant: it goes with the time at which it was true and is never taken for the present.
 */
import { useEffect } from 'react';
import type { Output } from '../../../shared/contract/table.ts';
import { bridge } from '../../bridge/client.ts';

export type Situation = Output<'situation'>;

export interface Remembered {
  /** Which program wrote it: another may read it differently. */
  version: string;
  value: Situation;
}

const STORE = 'situation';
/** It is kept at most so often, ms, and once more when the page goes. */
const EVERY = 10_000;

/** What was kept, or null. */
export function remembered(): Situation | null {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? 'null') as Remembered | null;
    return kept?.version === bridge.info.version && kept.value.services.total > 0 ? kept.value : null;
  } catch {
    return null;
  }
}

/** Forgets it, because it can't be shown. */
export function forget(): void {
  localStorage.removeItem(STORE);
}

/** Keeps `value` for the next start. */
export function useRemember(value: Situation | undefined): void {
  useEffect(() => {
    if (value === undefined) return undefined;
    const keep = (): void => {
      const kept: Remembered = { version: bridge.info.version, value: fitToKeep(value) };
      try {
        localStorage.setItem(STORE, JSON.stringify(kept));
        lastKept = Date.now();
      } catch {
        // Without room the next start waits for the log.
      }
    };
    const timer = setTimeout(keep, Math.max(SPARE, lastKept + EVERY - Date.now()));
    window.addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', keep);
    };
  }, [value]);
}

/** Whoever opens the window next may not be who may read it: restricted incidents are left out. */
function fitToKeep(value: Situation): Situation {
  const secret = new Set(value.incidents.flatMap(({ id, restricted }) => (restricted ? [id] : [])));
  if (secret.size === 0) return value;
  return {
    ...value,
    incidents: value.incidents.filter(({ id }) => !secret.has(id)),
    needs: value.needs.filter(({ incident }) => incident === null || !secret.has(incident)),
  };
}

let lastKept = 0;
/** Not while the first picture is being drawn, ms. */
const SPARE = 1500;
