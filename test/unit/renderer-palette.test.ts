/** What the palette finds first, and when a flow of questions is complete. */
import { describe, expect, it } from 'vitest';
import { remaining } from '../../renderer/features/palette/flow.ts';
import type { Flow } from '../../renderer/features/palette/flow.ts';
import { rank, score } from '../../renderer/features/palette/rank.ts';

const titles = (query: string, list: readonly string[]): string[] =>
  rank(
    query,
    list.map((title) => ({ title })),
    10,
  ).map(({ title }) => title);

describe('ranking', () => {
  it('puts the start of the title before the start of a word, and that before the middle', () => {
    expect(titles('check', ['precheckout', 'fraud-check', 'Checkout'])).toEqual([
      'Checkout',
      'fraud-check',
      'precheckout',
    ]);
  });
  it('needs every word, in any order', () => {
    expect(titles('sev set', ['Set the severity', 'Set the state', 'Several'])).toEqual(['Set the severity']);
  });
  it('finds initials, whatever the case, and letters without their accents', () => {
    expect(titles('di', ['Declare an incident', 'Add'])).toEqual([]);
    expect(titles('dai', ['Add a source', 'Declare an incident'])).toEqual(['Declare an incident']);
    expect(titles('kovac', ['Ana Kovač', 'Li Wei'])).toEqual(['Ana Kovač']);
  });
  it('finds by what stands beside the title, after everything whose title matches', () => {
    const found = rank('payments', [{ title: 'Mo Salah', also: 'Payments' }, { title: 'payments-api' }], 10);
    expect(found.map(({ title }) => title)).toEqual(['payments-api', 'Mo Salah']);
  });
  it('takes what is typed as letters, not as a pattern', () => {
    expect(score('(.*', { title: 'anything' })).toBeNull();
  });
  it('keeps the order and the limit when nothing is typed', () => {
    expect(rank(' ', [{ title: 'b' }, { title: 'a' }, { title: 'c' }], 2).map(({ title }) => title)).toEqual([
      'b',
      'a',
    ]);
  });
});

describe('a flow', () => {
  const flow: Flow = {
    title: 'Set the severity',
    steps: [
      { kind: 'pick', name: 'incident', prompt: 'Which incident?', load: async () => ({ ok: true, value: [] }) },
      { kind: 'text', name: 'reason', prompt: 'Why?', skip: 'No reason' },
      { kind: 'confirm', prompt: 'Sure?', verb: 'Do it' },
    ],
    run: async () => ({ ok: true, value: {} }),
  };
  const asked = (values: Record<string, string>): string[] => remaining(flow, values).map(({ prompt }) => prompt);
  it('asks what it does not know, in order', () => {
    expect(asked({})).toEqual(['Which incident?', 'Why?', 'Sure?']);
    expect(asked({ incident: 'inc42' })).toEqual(['Why?', 'Sure?']);
  });
  it('takes what was left out as answered, and runs only after it was confirmed', () => {
    expect(asked({ incident: 'inc42', reason: '' })).toEqual(['Sure?']);
    expect(asked({ incident: 'inc42', reason: '', confirmed: 'yes' })).toEqual([]);
  });
});
