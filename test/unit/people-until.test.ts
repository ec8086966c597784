import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUntil } from '../../shared/domain/people/until.ts';

/** A Tuesday in winter time, 14:07 in Vienna. */
const NOW = Date.parse('2026-11-24T13:07:00Z');
const until = (text: string, now = NOW, zone = 'Europe/Vienna'): string => {
  const answer = parseUntil(text, zone, now);
  return answer.ok ? new Date(answer.at).toISOString() : answer.message;
};

describe('until when somebody is away', () => {
  it('is a length of time, the next time of a clock, the end of a day or a moment, where they are', () => {
    expect(until('3h')).toBe('2026-11-24T16:07:00.000Z');
    expect(until('2d')).toBe('2026-11-26T13:07:00.000Z');
    expect(until('18:30')).toBe('2026-11-24T17:30:00.000Z');
    expect(until('9.05')).toBe('2026-11-25T08:05:00.000Z');
    expect(until('2026-12-24')).toBe('2026-12-24T23:00:00.000Z');
    expect(until('2026-12-24', NOW, 'Asia/Tokyo')).toBe('2026-12-24T15:00:00.000Z');
    expect(until('2026-12-24 08:00')).toBe('2026-12-24T07:00:00.000Z');
  });

  it('in the hour that the clocks skip is an hour later, and in the one they repeat the first', () => {
    const spring = Date.parse('2026-03-28T12:00:00Z');
    expect(until('2026-03-29 02:30', spring)).toBe('2026-03-29T01:30:00.000Z');
    expect(until('2026-10-25 02:30', spring)).toBe('2026-10-25T00:30:00.000Z');
  });

  it('that is over, no day or no time is refused in one sentence', () => {
    expect(until('2026-11-23')).toMatch(/^"2026-11-23" is over; write it like 3h/);
    expect(until('2026-02-30')).toBe('"2026-02-30" is no day of the calendar.');
    expect(until('whenever')).toMatch(/^"whenever" is no moment to come/);
    expect(until('0h')).toMatch(/is no moment to come/);
  });

  it('is always still to come, whatever was typed', () => {
    const words = fc.oneof(fc.string({ maxLength: 30 }), fc.stringMatching(/^\d{1,4}[-:.hd ]\d{0,2}(-\d{2})?$/));
    fc.assert(
      fc.property(
        words,
        fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
        (text, now) => {
          const answer = parseUntil(text, 'America/Los_Angeles', now.getTime());
          if (answer.ok) expect(answer.at).toBeGreaterThan(now.getTime());
          else expect(answer.message).toMatch(/\.$/);
        },
      ),
    );
  });
});
