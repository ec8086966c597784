import { Refusal } from '../../../shared/contract/spec.ts';
import { pinned } from '../../../shared/domain/runbook/runbook.ts';
import { sameStep } from '../../../shared/domain/runbook/diff.ts';
import type { CarriedStep } from '../../../shared/ops/steps.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { findRun, pinnedIn } from '../runbooks/runs.ts';

export default handle('incident.run.renew', (context, { incident, run: wanted }) => {
  const { id } = findIncident(context, incident);
  const run = findRun(context, id, wanted);
  if (run.ended !== null) throw new Refusal('refused', `This run was ended already (${run.ended.reason}).`);
  const runbook = context.runbooks.get(run.runbook);
  if (!runbook)
    throw new Refusal('not_found', `The file of "${run.title}" is gone; this run keeps the steps that it began with.`);
  if (runbook.hash === run.hash)
    throw new Refusal('refused', `The file of "${run.title}" is the one that this run began with.`);
  if (runbook.steps.length === 0) throw new Refusal('refused', `The runbook ${runbook.file} has no steps any more.`);
  const steps = runbook.steps.map(pinned);
  const before = new Map(pinnedIn(context, id, run.id).map((step) => [step.id, step]));
  const carried = steps.flatMap((step): CarriedStep[] => {
    const old = before.get(step.id);
    const view = run.steps.find((one) => one.id === step.id);
    if (!old || !view || view.by === null || view.at === null || view.state === 'open' || !sameStep(old, step))
      return [];
    return [
      {
        ...{ step: step.id, state: view.state, by: view.by.id, at: view.at },
        ...(view.branch === null ? {} : { branch: view.branch }),
        ...(view.reason === null ? {} : { reason: view.reason }),
        ...(view.attached.length === 0
          ? {}
          : { evidence: view.attached.map(({ what, value }) => ({ what, value })).slice(0, 20) }),
      },
    ];
  });
  const next = newId('r', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'run.start',
      payload: {
        ...{
          run: next,
          runbook: runbook.id,
          title: runbook.title,
          version: runbook.version,
          hash: runbook.hash,
          steps,
        },
        ...{ continues: run.id, carried },
      },
    });
    tx.append({
      scope: id,
      type: 'run.end',
      payload: {
        run: run.id,
        reason: `version ${runbook.version || 'on disk'} goes on${run.version === '' ? '' : ` instead of ${run.version}`}`,
        continuedBy: next,
      },
    });
    return { run: next, carried: carried.length };
  });
});
