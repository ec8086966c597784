/**
 * Invariant: a console's timestamps only ever grow, and sort after every op the console had seen when it wrote them.
 * A remote clock that is far ahead never moves ours, so one broken laptop cannot push the whole organisation into the future.
 *
 * Hybrid logical clock after Kulkarni et al., "Logical Physical Clocks" (2014): 48 bits of milliseconds and a 16-bit
 * counter, written as 12 + 4 hexadecimal digits, '-', console id. Text order is causal order.
 */

export type Hlc = string;

/** How far ahead of ours, in milliseconds, a remote clock may be and still move ours. */
export const MAX_DRIFT_MS = 5 * 60_000;

export const HLC_PATTERN = /^[0-9a-f]{16}-[a-z0-9]{8,32}$/;

const MAX_MS = 2 ** 48 - 1;
const MAX_COUNTER = 0xffff;

export interface HlcParts {
  /** Milliseconds since 1970, UTC. */
  ms: number;
  counter: number;
  console: string;
}

export function formatHlc({ ms, counter, console }: HlcParts): Hlc {
  if (!Number.isInteger(ms) || ms < 0 || ms > MAX_MS) throw new RangeError(`${ms} ms does not fit a timestamp`);
  return `${ms.toString(16).padStart(12, '0')}${counter.toString(16).padStart(4, '0')}-${console}`;
}

export function parseHlc(text: Hlc): HlcParts {
  if (!HLC_PATTERN.test(text)) throw new TypeError(`not a timestamp: ${text.slice(0, 60)}`);
  return { ms: parseInt(text.slice(0, 12), 16), counter: parseInt(text.slice(12, 16), 16), console: text.slice(17) };
}

export interface ClockState {
  ms: number;
  counter: number;
}

/** The state after a local event at wall-clock `now` (ms). A clock set back does not take timestamps back. */
export function tick(state: ClockState, now: number): ClockState {
  if (now > state.ms) return { ms: now, counter: 0 };
  if (state.counter < MAX_COUNTER) return { ms: state.ms, counter: state.counter + 1 };
  return { ms: state.ms + 1, counter: 0 };
}

export interface Received {
  state: ClockState;
  /** Milliseconds by which the remote clock is ahead of ours; above MAX_DRIFT_MS it did not move ours. */
  ahead: number;
}

/** The state after hearing of `remote` at wall-clock `now` (ms). */
export function receive(state: ClockState, remote: Hlc, now: number): Received {
  const { ms, counter } = parseHlc(remote);
  const ahead = ms - now;
  if (ahead > MAX_DRIFT_MS) return { state, ahead };
  if (ms > state.ms || (ms === state.ms && counter > state.counter)) return { state: { ms, counter }, ahead };
  return { state, ahead };
}
