/**
 * What is wrong with a runbook although it can be read: leads to nowhere, steps that nothing leads to, danger without
 * approval. Invariant: every sentence says what to write instead; an error is what would mislead somebody in a run.
 */
import type { Problem } from '../../contract/common.ts';
import { parseHttp } from '../actions/template.ts';
import { Problems, quote } from '../catalog/problems.ts';
import { nearest } from '../nearest.ts';
import { Risk } from '../words.ts';
import { approvalsFor } from './run.ts';
import { needsApproval, riskOf, StepGraph } from './graph.ts';
import type { Runbook, RunbookStep } from './runbook.ts';
import { walkAll } from './walk.ts';

/** The mistakes of a runbook that was read from `file`, besides those that reading it found. */
export function lintRunbook(file: string, runbook: Runbook): Problem[] {
  const { steps } = runbook;
  if (steps.length === 0) return [];
  const problems = new Problems();
  const graph = new StepGraph(steps);
  if (runbook.version === '')
    problems.error(
      { file, line: 1 },
      'version',
      'The version is missing; write one such as "version: 1.0.0", and raise it with every change of meaning.',
    );
  for (const step of steps) lintStep(file, step, graph, problems);

  const { unreached, endless } = walkAll(steps);
  const lineOf = (id: string) => ({ file, line: steps.find((step) => step.id === id)!.line });
  for (const id of unreached)
    problems.error(lineOf(id), id, 'Nothing leads to this step; let a branch or next= lead here, or take it out.');
  const caught = endless.filter((id) => !unreached.includes(id));
  if (caught.length > 0)
    problems.error(
      lineOf(caught[0]!),
      caught[0]!,
      `From here no way leads to the end (${listed(caught)} lead round in a circle); give one of them a branch that leads out, such as (#end).`,
    );
  return problems.list();
}

function lintStep(file: string, step: RunbookStep, graph: StepGraph, problems: Problems): void {
  const place = { file, line: step.line };
  const nowhere = (field: string, to: string): void => {
    const near = nearest(
      to,
      graph.steps.map(({ id }) => id),
    );
    problems.error(
      place,
      `${step.id}.${field}`,
      `There is no step ${quote(to)}; ${near === null ? `the steps are ${listed(graph.steps.map(({ id }) => id))}` : `write ${quote(near)}, or the id of another step`}.`,
    );
  };
  for (const { to } of step.branches ?? []) if (!graph.has(to)) nowhere('branches', to);
  if (step.next !== undefined && !graph.has(step.next)) nowhere('next', step.next);
  if (step.approves !== undefined && !graph.has(step.approves)) nowhere('approves', step.approves);
  if (step.next === step.id)
    problems.error(place, `${step.id}.next`, 'This step leads to itself; name another step, or end.');

  if (step.type === 'decision') {
    const count = step.branches?.length ?? 0;
    if (count < 2)
      problems.error(
        place,
        `${step.id}.branches`,
        `A decision wants at least two branches and has ${count === 0 ? 'none' : 'one'}; write them as list items that begin with a link to a step, such as "- [Yes](#rollback)" and "- [No](#end)".`,
      );
    if (step.next !== undefined)
      problems.warning(place, `${step.id}.next`, 'A decision goes where its branches lead; next= is not looked at.');
  }
  if (step.type === 'message' && step.audience === undefined)
    problems.warning(
      place,
      `${step.id}.audience`,
      'This message says not for whom it is; write audience=engineers or another.',
    );
  if (step.type === 'wait' && step.until === undefined && step.minutes === null)
    problems.error(
      place,
      `${step.id}.until`,
      'This step says not what is waited for; write until="…", minutes=… or both.',
    );
  if (step.type === 'approval' && riskOf(step) === null && step.reversible === null)
    problems.warning(
      place,
      `${step.id}.risk`,
      `This step says neither what it endangers nor whether it can be undone; write reversible=yes or risk= with one of ${Risk.options.join(', ')}.`,
    );
  if (step.type === 'action') lintAction(file, step, graph, problems);
}

function lintAction(file: string, step: RunbookStep, graph: StepGraph, problems: Problems): void {
  const place = { file, line: step.line };
  const field = `${step.id}.action`;
  const { action } = step;
  if (action === undefined || action.text.trim() === '')
    problems.error(
      place,
      field,
      'An action wants its request in a block that begins with ```http: METHOD {{endpoint.NAME}}/path, headers, an empty line, the body.',
    );
  else
    for (const { line, message } of parseHttp(action.text).problems)
      problems.error({ file, line: action.line + line - 1 }, field, message);
  if (!needsApproval(step)) return;
  const approvals = approvalsFor(step, graph);
  const around = graph.reachable([graph.first], new Set(approvals.map(({ id }) => id)));
  if (approvals.length === 0)
    problems.error(
      place,
      `${step.id}.risk`,
      `This action ${riskOf(step) === null ? 'does not say that it can be undone' : `endangers ${riskOf(step)}`}, and no approval is for it; put a step of type=approval before it, or write reversible=yes when that is true.`,
    );
  else if (around.has(step.id))
    problems.error(
      place,
      `${step.id}.risk`,
      `This action can be come to without its approval ${quote(approvals[0]!.id)}; let every branch to it lead through that step.`,
    );
}

function listed(ids: readonly string[]): string {
  return ids.length > 6 ? `${ids.slice(0, 6).join(', ')} and ${ids.length - 6} more` : ids.join(', ');
}
