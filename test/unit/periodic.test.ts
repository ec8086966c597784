import { describe, expect, it, vi } from 'vitest';
import { Periodic } from '../../electron/engine/periodic.ts';
import { ManualClock } from '../support/manual-clock.ts';

describe('work that comes again', () => {
  it('goes on after a turn that failed, and says what was not done', async () => {
    const clock = new ManualClock();
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let turns = 0;
    const periodic = new Periodic(clock, {
      everyMs: 100,
      failed: 'the sheep were not counted',
      work: async () => {
        await Promise.resolve();
        if (++turns === 1) throw new Error('fog');
      },
    });
    periodic.start(0);
    await clock.pass(200);
    expect(turns).toBe(3);
    expect(told.mock.calls.flat().join(' ')).toBe('holdfast: the sheep were not counted: Error: fog');
    told.mockRestore();
  });

  it('never begins a turn while one is under way, and none after it was stopped', async () => {
    const clock = new ManualClock();
    const ends: (() => void)[] = [];
    const periodic = new Periodic(clock, {
      everyMs: 100,
      failed: 'nothing',
      work: () => new Promise<void>((resolve) => ends.push(resolve)),
    });
    periodic.start();
    await clock.pass(1000);
    expect(ends).toHaveLength(1);
    periodic.stop();
    // Stopped and started meanwhile: the turn of before does not make it two.
    periodic.start();
    ends[0]!();
    await clock.pass(100);
    expect(ends).toHaveLength(2);
    ends[1]!();
    periodic.stop();
    await clock.pass(1000);
    expect(ends).toHaveLength(2);
  });
});
