import { Refusal } from '../../../shared/contract/spec.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { handle } from '../context.ts';
import { runbookView } from '../runbooks/view.ts';

export default handle('runbook.show', (context, { runbook: wanted }) => {
  const runbook = context.runbooks.get(wanted.trim().toLowerCase());
  if (runbook) return runbookView(context, runbook);
  const near = nearest(
    wanted,
    context.runbooks.list().map(({ id }) => id),
  );
  throw new Refusal('not_found', `There is no runbook "${wanted}".${near === null ? '' : ` Did you mean "${near}"?`}`);
});
