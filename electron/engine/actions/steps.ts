/**
 * Approval and action steps of a run. Invariant: an approval step is done only by somebody whom the policy names and who
 * did not ask for the approval; where the step that it approves is an action, the approval is one of exactly its request.
 * An action step is done by its request, or by hand with a reason.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { mayNotApprove, needOf, type Need } from '../../../shared/domain/actions/guard.ts';
import { ofEarlierRound, standingApprovals, type Folded } from '../../../shared/domain/actions/state.ts';
import { Risk } from '../../../shared/domain/words.ts';
import type { Output } from '../../../shared/contract/table.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Transaction } from '../store/store.ts';
import { appendApproval } from './approve.ts';
import { authorityNow } from './library.ts';
import { standingOf } from './people.ts';
import { guardView } from './prepare.ts';
import { actionsOf, type Known } from './view.ts';

/** The step that an approval step approves: the one it names, else the one it leads to. */
function approvedStep({ steps }: Pick<RunView, 'steps'>, step: StepView): StepView | null {
  const wanted = step.approves ?? step.next ?? steps[steps.indexOf(step) + 1]?.id;
  return steps.find(({ id }) => id === wanted) ?? null;
}

/**
 * What has to be written beside the step itself when a person says that it is done; most steps need nothing.
 * @throws Refusal when they may not say so
 */
export function completes(
  context: Context,
  incident: EntityRow,
  run: RunView,
  step: StepView,
  reason: string | undefined,
): (tx: Transaction) => void {
  if (step.type === 'action') {
    const action = actionOf(context, incident, run, step);
    if (action?.folded.state !== 'done' && !reason)
      throw new Refusal('refused', `"${step.title}" is done by its request; if it was done by hand, give the reason.`);
    if (action && ['running', 'unknown'].includes(action.folded.state))
      throw new Refusal(
        'refused',
        `The request of "${step.title}" is ${action.folded.state}; say first what became of it.`,
      );
    return () => {};
  }
  if (step.type !== 'approval') return () => {};
  const target = approvedStep(run, step);
  if (target?.type === 'action') {
    const action = actionOf(context, incident, run, target);
    if (!action)
      throw new Refusal('refused', `Propose "${target.title}" first: an approval is given for the exact request.`);
    if (action.folded.state === 'done') return () => {};
    // Whoever approved it already, beside the panel of actions, need not do it twice.
    if (standingApprovals(action.folded).length >= action.wanted) return () => {};
    return (tx) => appendApproval(context, tx, action, { reason });
  }
  const { session } = context;
  const approver = {
    actor: session.actor,
    standing: standingOf(context, incident, session.actor),
    capabilities: session.capabilities,
  };
  const why = mayNotApprove(
    approver,
    askedFor(run, step, target),
    needFor(step, target),
    authorityNow(context).authority,
  );
  if (why !== null) throw new Refusal(why.includes('capability') ? 'forbidden' : 'refused', why);
  return () => {};
}

/**
 * Who may let an approval step through, as `completes` judges it.
 * @throws Refusal when the step is no approval
 */
export function approversOf(
  context: Context,
  incident: EntityRow,
  run: RunView,
  id: string,
): Output<'incident.run.approvers'> {
  const step = run.steps.find((one) => one.id === id);
  if (step?.type !== 'approval')
    throw new Refusal('bad_input', `step: "${id.slice(0, 60)}" is no approval step of this run.`);
  const target = approvedStep(run, step);
  const action = target?.type === 'action' ? actionOf(context, incident, run, target) : null;
  const { guard, mayApprove } = action
    ? guardView(context, incident, action.need, action.proposal.proposers)
    : guardView(context, incident, needFor(step, target), askedFor(run, step, target));
  return { who: guard.who, mayApprove, propose: target?.type === 'action' && !action ? target.id : null };
}

/** Who asked for an approval and so may not give it. */
function askedFor(run: RunView, step: StepView, target: StepView | null): string[] {
  const asked = new Set([step.state === 'doing' && step.by ? step.by.id : run.startedBy.id]);
  if (target?.by && target.state === 'doing') asked.add(target.by.id);
  return [...asked];
}

/** What an approval step asks for. A step that somebody wrote down as an approval is never let through without one. */
function needFor(step: StepView, target: StepView | null): Need {
  const need = needOf({
    risk: Risk.catch('data-integrity').parse(
      step.risk ?? target?.risk ?? (target?.reversible === true ? 'low' : undefined),
    ),
    reversible: target?.reversible ?? step.reversible,
    reach: { limit: null, services: null },
  });
  return need.rule === null ? { approval: 'reversible', rule: 'reversible', why: [] } : need;
}

/** The newest action of a step that was not withdrawn or refused; one that was done in an earlier round of a loop is none. */
function actionOf(context: Context, incident: EntityRow, run: RunView, step: StepView): Known | null {
  return (
    actionsOf(context, incident.id, true).find(
      ({ proposal, folded }) =>
        proposal.step?.run === run.id &&
        proposal.step.step === step.id &&
        folded.state !== 'withdrawn' &&
        folded.state !== 'refused' &&
        !(folded.state === 'done' && ofEarlierRound(step, doneAt(folded))),
    ) ?? null
  );
}

/** When it was done, or somebody said that it had been, ms. */
function doneAt({ attempts, settled }: Folded): number | null {
  return attempts.find(({ outcome }) => outcome?.state === 'done')?.outcome?.at ?? settled?.at ?? null;
}

/** Marks the approval steps of an action as done, once enough people approved. */
export function approvalSteps(
  tx: Transaction,
  known: Known,
  run: RunView | undefined,
  reason: string | undefined,
): void {
  const of = known.proposal.step;
  if (!of || !run) return;
  for (const step of run.steps) {
    if (step.type !== 'approval' || step.state === 'done' || approvedStep(run, step)?.id !== of.step) continue;
    tx.append({
      scope: known.incident.id,
      type: 'run.step',
      payload: { run: run.id, step: step.id, state: 'done', ...(reason ? { reason } : {}) },
      base: tx.headIds('run', known.incident.id, run.id, `step:${step.id}`),
    });
  }
}
