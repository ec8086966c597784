/**
 * The renderer's only way out. Invariant: `window.holdfast` is touched here and nowhere else, and a broken bridge comes
 * back as a refusal, so that no screen has to catch.
 */
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { untilUnlocked } from '../state/access.ts';

declare global {
  interface Window {
    readonly holdfast: Bridge;
  }
}

export const bridge: Bridge = window.holdfast;

/** Runs a command or a query; a locked console asks first who is there, and then runs it. Never rejects. */
export async function call<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>> {
  const reply = await ask(name, input);
  if (reply.ok || reply.code !== 'locked') return reply;
  return (await untilUnlocked(reply.message)) ? ask(name, input) : reply;
}

/** Runs a command or a query of the table as things are. Never rejects. */
export async function ask<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>> {
  try {
    return await bridge.call(name, input);
  } catch (cause) {
    return {
      ok: false,
      code: 'internal',
      message: `The console could not run “${name}”: ${String(cause)}`,
      retryable: true,
    };
  }
}
