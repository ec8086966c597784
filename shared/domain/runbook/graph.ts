/**
 * Where each step of a runbook leads. Invariant: every lead ends at a step or at END; one that is written to a step that is
 * not there goes on with the following step, so that a mistake in the text never ends a run.
 */
import { END } from '../../ops/outcome.ts';
import type { PinnedStep, StepBranch } from '../../ops/steps.ts';
import type { Risk } from '../words.ts';

export class StepGraph {
  readonly steps: readonly PinnedStep[];
  readonly #index: ReadonlyMap<string, number>;

  constructor(steps: readonly PinnedStep[]) {
    this.steps = steps;
    this.#index = new Map(steps.map(({ id }, n) => [id, n]));
  }

  has(id: string): boolean {
    return id === END || this.#index.has(id);
  }

  get(id: string): PinnedStep | undefined {
    const at = this.#index.get(id);
    return at === undefined ? undefined : this.steps[at];
  }

  get first(): string {
    return this.steps[0]?.id ?? END;
  }

  /** The step behind it in the text, or END. */
  following(step: PinnedStep): string {
    return this.steps[this.#index.get(step.id)! + 1]?.id ?? END;
  }

  /** Where a lead of `step` that is written as `to` really goes. */
  resolve(step: PinnedStep, to: string): string {
    return this.has(to) ? to : this.following(step);
  }

  /** Where it goes on when it is no fork, or when a fork is passed without an answer. */
  next(step: PinnedStep): string {
    return step.next === undefined || isFork(step) ? this.following(step) : this.resolve(step, step.next);
  }

  /** Every place that it can lead to. */
  leads(step: PinnedStep): string[] {
    return isFork(step) ? [...new Set(step.branches!.map(({ to }) => this.resolve(step, to)))] : [this.next(step)];
  }

  /** The step that an approval approves. */
  approved(step: PinnedStep): string {
    return step.approves !== undefined && this.#index.has(step.approves) ? step.approves : this.next(step);
  }

  /** Steps that can be come to from `from`, itself included when it is a step. */
  reachable(from: readonly string[], without: ReadonlySet<string> = new Set()): Set<string> {
    const found = new Set<string>();
    const waiting = [...from];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const step = found.has(id) || without.has(id) ? undefined : this.get(id);
      if (!step) continue;
      found.add(id);
      waiting.push(...this.leads(step));
    }
    return found;
  }
}

/** Whether somebody has to choose where it goes on. */
export function isFork(step: PinnedStep): step is PinnedStep & { branches: StepBranch[] } {
  return step.type === 'decision' && step.branches !== undefined && step.branches.length > 0;
}

/** What a step endangers: what it says, else nothing much when it can be undone; null when nobody said either. */
export function riskOf(step: PinnedStep): Risk | null {
  return (step.risk as Risk | undefined) ?? (step.reversible === true ? 'low' : null);
}

/** Whether a second person has to approve it before it is done: a request whose risk is not known to be low. */
export function needsApproval(step: PinnedStep): boolean {
  return step.type === 'action' && riskOf(step) !== 'low';
}
