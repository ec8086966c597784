import { basename } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { readRunbooks } from '../runbooks/files.ts';
import { runbookLite, waysOf } from '../runbooks/view.ts';

export default handle('runbook.test', ({ runbooks }, { runbook: wanted }) => {
  const known = runbooks.get(basename(wanted).toLowerCase());
  const [runbook] = known && !/\.(?:md|markdown)$/i.test(wanted) ? [known] : readRunbooks([wanted]);
  if (!runbook || runbook.steps.length === 0)
    throw new Refusal('refused', `${wanted} has no steps to walk; \`runbook lint\` says what is wrong with it.`);
  const ok = !runbook.problems.some(({ severity }) => severity === 'error');
  return { ...runbookLite(runbook), ways: waysOf(runbook), ok };
});
