/** Writing down who unlocked. Invariant: a disk that takes nothing keeps nobody out: what cannot be written is told on standard error. */
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';

/** `tries`: so many failed in a row. */
export function recordUnlock(
  context: Pick<Context, 'store' | 'zone'>,
  payload: { person: string; how: string; tries?: number },
): void {
  try {
    context.store.commit({ actor: payload.tries === undefined ? payload.person : 'system', zone: context.zone }, (tx) =>
      tx.append({ scope: ESTATE, type: 'access.unlock', payload }),
    );
  } catch (error) {
    console.error(`holdfast: an unlocking was not written down: ${(error as Error).message}`);
  }
}
