/** How a step ended, as the one contested value that the registers keep of it. */
import type { StepState } from '../domain/words.ts';

/** Where a branch or `next` leads when it leads nowhere else: the run is over. */
export const END = 'end';

const STATES: readonly StepState[] = ['open', 'doing', 'failed', 'skipped', 'done'];

/** A step's state and, of a decision, the branch that was taken. */
export interface Outcome {
  state: StepState;
  branch: string | null;
}

/** An outcome as the one contested value of a step, so that two different branches are as much a conflict as two states. */
export function outcomeValue(state: StepState, branch?: string | null): string {
  return branch === undefined || branch === null ? state : `${state}:${branch}`;
}

/** Reads what `outcomeValue` wrote; a step of which nothing is known is open. */
export function readOutcome(value: unknown): Outcome {
  const [state, ...branch] = String(value ?? 'open').split(':');
  return {
    state: STATES.find((one) => one === state) ?? 'open',
    branch: branch.length === 0 ? null : branch.join(':'),
  };
}
