/** Who unlocked this window last, so that they need not be chosen again, and the way back. A name is no secret here: the dialog lists them all. */
import { call } from '../../bridge/client.ts';
import { openUnlock, useHeld } from '../../state/access.ts';

const KEY = 'unlocked-by';

export const lastPerson = (): string | null => localStorage.getItem(KEY);

export function rememberPerson(id: string): void {
  localStorage.setItem(KEY, id);
}

/** On an open console there is nothing to lock, which the question says. */
export function lockNow(): void {
  if (useHeld.getState().state === 'open') openUnlock();
  else void call('access.lock', {});
}
