/**
 * What goes on by itself about actions. Invariant: it looks and tells, and never sends a request: an action that waits for
 * its endpoint runs when a person says so again.
 */
import type { Context } from '../context.ts';
import type { Clock } from '../sources/clock.ts';
import { liveOf } from './live.ts';

/** How often endpoints that something waits for are tried, ms. */
const BEAT_MS = 15_000;

export class ActionKeeper {
  readonly #context: () => Context;
  readonly #clock: Clock;
  #stop: (() => void) | null = null;

  constructor(context: () => Context, clock: Clock) {
    this.#context = context;
    this.#clock = clock;
  }

  start(): void {
    if (this.#stop) return;
    const next = (ms: number): void => {
      this.#stop = this.#clock.after(ms, () => {
        next(BEAT_MS);
        void this.#beat().catch((error: unknown) => console.error(error));
      });
    };
    next(0);
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    for (const abort of liveOf(this.#context().store).attempts.values()) abort.abort();
  }

  async #beat(): Promise<void> {
    const context = this.#context();
    if (context.store.entities('action').length === 0) return;
    const [{ recover }, { actionsOf }, { endpoints, tryEndpoint }] = await Promise.all([
      import('./run.ts'),
      import('./view.ts'),
      import('./endpoints.ts'),
    ]);
    if (!this.#stop) return;
    recover(context);
    const awaited = new Set(
      actionsOf(context, null, false).flatMap(({ folded, proposal }) =>
        folded.state === 'waiting' ? [proposal.endpoint] : [],
      ),
    );
    for (const [id, endpoint] of endpoints(context)) if (awaited.has(id)) await tryEndpoint(context, endpoint);
  }
}
