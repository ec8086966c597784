/** Runbooks as the contract shows them. */
import type { RunbookLite, RunbookView, Ways } from '../../../shared/contract/incident.ts';
import { pinned } from '../../../shared/domain/runbook/runbook.ts';
import { walkAll } from '../../../shared/domain/runbook/walk.ts';
import type { Context } from '../context.ts';
import { declared, labels } from '../incidents/view.ts';
import type { LibraryRunbook } from './library.ts';
import { runsOf } from './runs.ts';

export function runbookLite(runbook: LibraryRunbook): RunbookLite {
  const { id, title, summary, version, owner, minutes, steps, file, hash, from, overrides, problems } = runbook;
  return { id, title, summary, version, owner, minutes, steps: steps.length, file, hash, from, overrides, problems };
}

export function runbookView(context: Context, runbook: LibraryRunbook): RunbookView {
  return {
    ...runbookLite(runbook),
    body: runbook.body,
    stepList: runbook.steps.map(pinned),
    ways: waysOf(runbook),
    usedIn: usesOf(context, runbook.id),
  };
}

export function waysOf({ steps }: LibraryRunbook): Ways {
  const { ways, loops, unreached, more } = walkAll(steps);
  const byId = new Map(steps.map((step) => [step.id, step]));
  return {
    ways: ways.map(({ minutes, steps: taken }) => ({
      minutes,
      steps: taken.map(({ id, branch }) => {
        const { title, branches } = byId.get(id)!;
        return { id, title, branch: branches?.find(({ to }) => to === branch)?.label ?? null };
      }),
    })),
    ...{ loops, unreached, more },
  };
}

/** Most incidents that are listed under a runbook. */
const MAX_USES = 50;

function usesOf(context: Context, runbook: string): RunbookView['usedIn'] {
  // Asked of the database, because a thousand incidents hold the text of all their steps.
  const uses = context.store.db
    .prepare<[string, number], { id: string; scope: string }>(
      `SELECT scope, id FROM entity WHERE kind = 'run' AND json_extract(state, '$.fields.runbook.value') = ?
       ORDER BY json_extract(state, '$.fields.startedAt.value') DESC LIMIT ?`,
    )
    .all(runbook, MAX_USES);
  const rows = new Map(declared(context).map((row) => [row.id, row]));
  const names = labels([...rows.values()]);
  return uses.flatMap(({ id, scope }) => {
    const run = rows.has(scope) ? runsOf(context, scope).find((one) => one.id === id) : undefined;
    if (!run) return [];
    return [
      {
        ...{ incident: scope, label: names.get(scope) ?? scope, title: String(rows.get(scope)!.doc['title'] ?? '') },
        ...{ version: run.version, startedAt: run.startedAt, state: run.state },
      },
    ];
  });
}
