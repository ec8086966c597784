/** Event times that people enter. */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';

/** Clocks differ a little between people and machines. */
const GRACE_MS = 5 * 60_000;

/** `{ eventTime }` for an op, or nothing when it is now. @throws Refusal when it lies ahead. */
export function notInTheFuture(context: Context, eventTime: number | undefined): { eventTime?: number } {
  if (eventTime === undefined) return {};
  if (eventTime > context.now() + GRACE_MS) throw new Refusal('bad_input', 'eventTime: this has not happened yet.');
  return { eventTime };
}
