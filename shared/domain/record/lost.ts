/** How much is lost, and how it is counted. Apart from the other words because every screen may have to say it. Pure. */
import type { RestoreView } from '../../contract/record.ts';

/** "1 op", "1,204 ops". */
export const count = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Ops that a restoration knows of and could not find. */
export function lostOps(restored: RestoreView | null): number {
  return (restored?.missing ?? []).reduce((sum, { first, last }) => sum + last - first + 1, 0);
}
