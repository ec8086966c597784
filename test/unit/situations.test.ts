/** The policies and runbooks that ship agree with an experienced commander, and every disagreement is argued. */
import { describe, expect, it } from 'vitest';
import { Domain } from '../../shared/domain/words.ts';
import { outcomes, readSituations } from '../support/situations.ts';

describe('the table of situations', () => {
  const all = outcomes();

  it('has at least sixty, some in every domain, each once', () => {
    const situations = readSituations();
    expect(situations.length).toBeGreaterThanOrEqual(60);
    expect(new Set(situations.map(({ id }) => id)).size).toBe(situations.length);
    for (const domain of Domain.options)
      expect(situations.filter((one) => one.domain === domain).length, domain).toBeGreaterThanOrEqual(8);
  });

  it('is agreed with in nine of ten, in all four answers', () => {
    expect(all.filter(({ agrees }) => agrees).length / all.length).toBeGreaterThanOrEqual(0.9);
  });

  it('argues where the proposal differs, and nowhere else', () => {
    const argued = all.filter(({ situation }) => situation.argument !== undefined).map(({ situation }) => situation.id);
    expect(argued).toEqual(all.filter(({ agrees }) => !agrees).map(({ situation }) => situation.id));
  });
});
