/**
 * How often the policies that ship propose what an experienced commander would choose: severity, level, model and first
 * runbook, all four, in a table of situations (`test/support/situations.yaml`). Where they do not, the table argues why.
 */
import { outcomes } from '../support/situations.ts';
import { atLeast, bench, progress, told } from './support/report.ts';

await bench('proposals', 1, () => {
  const all = outcomes();
  const part = (index: number): number =>
    all.filter(({ situation, proposed }) => proposed[index] === situation.expect[index]).length / all.length;
  for (const { situation, proposed, agrees } of all)
    if (!agrees)
      progress(
        `${situation.id}: a commander says ${situation.expect.join(', ')}; proposed is ${proposed.join(', ')}. ${situation.argument ?? 'Not argued.'}`,
      );
  return Promise.resolve({
    figures: [
      atLeast('agreement', all.filter(({ agrees }) => agrees).length / all.length, '', 0.9),
      told('severity', part(0), ''),
      told('level', part(1), ''),
      told('model', part(2), ''),
      told('runbook', part(3), ''),
      told('situations', all.length, ''),
    ],
    runs: 1,
  });
});
