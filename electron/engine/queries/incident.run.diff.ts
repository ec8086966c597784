import { diffSteps } from '../../../shared/domain/runbook/diff.ts';
import { pinned } from '../../../shared/domain/runbook/runbook.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { findRun, pinnedIn } from '../runbooks/runs.ts';

export default handle('incident.run.diff', (context, { incident, run: wanted }) => {
  const { id } = findIncident(context, incident);
  const run = findRun(context, id, wanted);
  const runbook = context.runbooks.get(run.runbook);
  const states = new Map(run.steps.map((step) => [step.id, step.state]));
  const before = pinnedIn(context, id, run.id);
  return {
    from: run.version,
    to: runbook?.version ?? null,
    steps: diffSteps(before, runbook ? runbook.steps.map(pinned) : before).map((change) => ({
      ...change,
      state: states.get(change.id) ?? null,
    })),
  };
});
