/**
 * What a step that leads back opens again. Invariant: a round of a loop begins with all of its steps open, whoever ended the
 * last one: a person, or the request of an action.
 */
import type { RunView } from '../../../shared/contract/incident.ts';
import { StepGraph } from '../../../shared/domain/runbook/graph.ts';
import { toRepeat } from '../../../shared/domain/runbook/run.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../store/store.ts';
import { factsOf, pinnedIn } from './runs.ts';

export interface Repeat {
  steps: readonly string[];
  reason: string;
}

/** @param branch the step, or the end, that a decision chose; null for every other step */
export function repeatOf(
  context: Context,
  incident: string,
  run: RunView,
  id: string,
  branch: string | null = null,
): Repeat {
  const pinned = pinnedIn(context, incident, run.id);
  const graph = new StepGraph(pinned);
  const step = graph.get(id);
  if (!step) return { steps: [], reason: '' };
  const to = branch === null ? graph.next(step) : graph.resolve(step, branch);
  return {
    steps: toRepeat(pinned, factsOf(run), id, to),
    reason: `once more: “${step.title}” leads back to “${graph.get(to)?.title ?? ''}”`,
  };
}

export function appendRepeat(tx: Transaction, incident: string, run: string, { steps, reason }: Repeat): void {
  for (const step of steps)
    tx.append({
      scope: incident,
      type: 'run.step',
      payload: { run, step, state: 'open', reason },
      base: tx.headIds('run', incident, run, `step:${step}`),
    });
}
