/**
 * How dear a guess is. Invariant: measured on the machine that will check it, so that one guess takes at least `GUESS_MS` of one
 * core; the cost is stored with each verifier and only ever goes up.
 */
import { randomBytes, scrypt as derive } from 'node:crypto';

/** scrypt's parameters: N, r, p. */
export interface Cost {
  cost: number;
  block: number;
  lanes: number;
}

/** What one guess takes at least, ms of one core. */
const GUESS_MS = 250;
/** Measured so much dearer than need be: a core that was slowed down while it was measured must not make guesses cheap. */
const MARGIN = 1.4;
const BLOCK = 8;
/** 64 MiB: a war-room desktop has it, and a guesser needs it for each guess. */
const LARGEST = 2 ** 16;
const MOST_LANES = 64;
const VERIFIER_BYTES = 32;

/** scrypt off the engine's thread. The result is the caller's to wipe. */
export function stretch(secret: Buffer, salt: Buffer, { cost, block, lanes }: Cost): Promise<Buffer> {
  const maxmem = 128 * cost * block + 128 * block * lanes + 32 * 1024 * 1024;
  return new Promise((done, fail) => {
    derive(secret, salt, VERIFIER_BYTES, { N: cost, r: block, p: lanes, maxmem }, (error, key) =>
      error ? fail(error) : done(key),
    );
  });
}

/** ms that one guess takes here, the quickest of `tries`: what slows it down here does not slow a guesser down. */
export async function timeOf(cost: Cost, tries = 2): Promise<number> {
  const salt = randomBytes(16);
  const secret = randomBytes(16);
  let best = Infinity;
  for (let n = 0; n < tries; n++) {
    const begun = performance.now();
    (await stretch(secret, salt, cost)).fill(0);
    best = Math.min(best, performance.now() - begun);
  }
  return best;
}

/** The cost of which one guess takes `GUESS_MS` and some more on this machine. */
async function measureCost(time: (cost: Cost) => Promise<number> = timeOf): Promise<Cost> {
  let cost = 2 ** 14;
  let ms = await time({ cost, block: BLOCK, lanes: 1 });
  while (cost < LARGEST && ms < GUESS_MS * MARGIN) {
    cost *= 2;
    ms = await time({ cost, block: BLOCK, lanes: 1 });
  }
  const lanes = Math.min(MOST_LANES, Math.max(1, Math.ceil((GUESS_MS * MARGIN) / ms)));
  return { cost, block: BLOCK, lanes };
}

/** How dear guesses are made: measured, and at least so many ms; a test makes them cheap. */
export interface Guess {
  measure(): Promise<Cost>;
  ms: number;
}

export const DEAR: Guess = { measure: measureCost, ms: GUESS_MS };

/** Dearer than `cost` by as much as a guess that took `ms` was too quick; null when it was dear enough. */
export function dearer({ cost, block, lanes }: Cost, ms: number, least: number): Cost | null {
  if (ms >= least) return null;
  const factor = (least * MARGIN) / Math.max(1, ms);
  return { cost, block, lanes: Math.min(MOST_LANES * 4, Math.ceil(lanes * factor)) };
}
