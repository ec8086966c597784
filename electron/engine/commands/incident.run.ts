import { Refusal } from '../../../shared/contract/spec.ts';
import { pinned } from '../../../shared/domain/runbook/runbook.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.run', (context, { incident, runbook: wanted }) => {
  const { id } = findIncident(context, incident);
  const runbook = context.runbooks.get(wanted);
  if (!runbook) throw new Refusal('not_found', `There is no runbook "${wanted}".`);
  if (runbook.steps.length === 0) throw new Refusal('refused', `The runbook ${runbook.file} has no steps.`);
  const run = newId('r', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'run.start',
      payload: {
        run,
        runbook: runbook.id,
        title: runbook.title,
        version: runbook.version,
        hash: runbook.hash,
        steps: runbook.steps.map(pinned),
      },
    });
    return { run };
  });
});
