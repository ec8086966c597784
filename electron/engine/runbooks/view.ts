/** Runbooks as the contract shows them. */
import type { RunbookLite, RunbookView } from '../../../shared/contract/incident.ts';
import { pinned } from '../../../shared/domain/runbook/runbook.ts';
import type { LibraryRunbook } from './library.ts';

export function runbookLite(runbook: LibraryRunbook): RunbookLite {
  const { id, title, summary, version, owner, minutes, steps, file, hash, problems } = runbook;
  return { id, title, summary, version, owner, minutes, steps: steps.length, file, hash, problems };
}

export function runbookView(runbook: LibraryRunbook): RunbookView {
  return {
    ...runbookLite(runbook),
    body: runbook.body,
    stepList: runbook.steps.map(pinned),
  };
}
