import { randomUUID } from 'node:crypto';
import { Refusal } from '../../../shared/contract/spec.ts';
import { prepare } from '../actions/prepare.ts';
import { actionsOf } from '../actions/view.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';

/** Of a step one action is under way at a time. */
const UNDER_WAY = ['proposed', 'approved', 'running', 'waiting', 'unknown'];

export default handle('action.propose', (context, { reason, ...input }) => {
  const incident = findIncident(context, input.incident);
  const key = randomUUID();
  const { spec, template, step, made, missing, need, services, reaches, reach } = prepare(
    context,
    incident,
    input,
    key,
  );
  if (!made)
    throw new Refusal('refused', `${missing ?? 'The request can not be made.'} What it asks for: action preview.`);
  if (step) {
    const other = actionsOf(context, incident.id, false).find(
      ({ proposal, folded }) =>
        proposal.step?.run === step.run && proposal.step.step === step.step && UNDER_WAY.includes(folded.state),
    );
    if (other)
      throw new Refusal('refused', `The action of this step is ${other.folded.state} already; withdraw it first.`);
  }
  const action = newId('x', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: incident.id,
      type: 'action.propose',
      payload: {
        action,
        title: spec.title,
        ...(step ? { step: { run: step.run, step: step.step } } : {}),
        ...(template === null ? {} : { template }),
        endpoint: made.endpoint,
        method: made.method,
        url: made.url,
        headers: made.headers,
        body: made.body,
        ...(made.dryRun ? { dryRun: made.dryRun } : {}),
        expect: spec.expect,
        timeoutMs: spec.timeoutMs,
        effect: spec.effect,
        risk: spec.risk,
        reversible: spec.reversible,
        reachLimit: spec.reach,
        services,
        reaches,
        reach,
        hash: made.hash,
        key,
        ...(reason ? { reason } : {}),
      },
    });
    return { action, approval: need.approval, hash: made.hash };
  });
});
