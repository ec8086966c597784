/** How runbooks and their runs are shown in a terminal. */
import type {
  LintReport,
  RunbookLite,
  RunbookView,
  RunDiff,
  RunView,
  StepView,
  Ways,
} from '../../shared/contract/incident.ts';
import type { Output } from '../../shared/contract/table.ts';
import { holdWords, minutesWords } from '../../shared/domain/runbook/words.ts';
import { count, named, type Page, problemLine } from './page.ts';

const STEP_MARKS = {
  open: '☐ open',
  doing: '▣ doing',
  failed: '✗ failed',
  skipped: '– skipped',
  done: '☑ done',
} as const;

const RUN_STATES: Record<RunView['state'], string> = {
  running: '',
  stuck: ', stuck',
  finished: ', finished',
  ended: ', ended',
};

export function runs(page: Page, list: readonly RunView[]): void {
  for (const run of list) showRun(page, run);
}

function showRun(page: Page, run: RunView): void {
  page.heading(`runbook: ${run.title}, ${run.done} of ${run.total}${RUN_STATES[run.state]}`);
  const left = minutesWords(run.minutes);
  page.line(
    [
      `run ${run.id}`,
      run.version === '' ? null : `version ${run.version}`,
      run.next === null || left === '' ? null : `${left} left`,
    ]
      .filter((part) => part !== null)
      .join(', '),
  );
  if (run.ended !== null) page.line(`Ended by ${named(run.ended.by)}, ${page.when(run.ended.at)}: ${run.ended.reason}`);
  else if (run.newer === 'gone') page.line('The file of this runbook is gone; the run keeps its steps.');
  else if (run.newer === 'changed')
    page.line(
      `Version ${run.onDisk || 'without a number'} is on disk: incident run-diff shows it, incident run-renew goes on with it.`,
    );
  page.table(
    run.steps,
    [
      { title: '', cell: ({ id }) => (id === run.next ? '▸' : '') },
      { title: '', cell: (step) => (step.needed ? STEP_MARKS[step.state] : '· not needed') },
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ title, type }) => `${title}${type === 'manual' ? '' : ` (${type})`}` },
      { title: '', cell: (step) => said(page, step, step.id === run.next, run) },
    ],
    'None.',
  );
}

function said(page: Page, step: StepView, now: boolean, run: RunView): string {
  const { by, at, reason, branch, branches, attached } = step;
  const title = (id: string) => run.steps.find((one) => one.id === id)?.title ?? id;
  const parts = [
    branch === null ? null : `“${branches?.find(({ to }) => to === branch)?.label ?? branch}”`,
    by === null ? null : `${named(by)}, ${page.when(at)}${reason === null ? '' : `: ${reason}`}`,
    ...attached.map(({ what, value }) => `${what}: ${value}`),
    ...(now
      ? step.holds
          .filter(({ why }) => why !== 'branch')
          .map((hold) => holdWords(hold, { title, when: (time) => page.when(time) }))
      : []),
    now && branch === null && branches ? branches.map(({ label, to }) => `--branch ${to} (${label})`).join(', ') : null,
  ];
  return parts.filter((part) => part !== null).join('; ');
}

export function runbookList(page: Page, list: readonly RunbookLite[]): void {
  page.table(
    list,
    [
      { title: '', cell: ({ id }) => id },
      { title: 'version', cell: ({ version }) => version },
      { title: 'steps', cell: ({ steps }) => String(steps), right: true },
      { title: 'minutes', cell: ({ minutes }) => (minutes === null ? '' : String(minutes)), right: true },
      {
        title: 'from',
        cell: ({ from, overrides }) => `${fromWords(from)}${overrides === null ? '' : ', instead of another'}`,
      },
      { title: '', cell: ({ problems }) => (problems.length === 0 ? '' : count(problems.length, 'problem')) },
      { title: 'title', cell: ({ title }) => title },
    ],
    'No runbook is on this console.',
  );
}

function fromWords(from: string): string {
  return from === 'program' ? 'the program' : from === 'own' ? 'the data folder' : from;
}

export function runbook(page: Page, value: RunbookView): void {
  head(page, value);
  if (value.summary !== '') page.prose(value.summary, '');
  for (const [index, step] of value.stepList.entries()) {
    const facts = [
      step.type,
      step.role,
      step.minutes === null ? null : `${step.minutes} min`,
      step.next === undefined ? null : `then ${step.next}`,
    ].filter((part) => part !== null);
    page.heading(`${index + 1}. ${step.title}`);
    page.line(`${step.id} (${facts.join(', ')})`);
    for (const { label, to } of step.branches ?? []) page.line(`  → ${to}: ${label}`);
    if (step.body.trim() !== '') page.prose(step.body.trim());
  }
  page.heading('used in');
  page.table(
    value.usedIn,
    [
      { title: '', cell: ({ label }) => label },
      { title: '', cell: ({ startedAt }) => page.when(startedAt) },
      { title: '', cell: ({ version }) => version },
      { title: '', cell: ({ state }) => state },
      { title: '', cell: ({ title }) => title },
    ],
    'No incident yet.',
  );
}

function head(page: Page, value: RunbookLite): void {
  page.line(
    `${page.style('bold', value.title)} · ${value.id} · version ${value.version}${value.minutes === null ? '' : ` · ${value.minutes} min`}`,
  );
  if (value.overrides !== null) page.line(`It stands instead of ${value.overrides}.`);
  for (const problem of value.problems) page.line(problemLine(problem));
}

export function lint(page: Page, { files, errors, warnings }: LintReport): void {
  for (const { problems } of files)
    for (const problem of problems)
      page.line(`${problemLine(problem)}${problem.severity === 'warning' ? ' (warning)' : ''}`);
  page.line(
    `${count(files.length, 'runbook')}: ${errors === 0 ? 'no errors' : count(errors, 'error')}, ${warnings === 0 ? 'no warnings' : count(warnings, 'warning')}.`,
  );
}

export function tested(page: Page, value: Output<'runbook.test'>): void {
  head(page, value);
  ways(page, value.ways);
}

function ways(page: Page, { ways, loops, unreached, more }: Ways): void {
  for (const [n, way] of ways.entries()) {
    page.heading(
      `way ${n + 1}: ${count(way.steps.length, 'step')}, ${minutesWords({ least: way.minutes, most: way.minutes }) || 'no minutes said'}`,
    );
    page.line(way.steps.map(({ id, branch }) => (branch === null ? id : `${id} [${branch}]`)).join(' → '));
  }
  if (more) page.line(`There are more ways than these ${ways.length}.`);
  if (loops.length > 0) page.heading('loops');
  for (const { from, to } of loops) page.line(`${from} leads back to ${to}`);
  if (unreached.length > 0) page.heading('reached by no way');
  for (const id of unreached) page.line(id);
}

const SIGNS = { same: ' ', added: '+', removed: '-', changed: '~' } as const;

export function runDiff(page: Page, { from, to, steps }: RunDiff): void {
  if (to === null) {
    page.line('The file of this runbook is gone; the run keeps its steps.');
    return;
  }
  page.line(
    `Version ${from || 'without a number'} → ${to || 'without a number'}; steps that are the same keep how they ended.`,
  );
  for (const step of steps) {
    page.line(
      `${SIGNS[step.change]} ${step.id}: ${step.title}${step.state === null || step.state === 'open' ? '' : ` (${step.state})`}`,
    );
    for (const { sign, text } of step.lines) page.line(`    ${sign} ${text}`);
  }
}
