/**
 * Who unlocked this window and what they may do, as the engine last said. Invariant: it only decides what is drawn: the engine checks
 * every call by itself, and what this window thinks it may do changes nothing there.
 */
import { create } from 'zustand';
import type { Capability } from '../../shared/contract/spec.ts';

interface Held {
  state: 'open' | 'locked' | 'unlocked';
  may: readonly Capability[];
}

/** Until the engine has answered nothing is drawn as missing. */
export const useHeld = create<Held | { state: null; may: null }>(() => ({ state: null, may: null }));

/** Whether whoever unlocked lacks `capability`; a locked console lacks nothing, it is unlocked first. */
export function useLacks(capability: Capability | undefined): boolean {
  return useHeld(
    ({ state, may }) => capability !== undefined && state === 'unlocked' && may !== null && !may.includes(capability),
  );
}

export interface UnlockQuestion {
  /** What waits for it, when something does. */
  why: string | null;
  /** Who it probably is. */
  person: string | null;
}

/** The question who is there; null while nobody is asked. */
export const useUnlock = create<{ asked: UnlockQuestion | null }>(() => ({ asked: null }));

let waiting: ((unlocked: boolean) => void)[] = [];

/** Asks who is there, or who takes over. */
export function openUnlock(person: string | null = null, why: string | null = null): void {
  useUnlock.setState({ asked: { person, why } });
}

/** Asks who is there; resolves when it is answered, or left. */
export function untilUnlocked(why: string): Promise<boolean> {
  return new Promise((done) => {
    waiting.push(done);
    if (useUnlock.getState().asked === null) openUnlock(null, why);
  });
}

export function closeUnlock(unlocked: boolean): void {
  useUnlock.setState({ asked: null });
  const told = waiting;
  waiting = [];
  for (const done of told) done(unlocked);
}
