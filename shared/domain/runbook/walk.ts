/** Every way through a runbook. Invariant: bounded, whatever the runbook: a way never passes a step twice, and there are at most MAX_WAYS. */
import { END } from '../../ops/outcome.ts';
import type { PinnedStep } from '../../ops/steps.ts';
import { isFork, StepGraph } from './graph.ts';

export interface Way {
  /** Step ids, each with the branch that was taken there when it is a decision. */
  steps: { id: string; branch: string | null }[];
  /** Expected, of the steps that say how long they take. */
  minutes: number;
}

export interface Walk {
  /** Ways from the first step to the end, in the order of the branches. */
  ways: Way[];
  /** Where a step leads back to one that is on the way to it. */
  loops: { from: string; to: string }[];
  /** Steps that nothing leads to. */
  unreached: string[];
  /** Steps from which no way leads to the end. */
  endless: string[];
  /** Whether there are more ways than are listed. */
  more: boolean;
}

const MAX_WAYS = 500;
/** Steps taken in all, so that a maze without an end does not hold anybody up. */
const MAX_TAKEN = 100_000;

export function walkAll(steps: readonly PinnedStep[]): Walk {
  const graph = new StepGraph(steps);
  const ways: Way[] = [];
  const loops = new Map<string, { from: string; to: string }>();
  const trail: Way['steps'] = [];
  const on = new Set<string>();
  let taken = 0;
  let more = false;

  const go = (id: string): void => {
    if (id === END) {
      if (ways.length < MAX_WAYS)
        ways.push({
          steps: trail.map((step) => ({ ...step })),
          minutes: trail.reduce((sum, step) => sum + (graph.get(step.id)!.minutes ?? 0), 0),
        });
      else more = true;
      return;
    }
    if (more || ++taken > MAX_TAKEN) {
      more = true;
      return;
    }
    const step = graph.get(id)!;
    const entry: Way['steps'][number] = { id, branch: null };
    trail.push(entry);
    on.add(id);
    const leads = isFork(step)
      ? step.branches.map(({ to }) => ({ branch: to, to: graph.resolve(step, to) }))
      : [{ branch: null, to: graph.next(step) }];
    for (const { branch, to } of leads) {
      entry.branch = branch;
      if (on.has(to)) loops.set(`${id} ${to}`, { from: id, to });
      else go(to);
    }
    trail.pop();
    on.delete(id);
  };
  if (steps.length > 0) go(graph.first);

  const reached = graph.reachable(steps.length > 0 ? [graph.first] : []);
  const ending = leadingToEnd(graph);
  return {
    ways,
    loops: [...loops.values()],
    unreached: steps.filter(({ id }) => !reached.has(id)).map(({ id }) => id),
    endless: steps.filter(({ id }) => !ending.has(id)).map(({ id }) => id),
    more,
  };
}

function leadingToEnd(graph: StepGraph): Set<string> {
  const from = new Map<string, string[]>();
  for (const step of graph.steps) for (const to of graph.leads(step)) from.set(to, [...(from.get(to) ?? []), step.id]);
  const found = new Set<string>();
  const waiting = [...(from.get(END) ?? [])];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    waiting.push(...(from.get(id) ?? []));
  }
  return found;
}
