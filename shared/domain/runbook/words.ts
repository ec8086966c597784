/** What is said of runs, on screen and in a terminal. */
import type { Hold } from './run.ts';

/** "12 min", "12–20 min"; empty when nothing says how long it takes. */
export function minutesWords({ least, most }: { least: number; most: number }): string {
  const [from, to] = [Math.ceil(least), Math.ceil(most)];
  if (to === 0) return '';
  return from === to ? `${to} min` : `${from}–${to} min`;
}

/** Why a step waits. `title` names a step, `when` tells a time. */
export function holdWords(
  hold: Hold,
  { title, when }: { title(id: string): string; when(at: number): string },
): string {
  switch (hold.why) {
    case 'approval':
      return hold.step === null
        ? 'risky, and this runbook has no approval for it'
        : `waits for the approval “${title(hold.step)}”`;
    case 'reach':
      return hold.figure === null
        ? `stops at ${hold.limit} services reached, and how many are is not known`
        : `${hold.figure} services are reached, and it stops at more than ${hold.limit}`;
    case 'wait':
      return `waits until ${when(hold.until)}`;
    case 'evidence':
      return `wants attached: ${hold.missing.join('; ')}`;
    case 'branch':
      return 'wants a branch';
    case 'contested':
      return 'two answers stand against each other';
    case 'loop':
      return `leads back to “${title(hold.to)}”, which is done: open that again`;
  }
}
