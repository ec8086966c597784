import { describe, expect, it } from 'vitest';
import { type Written, healthBetween } from '../../shared/domain/health-past.ts';
import type { Health } from '../../shared/domain/words.ts';

const settled = (at: number, health: Health): Written => ({
  ...{ at, service: 'pay', kind: 'settled', health, source: 'prom', reason: `prom says ${health}` },
});
const word = (at: number, health: Health, until: number): Written => ({
  ...{ at, service: 'pay', kind: 'word', word: { health, until, reason: 'on the telephone', by: 'ana' } },
});
const told = (written: Written[], from: number, to: number): string[] => {
  const { start, changes } = healthBetween(written, from, to);
  return [...start.map((one) => ({ ...one, at: 'start' })), ...changes].map(
    ({ at, health, byHand }) => `${at} ${health}${byHand ? ' by hand' : ''}`,
  );
};

describe('health of the past', () => {
  it('is a person’s word for as long as it stood, and what the sources say afterwards', () => {
    const written = [settled(10, 'healthy'), word(20, 'failing', 50), settled(30, 'degraded'), settled(60, 'healthy')];
    expect(told(written, 0, 100)).toEqual(['10 healthy', '20 failing by hand', '50 degraded', '60 healthy']);
    // Whatever was written first or came late.
    expect(told(written.toReversed(), 0, 100)).toEqual([
      '10 healthy',
      '20 failing by hand',
      '50 degraded',
      '60 healthy',
    ]);
  });

  it('ends a word when it was withdrawn or replaced, and says nothing of a word that ends after the time asked for', () => {
    const withdrawn: Written = { at: 30, service: 'pay', kind: 'word', word: null };
    expect(told([settled(10, 'healthy'), word(20, 'failing', 50), withdrawn], 0, 100)).toEqual([
      '10 healthy',
      '20 failing by hand',
      '30 healthy',
    ]);
    expect(told([word(20, 'failing', 50), word(40, 'degraded', 70)], 0, 60)).toEqual([
      '20 failing by hand',
      '40 degraded by hand',
    ]);
    expect(told([word(20, 'failing', 50)], 0, 100)).toEqual(['20 failing by hand', '50 unknown']);
  });

  it('begins with what was to be seen then', () => {
    const written = [settled(10, 'degraded'), word(20, 'failing', 50), settled(70, 'healthy')];
    expect(told(written, 30, 100)).toEqual(['start failing by hand', '50 degraded', '70 healthy']);
    expect(told(written, 55, 100)).toEqual(['start degraded', '70 healthy']);
    expect(told(written, 5, 6)).toEqual([]);
  });
});
