import { describe, expect, it } from 'vitest';
import type { StepView } from '../../shared/contract/incident.ts';
import { outcomeWords, quoted, stops } from '../../renderer/features/runs/outcome.ts';

const STEP = {
  ...{ id: 'which', title: 'Which?', type: 'decision', role: null, minutes: null, reversible: null, body: '' },
  ...{ state: 'open', branch: null, reason: null, by: null, at: null, conflict: null, needed: true },
  ...{ attached: [], overruled: [], holds: [] },
  branches: [{ label: 'Yes, the release', to: 'rollback' }],
} satisfies StepView;

describe('a step in the room', () => {
  it('says an outcome with the words of its branch, so that two answers can be told apart', () => {
    expect(outcomeWords(STEP, 'done:rollback')).toBe('done: Yes, the release');
    expect(outcomeWords(STEP, 'done:gone')).toBe('done: gone');
    expect(outcomeWords(STEP, null)).toBe('open');
  });

  it('asks first when something is to be attached or a guard stands in the way, and only then', () => {
    const held = (holds: StepView['holds']) => ({ ...STEP, holds });
    const evidence = held([{ why: 'evidence', missing: ['queue depth'] }]);
    expect([stops(evidence, 'doing'), stops(evidence, 'done'), stops(evidence, 'open')]).toEqual([false, true, false]);
    expect(stops(held([{ why: 'reach', figure: 9, limit: 5 }]), 'doing')).toBe(true);
    expect(stops(held([{ why: 'branch' }]), 'done')).toBe(false);
    expect(stops(held([{ why: 'contested' }]), 'done')).toBe(false);
  });

  it('takes from a message what is quoted there, without its marks', () => {
    expect(quoted('Every 30 minutes.\n\n> **Executives** – one.\n> two.\n\nThen:\n\n> three')).toBe(
      'Executives – one.\ntwo.\n\nthree',
    );
    expect(quoted('Say it aloud.')).toBe('');
  });
});
