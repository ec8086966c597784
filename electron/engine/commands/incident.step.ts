import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { isFork } from '../../../shared/domain/runbook/graph.ts';
import { holdsAgainst, isSettled, standing, type Hold } from '../../../shared/domain/runbook/run.ts';
import type { Evidence, Overruled } from '../../../shared/ops/steps.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { appendRepeat, repeatOf } from '../runbooks/repeat.ts';
import { factsOf, findRun, pinnedIn, runsOf } from '../runbooks/runs.ts';

export default handle('incident.step', async (context, input) => {
  const { incident, run: wanted, step: id, state, reason, overrule = false } = input;
  // Loaded first, so that what is read below is what is written upon.
  const { completes } = await import('../actions/steps.ts');
  const row = findIncident(context, incident);
  const scope = row.id;
  const run = wanted === undefined ? runWith(runsOf(context, scope), id) : findRun(context, scope, wanted);
  const step = run.steps.find((candidate) => candidate.id === id);
  if (!step) throw new Refusal('not_found', `The run of "${run.title}" has no step "${id}".`);
  if (run.ended !== null)
    throw new Refusal('refused', `This run was ended (${run.ended.reason}); nothing is done in it any more.`);
  if ((state === 'skipped' || state === 'failed') && !reason)
    throw new Refusal('refused', `A step that is ${state} needs a reason.`);
  const pinned = pinnedIn(context, scope, run.id);
  const branch = branchOf(step, state, input.branch);
  const evidence = evidenceOf(step, input.evidence ?? []);
  const overruled = pass(
    step,
    state,
    evidence,
    overrule,
    reason,
    pinned.map(({ id: one, title }) => [one, title]),
  );

  const facts = factsOf(run);
  const repeat = isSettled({ state }) ? repeatOf(context, scope, run, id, branch) : null;
  const { next } = standing({
    steps: pinned,
    of: (one) =>
      repeat?.steps.includes(one)
        ? { ...facts(one), state: 'open', branch: null, contested: false }
        : one === id
          ? { ...facts(one), state, branch, contested: false }
          : facts(one),
    reached: null,
    now: context.now(),
  });
  const guarded = state === 'done' && (step.type === 'approval' || step.type === 'action');
  const complete = guarded ? completes(context, row, run, step, reason) : () => {};
  return context.commit((tx) => {
    complete(tx);
    tx.append({
      scope,
      type: 'run.step',
      payload: {
        ...{ run: run.id, step: id, state },
        ...(reason ? { reason } : {}),
        ...(branch === null ? {} : { branch }),
        ...(evidence.length > 0 ? { evidence } : {}),
        ...(overruled.length > 0 ? { overruled } : {}),
      },
      base: tx.headIds('run', scope, run.id, `step:${id}`),
    });
    if (repeat !== null) appendRepeat(tx, scope, run.id, repeat);
    return { next };
  });
});

function runWith(runs: readonly RunView[], step: string): RunView {
  const having = runs.filter((run) => run.steps.some(({ id }) => id === step));
  const live = having.filter(({ ended }) => ended === null);
  const [found, other] = live.length > 0 ? live : having;
  if (!found) throw new Refusal('not_found', `No runbook running in this incident has a step "${step}".`);
  if (other && live.length > 0)
    throw new Refusal('bad_input', `Several running runbooks have a step "${step}": say which run.`);
  return found;
}

/** The branch that was meant; null when the step is no decision, or is not being decided. */
function branchOf(step: StepView, state: string, wanted: string | undefined): string | null {
  if (!isFork(step) || state !== 'done') {
    if (wanted === undefined) return null;
    throw new Refusal(
      'bad_input',
      isFork(step)
        ? 'A branch goes with a decision that is done.'
        : `"${step.title}" is no decision with branches, so it takes none.`,
    );
  }
  const branches = step.branches!;
  const list = branches.map(({ label, to }) => `${to} (${label})`).join(', ');
  if (wanted === undefined) throw new Refusal('bad_input', `"${step.title}" is a decision: say which branch: ${list}.`);
  const text = wanted.trim().toLowerCase();
  const found = branches.find(({ to }) => to === text) ?? branches.find(({ label }) => label.toLowerCase() === text);
  if (!found)
    throw new Refusal('bad_input', `"${step.title}" has no branch "${wanted.slice(0, 60)}"; there are ${list}.`);
  return found.to;
}

/** What was attached, by what the step wants: "what: value", or the value of the first piece that is missing. */
function evidenceOf(step: StepView, given: readonly string[]): Evidence[] {
  const wanted = step.evidence ?? [];
  const have = new Set(step.attached.map(({ what }) => what));
  return given.map((text) => {
    const named = wanted.find((what) => text.toLowerCase().startsWith(`${what.toLowerCase()}:`));
    const value = named === undefined ? text : text.slice(named.length + 1).trim();
    const what = named ?? wanted.find((one) => !have.has(one)) ?? wanted[0] ?? 'attached';
    if (value === '') throw new Refusal('bad_input', `The evidence "${what}" is empty; write what was found.`);
    have.add(what);
    return { what, value };
  });
}

/** The guards that are gone past with a reason. @throws Refusal naming those that stand in the way */
function pass(
  step: StepView,
  state: StepView['state'],
  evidence: readonly Evidence[],
  overrule: boolean,
  reason: string | undefined,
  titles: readonly (readonly [string, string])[],
): Overruled[] {
  const given = new Set(evidence.map(({ what }) => what));
  const holds = holdsAgainst(step.holds, state).flatMap((hold): Hold[] => {
    if (hold.why === 'branch') return [];
    if (hold.why !== 'evidence') return [hold];
    const missing = hold.missing.filter((what) => !given.has(what));
    return missing.length > 0 ? [{ ...hold, missing }] : [];
  });
  const passed: Overruled[] = [];
  for (const hold of holds) {
    if (hold.why === 'approval' && hold.step !== null) {
      const approval = titles.find(([id]) => id === hold.step)?.[1] ?? hold.step;
      throw new Refusal('refused', `"${step.title}" waits for its approval: "${approval}" (${hold.step}) is not done.`);
    }
    if (!overrule || !reason)
      throw new Refusal('refused', `${saysOf(step, hold)}; overrule it with a reason to go on all the same.`);
    if (hold.why === 'reach') passed.push({ guard: 'reach', ...(hold.figure === null ? {} : { figure: hold.figure }) });
    else if (hold.why === 'wait' || hold.why === 'evidence' || hold.why === 'approval')
      passed.push({ guard: hold.why });
  }
  return passed;
}

function saysOf(step: StepView, hold: Hold): string {
  switch (hold.why) {
    case 'reach':
      return hold.figure === null
        ? `How many services are reached is not known, and "${step.title}" stops at ${hold.limit}`
        : `What is affected reaches ${hold.figure} services, and "${step.title}" stops at more than ${hold.limit}`;
    case 'approval':
      return `"${step.title}" is risky, and this runbook has no approval for it`;
    case 'wait':
      return `The time of "${step.title}" is not over yet${step.until === undefined ? '' : ` (until ${step.until})`}`;
    case 'evidence':
      return `"${step.title}" wants evidence before it is done: ${hold.missing.join('; ')}`;
    default:
      return `"${step.title}" is held`;
  }
}
