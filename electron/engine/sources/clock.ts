/**
 * Time as sources see it. Invariant: nothing in this folder asks the machine for the time except through a Clock, so that
 * a test can let hours pass at once.
 */
export interface Clock {
  /** Wall clock, ms since 1970 UTC. May jump. */
  now(): number;
  /** Milliseconds that only ever grow; on some systems they stand still while the machine sleeps. */
  monotonic(): number;
  /** Calls `work` once after `ms`; the returned function prevents it. */
  after(ms: number, work: () => void): () => void;
}

/** The machine's clock. */
export function systemClock(now: () => number = Date.now): Clock {
  return {
    now,
    monotonic: () => performance.now(),
    after: (ms, work) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  };
}
