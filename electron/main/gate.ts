/**
 * Who may speak to the console. Invariant: a message counts only from the top frame of one of our own windows at our own
 * origin.
 */
import type { Reply } from '../../shared/contract/spec.ts';

/** The parts of Electron's IpcMainEvent that decide; `senderFrame` is null once the frame has gone. */
export interface SenderEvent {
  readonly sender: { readonly id: number };
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null;
}

/**
 * Why the sender is refused, as a clause, or null. Must be called before the first `await`: `senderFrame` is read as it
 * is now, and a frame that navigates meanwhile would speak for another page.
 */
export function senderProblem(event: SenderEvent, ours: { has(id: number): boolean }, origin: string): string | null {
  const frame = event.senderFrame;
  if (frame === null) return 'its frame has gone';
  if (frame.parent !== null) return 'it comes from a frame inside the page';
  if (frame.origin !== origin) return 'it comes from another origin';
  if (!ours.has(event.sender.id)) return 'it comes from a window that is not ours';
  return null;
}

/** The reply to a sender that may not speak. */
export function forbidden(problem: string): Reply<never> {
  return { ok: false, code: 'forbidden', message: `The message was refused: ${problem}.`, retryable: false };
}
