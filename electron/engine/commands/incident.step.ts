import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident, runsOf } from '../incidents/view.ts';

export default handle('incident.step', async (context, { incident, run: wanted, step, state, reason }) => {
  const row = findIncident(context, incident);
  const { id } = row;
  const runs = runsOf(context, id).filter((run) => wanted === undefined || run.id === wanted);
  const matching = runs.filter((run) => run.steps.some((candidate) => candidate.id === step));
  if (matching.length === 0)
    throw new Refusal('not_found', `No runbook running in this incident has a step "${step}".`);
  if (matching.length > 1)
    throw new Refusal('bad_input', `Several running runbooks have a step "${step}": say which run.`);
  if ((state === 'skipped' || state === 'failed') && !reason)
    throw new Refusal('refused', `A step that is ${state} needs a reason.`);
  const [run] = matching;
  const chosen = run!.steps.find((candidate) => candidate.id === step)!;
  const guarded = state === 'done' && (chosen.type === 'approval' || chosen.type === 'action');
  const complete = guarded
    ? (await import('../actions/steps.ts')).completes(context, row, run!, chosen, reason)
    : () => {};
  const field = `step:${step}`;
  return context.commit((tx) => {
    complete(tx);
    tx.append({
      scope: id,
      type: 'run.step',
      payload: { run: run!.id, step, state, ...(reason ? { reason } : {}) },
      base: tx.headIds('run', id, run!.id, field),
    });
    return {};
  });
});
