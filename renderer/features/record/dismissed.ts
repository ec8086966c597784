/** Which report of a restoration was read: remembered on this machine, so that each is shown until somebody puts it away. */
import { create } from 'zustand';

const STORE = 'record.report';

export const useDismissed = create<{ at: number }>(() => ({ at: Number(localStorage.getItem(STORE)) || 0 }));

/** Puts the report of the restoration at `at` (ms) away, and those before it. */
export function dismiss(at: number): void {
  localStorage.setItem(STORE, String(at));
  useDismissed.setState({ at });
}
