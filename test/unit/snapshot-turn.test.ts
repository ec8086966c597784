/** When a snapshot is due at the hub, and which console makes it. */
import { describe, expect, it } from 'vitest';
import { turnOf, type Turn } from '../../shared/domain/link/snapshots.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;
const turn = (change: Partial<Turn> = {}): Turn => ({
  ...{ ops: 200_000, newest: null, maxAgeMs: null, own: 'bbbbbbbb', here: [], since: null, now: NOW },
  ...change,
});
const newest = (ops: number, hours: number) => ({ ops, made: NOW - hours * HOUR });

describe('the snapshot at the hub', () => {
  it('is due when there is none, when many ops came since, and daily while any come', () => {
    expect(turnOf(turn()).go).toBe(true);
    expect(turnOf(turn({ newest: newest(150_000, 1) })).go).toBe(true);
    expect(turnOf(turn({ newest: newest(150_001, 1) }))).toEqual({ since: null, go: false });
    expect(turnOf(turn({ newest: newest(198_000, 24) })).go).toBe(true);
    expect(turnOf(turn({ newest: newest(199_900, 500) })).go).toBe(false);
  });

  it('is not made of a log that is read as quickly, unless the hub lets messages go', () => {
    expect(turnOf(turn({ ops: 19_999 })).go).toBe(false);
    expect(turnOf(turn({ ops: 10, maxAgeMs: 40 * HOUR })).go).toBe(true);
    expect(turnOf(turn({ newest: newest(199_999, 10), maxAgeMs: 40 * HOUR })).go).toBe(true);
    expect(turnOf(turn({ newest: newest(199_999, 9), maxAgeMs: 40 * HOUR })).go).toBe(false);
  });

  it('is made by the lowest id that is there, and by the next one when that does not', () => {
    const second = turn({ here: ['aaaaaaaa', 'cccccccc'] });
    expect(turnOf(second)).toEqual({ since: NOW, go: false });
    expect(turnOf({ ...second, since: NOW - 15 * 60_000 }).go).toBe(true);
    expect(turnOf({ ...second, own: 'aaaaaaaa', here: ['bbbbbbbb'] }).go).toBe(true);
  });
});
