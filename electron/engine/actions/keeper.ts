/**
 * What goes on by itself about actions. Invariant: it looks and tells, and never sends a request: an action that waits for
 * its endpoint runs when a person says so again.
 */
import type { Context } from '../context.ts';
import { Periodic } from '../periodic.ts';
import type { Clock } from '../sources/clock.ts';
import { liveOf } from './live.ts';

/** How often endpoints that something waits for are tried, ms. */
const BEAT_MS = 15_000;

export class ActionKeeper {
  readonly #context: () => Context;
  readonly #beating: Periodic;

  constructor(context: () => Context, clock: Clock) {
    this.#context = context;
    this.#beating = new Periodic(clock, {
      everyMs: BEAT_MS,
      failed: 'what waits for an endpoint was not looked at',
      work: () => this.#beat(),
    });
  }

  start(): void {
    this.#beating.start(0);
  }

  stop(): void {
    this.#beating.stop();
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
    if (!this.#beating.running) return;
    recover(context);
    const awaited = new Set(
      actionsOf(context, null, false).flatMap(({ folded, proposal }) =>
        folded.state === 'waiting' ? [proposal.endpoint] : [],
      ),
    );
    for (const [id, endpoint] of endpoints(context)) if (awaited.has(id)) await tryEndpoint(context, endpoint);
  }
}
