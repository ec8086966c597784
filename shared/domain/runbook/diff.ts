/** What a newer text of a runbook changes for a run. Invariant: a step keeps its outcome only when every word of it is the same. */
import { canonical } from '../../ops/canonical.ts';
import type { PinnedStep } from '../../ops/steps.ts';

export interface StepChange {
  id: string;
  title: string;
  change: 'same' | 'added' | 'removed' | 'changed';
  /** Lines of a step that changed; those that stay are given, too, so that it can be read. */
  lines: { sign: ' ' | '+' | '-'; text: string }[];
}

/** Steps of the newer text in their order, with those that are gone where they stood. */
export function diffSteps(before: readonly PinnedStep[], after: readonly PinnedStep[]): StepChange[] {
  const was = new Map(before.map((step) => [step.id, step]));
  const is = new Set(after.map(({ id }) => id));
  const changes: StepChange[] = [];
  let from = 0;
  const gone = (until: number): void => {
    for (const step of before.slice(from, until))
      if (!is.has(step.id)) changes.push({ id: step.id, title: step.title, change: 'removed', lines: [] });
    from = Math.max(from, until);
  };
  for (const step of after) {
    const old = was.get(step.id);
    if (old) gone(before.indexOf(old));
    const change = old === undefined ? 'added' : sameStep(old, step) ? 'same' : 'changed';
    changes.push({
      ...{ id: step.id, title: step.title, change },
      lines: change === 'changed' ? diffLines(textOf(old!), textOf(step)) : [],
    });
  }
  gone(before.length);
  return changes;
}

export function sameStep(a: PinnedStep, b: PinnedStep): boolean {
  return canonical(a) === canonical(b);
}

/** Everything that a step says, line by line. */
function textOf(step: PinnedStep): string[] {
  const { id: _id, title, body, branches: _branches, action, ...attributes } = step;
  const said = Object.entries({
    ...attributes,
    expect: action?.expect,
    timeout: action?.timeout,
    dryRun: action?.dryRun,
  })
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join('; ') : String(value)}`);
  return [title, ...said, ...body.split('\n').filter((line) => line.trim() !== '')];
}

/** Beyond this, the old text is shown whole and then the new one. */
const MAX_CELLS = 1_000_000;

/** The shortest way from one list of lines to the other. */
function diffLines(before: readonly string[], after: readonly string[]): StepChange['lines'] {
  if (before.length * after.length > MAX_CELLS)
    return [
      ...before.map((text) => ({ sign: '-' as const, text })),
      ...after.map((text) => ({ sign: '+' as const, text })),
    ];
  const width = after.length + 1;
  // Length of the longest common sequence of what follows.
  const common = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--)
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const lines: StepChange['lines'] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i++]! });
      j++;
    } else if (j >= after.length || (i < before.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      lines.push({ sign: '-', text: before[i++]! });
    else lines.push({ sign: '+', text: after[j++]! });
  }
  return lines;
}
