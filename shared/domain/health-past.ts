/**
 * Health over time out of what was written down. Invariant: at every instant it says what the screens said then: a person's word for as long as
 * it stood, else what the sources had come to; a word ends by the clock, or when it is withdrawn or replaced.
 */
import type { Health } from './words.ts';

/** What the sources came to, or a person's word (null: withdrawn) until `until`. Times in ms. */
export type Written =
  | { at: number; service: string; kind: 'settled'; health: Health; source: string; reason: string }
  | {
      at: number;
      service: string;
      kind: 'word';
      word: { health: Health; until: number; reason: string; by: string } | null;
    };

export interface Told {
  at: number;
  service: string;
  health: Health;
  /** Source id; a person's id when it is their word. */
  source: string;
  reason: string;
  byHand: boolean;
}

interface State {
  settled: Extract<Written, { kind: 'settled' }> | null;
  word: Extract<Written, { kind: 'word' }> | null;
  told: Told | null;
}

/**
 * What was to be seen at `from`, and every change of it up to `to`, in order. O(n log n) in what was written.
 * @param written the last of each kind before `from`, and all after it, of every service; in any order
 */
export function healthBetween(
  written: readonly Written[],
  from: number,
  to: number,
): { start: Told[]; changes: Told[] } {
  const states = new Map<string, State>();
  const stateOf = (service: string): State => {
    let state = states.get(service);
    if (!state) states.set(service, (state = { settled: null, word: null, told: null }));
    return state;
  };
  const events: { at: number; service: string; written: Written | null }[] = [];
  for (const one of written) {
    const { at, service } = one;
    if (at > to) continue;
    events.push({ at, service, written: one });
    // Where a word ends by the clock, the sources speak again.
    if (one.kind === 'word' && one.word !== null && one.word.until > at && one.word.until <= to)
      events.push({ at: one.word.until, service, written: null });
  }
  events.sort((a, b) => a.at - b.at);
  const start = new Map<string, Told>();
  const changes: Told[] = [];
  for (const { at, service, written: one } of events) {
    const state = stateOf(service);
    if (one?.kind === 'settled') state.settled = one;
    else if (one) state.word = one;
    const told = tell(state, at);
    if (told === null || (state.told !== null && sameHealth(state.told, told))) continue;
    state.told = told;
    if (at <= from) start.set(service, told);
    else changes.push(told);
  }
  return { start: [...start.values()], changes };
}

function tell({ settled, word }: State, at: number): Told | null {
  if (word?.word && word.at <= at && at < word.word.until) {
    const { health, reason, by } = word.word;
    return { at, service: word.service, health, source: by, reason, byHand: true };
  }
  if (settled === null) {
    return word === null
      ? null
      : {
          at,
          service: word.service,
          health: 'unknown',
          source: '',
          reason: 'Nothing had been reported by then',
          byHand: false,
        };
  }
  const { service, health, source, reason } = settled;
  return { at, service, health, source, reason, byHand: false };
}

const sameHealth = (a: Told, b: Told): boolean =>
  a.health === b.health && a.byHand === b.byHand && a.source === b.source && a.reason === b.reason;
