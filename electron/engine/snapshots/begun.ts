/** That this console went on from a snapshot, and how far what came with it was verified since. Local to this console. */
import { z } from 'zod';
import type { Store } from '../store/store.ts';

const META = 'snapshot';

const Begun = z.object({
  /** When that was, and when the snapshot was made, ms. */
  at: z.int(),
  made: z.int(),
  /** Its maker. */
  console: z.string(),
  ops: z.int(),
  /** Whether all of it was found good since. */
  whole: z.boolean(),
});
export type Begun = z.infer<typeof Begun>;

export function begunOf(store: Pick<Store, 'meta'>): Begun | null {
  const text = store.meta(META);
  if (text === null) return null;
  try {
    return Begun.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export function rememberBegun(store: Pick<Store, 'setMeta'>, begun: Begun): void {
  store.setMeta(META, JSON.stringify(begun));
}
