import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { runbookView } from '../runbooks/view.ts';

export default handle('runbook.show', ({ runbooks }, { runbook: wanted }) => {
  const runbook = runbooks.get(wanted.trim().toLowerCase());
  if (!runbook) throw new Refusal('not_found', `There is no runbook "${wanted}".`);
  return runbookView(runbook);
});
