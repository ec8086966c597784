/**
 * Three to seven consoles at a hub that loses, repeats and reorders, with crashes, cut links, wrong clocks, a wiped hub and
 * messages changed on the way: in the end all show the same, no acknowledged op is lost, and nobody's answer was replaced by
 * somebody who had not seen it. `npm run test:simulation -- --schedules N [--seed S]` for long runs; a failure prints its seed.
 */
import { describe, expect, it } from 'vitest';
import { play, type Outcome } from './model.ts';
import { PINNED } from './seeds.ts';

const SCHEDULES = Number(process.env['HOLDFAST_SCHEDULES'] ?? 2000);
/** Half of them are the same in every run, the other half begin somewhere else each time. */
const FIXED = Math.ceil(SCHEDULES / 2);
const ELSEWHERE = Number(process.env['HOLDFAST_SEED'] ?? Math.floor(Date.now() / 1000));
const STEPS = 40;

function played(seed: number): Outcome {
  try {
    return play(seed, STEPS);
  } catch (cause) {
    throw new Error(`Schedule ${seed} broke off. ${again(seed)}`, { cause });
  }
}

const again = (seed: number): string =>
  `Play it again: npm run test:simulation -- sync --schedules 1 --seed ${seed}; then pin it in seeds.ts.`;

describe('consoles that lose each other and meet again', () => {
  it.each(PINNED.map((seed) => [seed]))('are one again after schedule %i', (seed) => {
    expect(played(seed).wrong).toEqual([]);
  });

  it(`are one again after ${SCHEDULES} schedules`, () => {
    const sum = { consoles: 0, ops: 0, forks: 0, conflicts: 0, messages: 0 };
    for (let index = 0; index < SCHEDULES; index++) {
      const seed = process.env['HOLDFAST_SEED'] === undefined && index < FIXED ? index + 1 : ELSEWHERE + index;
      const outcome = played(seed);
      expect(outcome.wrong, `Schedule ${seed} ended wrongly. ${again(seed)}`).toEqual([]);
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += outcome[name];
    }
    const per = (count: number) => (count / SCHEDULES).toFixed(1);
    process.stdout.write(
      `${SCHEDULES} schedules from seed ${ELSEWHERE}, each with ${per(sum.consoles)} consoles, ${per(sum.ops)} ops, ${per(sum.messages)} messages; ${sum.forks} forks, ${sum.conflicts} of them conflicts.\n`,
    );
    // A model in which nobody ever disagrees would show nothing.
    if (SCHEDULES >= 100) expect(sum.conflicts).toBeGreaterThan(SCHEDULES);
  });
});
