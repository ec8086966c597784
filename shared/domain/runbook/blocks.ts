/** What the text of a step holds for the machine: the branches of a decision, the request of an action. */
import type { Problems } from '../catalog/problems.ts';
import { quote } from '../catalog/problems.ts';
import type { RunbookStep } from './runbook.ts';

/** Ids of runbooks and of their steps. */
export const ID = /^[a-z0-9][a-z0-9._-]{0,97}$/;

const BRANCH = /^ {0,3}(?:[-*+]|\d{1,3}[.)])[ \t]+\[([^\]]*)\]\(#([^)\s]*)\)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)/;

/** Bounds of a pinned step. */
const MAX_BRANCHES = 20;
const MAX_LABEL = 500;
const MAX_ACTION = 20_000;

/** Reads the lines of a step's text into `branches` and `action`. `at.line` is that of the first of them. */
export function readBlocks(
  step: RunbookStep,
  lines: readonly string[],
  at: { file: string; line: number },
  problems: Problems,
): void {
  let fence: { mark: string; from: number; http: boolean } | null = null;
  for (const [n, line] of lines.entries()) {
    const place = { file: at.file, line: at.line + n };
    const opened = FENCE.exec(line);
    if (fence !== null) {
      if (opened && opened[1]!.startsWith(fence.mark) && line.trim() === opened[1]) {
        if (fence.http)
          takeAction(step, lines.slice(fence.from, n), { file: at.file, line: at.line + fence.from }, problems);
        fence = null;
      }
    } else if (opened)
      fence = { mark: opened[1]!, from: n + 1, http: opened[2]!.toLowerCase() === 'http' && step.type === 'action' };
    else takeBranch(step, line, place, problems);
  }
}

/** A step's text without the lines that its branches were read from, for where those stand as answers. */
export function withoutBranches(text: string): string {
  let fence: string | null = null;
  return text
    .split('\n')
    .filter((line) => {
      const mark = FENCE.exec(line)?.[1];
      if (fence !== null) {
        if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
        return true;
      }
      fence = mark ?? null;
      return !BRANCH.test(line);
    })
    .join('\n');
}

function takeBranch(step: RunbookStep, line: string, place: { file: string; line: number }, problems: Problems): void {
  const match = BRANCH.exec(line);
  if (!match) return;
  const [label, to] = [match[1]!.trim(), match[2]!.toLowerCase()];
  if (step.type !== 'decision') {
    problems.warning(
      place,
      `${step.id}.branches`,
      `Only a decision has branches; in a step of type ${step.type} the link to ${quote(to)} leads nowhere by itself. Write type=decision or next=${to}.`,
    );
    return;
  }
  if (label === '' || !ID.test(to)) {
    problems.error(
      place,
      `${step.id}.branches`,
      'A branch wants an answer and a step, such as "- [Yes, the release](#rollback)".',
    );
    return;
  }
  const branches = (step.branches ??= []);
  if (branches.length >= MAX_BRANCHES)
    problems.error(
      place,
      `${step.id}.branches`,
      `A decision has at most ${MAX_BRANCHES} branches; this one is left out.`,
    );
  else if (branches.some((other) => other.to === to))
    problems.error(
      place,
      `${step.id}.branches`,
      `Another branch leads to ${quote(to)} already; this one is left out. Join them, or give it a step of its own.`,
    );
  else branches.push({ label: label.slice(0, MAX_LABEL).toWellFormed(), to });
}

function takeAction(
  step: RunbookStep,
  lines: readonly string[],
  place: { file: string; line: number },
  problems: Problems,
): void {
  if (step.action && step.action.line > 0) {
    problems.error(
      place,
      `${step.id}.action`,
      `A step makes one request, and it stands in line ${step.action.line} already; make another step for this one.`,
    );
    return;
  }
  const text = lines.join('\n').toWellFormed();
  if (text.length > MAX_ACTION)
    problems.error(place, `${step.id}.action`, `This request is longer than ${MAX_ACTION} characters and is cut.`);
  step.action = { ...step.action, text: text.slice(0, MAX_ACTION), line: place.line };
}
