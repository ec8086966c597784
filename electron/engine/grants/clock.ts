/**
 * The time by which grants, sessions, waits and lock-outs run out. Invariant: it never goes back, not when the machine's clock is set back and
 * not over a restart: it is the latest moment that this console has seen, moved on by what a clock that cannot be set has
 * counted since.
 */
import { formatWhen, MINUTE } from '../../../shared/domain/times.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import type { Context } from '../context.ts';
import type { Store } from '../store/store.ts';

const META = 'breakglass.seen';
/** How far it may run ahead of what was kept on the disk, ms. */
const KEEP_EVERY = 5_000;

interface Seen {
  at: number;
  /** Of the clock that cannot be set, ms. */
  ticks: number;
  kept: number;
}

const clocks = new WeakMap<Store, Seen>();

/** The latest moment seen, ms. */
export function seenNow({ store, now }: Pick<Context, 'store' | 'now'>): number {
  const ticks = performance.now();
  let seen = clocks.get(store);
  if (!seen) {
    const kept = Number(store.meta(META) ?? 0);
    const head = store.log.head(store.console);
    seen = { at: Math.max(kept, head ? parseHlc(head.hlc).ms : 0), ticks, kept };
    clocks.set(store, seen);
  }
  seen.at = Math.max(seen.at + Math.max(0, Math.floor(ticks - seen.ticks)), now());
  seen.ticks = ticks;
  return seen.at;
}

/** From so much on people are told, ms: less is what setting a clock by a server does. */
const TOLD_BACK = 5 * MINUTE;

/** What to tell while the machine's clock stands before a moment that this console has seen; null otherwise. */
export function clockWarning(context: Pick<Context, 'store' | 'now' | 'zone'>): string | null {
  const [now, seen] = [context.now(), seenNow(context)];
  if (seen - now < TOLD_BACK) return null;
  const [here, there] = [now, seen].map((at) => formatWhen(at, context.zone, now));
  return `The clock of this machine says ${here}, and what is written here already goes up to ${there}: one of the two is wrong. Until it is set right, what is written now bears a time that is too early.`;
}

/** Keeps on the disk what was seen, when that has moved on: by more than `every`, ms. */
export function keepSeen(context: Pick<Context, 'store' | 'now'>, every = KEEP_EVERY): void {
  const at = seenNow(context);
  const seen = clocks.get(context.store)!;
  if (at - seen.kept < every || !context.store.writable) return;
  context.store.setMeta(META, String(at));
  seen.kept = at;
}

export interface ForwardClock {
  /** The latest moment seen, ms. */
  now(): number;
  /** The machine's clock as it is, ms. */
  wall(): number;
  /** Remembers how far it has come. */
  keep(): void;
}

export function forwardClock(context: Pick<Context, 'store' | 'now'>): ForwardClock {
  return { now: () => seenNow(context), wall: () => context.now(), keep: () => keepSeen(context, 1) };
}
