/** Ends emergency access when its time is over, whether or not anybody does anything, and remembers how far time has come. */
import type { Context } from '../context.ts';
import { Periodic } from '../periodic.ts';
import type { Clock } from '../sources/clock.ts';
import { settleExpired } from './force.ts';

/** How often it looks, ms: so much longer, at most, other consoles take it for running. */
const BEAT_MS = 5_000;

export function grantKeeper(context: () => Pick<Context, 'store' | 'now' | 'zone'>, clock: Clock): Periodic {
  return new Periodic(clock, {
    everyMs: BEAT_MS,
    failed: 'emergency access whose time is over was not ended',
    work: () => settleExpired(context()),
  });
}
