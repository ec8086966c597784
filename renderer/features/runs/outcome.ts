/** Outcomes of steps in words, and which of them cannot simply be said. */
import type { StepView } from '../../../shared/contract/incident.ts';
import { holdsAgainst } from '../../../shared/domain/runbook/run.ts';
import { readOutcome } from '../../../shared/ops/outcome.ts';
import type { StepState } from '../../../shared/domain/words.ts';

/** "done", "done: Yes, the release". */
export function outcomeWords(step: StepView, value: string | null): string {
  const { state, branch } = readOutcome(value);
  return branch === null ? state : `${state}: ${branchWords(step, branch)}`;
}

export function branchWords({ branches }: StepView, branch: string): string {
  return branches?.find(({ to }) => to === branch)?.label ?? branch;
}

/** Whether something has to be given first: evidence, or a reason to go past a guard. */
export function stops(step: StepView, state: StepState): boolean {
  return holdsAgainst(step.holds, state).some(({ why }) => why === 'evidence' || why === 'reach' || why === 'wait');
}

/** What stands as quotation in a text: the words that are meant to be said to others, without emphasis. */
export function quoted(text: string): string {
  return text
    .split('\n')
    .reduce<string[]>((kept, line) => {
      const said = /^>[ ]?(.*)$/.exec(line);
      if (said) kept.push(said[1]!);
      else if (kept.length > 0 && kept.at(-1) !== '') kept.push('');
      return kept;
    }, [])
    .join('\n')
    .replaceAll('**', '')
    .trim();
}
