/** Degraded modes in a terminal: what is on, what is called for and by which signals, and what was. */
import type { ActivationView, DegradedView, HoldView, ModeView } from '../../shared/contract/degraded.ts';
import { named, type Page } from './page.ts';

const MARKS = { met: '☑', holding: '◔', 'not-met': '☐', unknown: '?' } as const;
const ENDS = {
  met: 'exit criteria met: end it?',
  holding: 'exit criteria hold, not yet long enough',
  'not-met': 'exit criteria not met',
  unknown: 'whether it may end cannot be told',
} as const;
const STATES = {
  proposed: '▷ proposed',
  dismissed: '– turned down',
  unknown: '? cannot be told',
  quiet: '· not called for',
};

export function degraded(page: Page, { active, modes, ended }: DegradedView): void {
  if (active.length === 0) page.line('Nothing is degraded on purpose.');
  for (const one of active) {
    page.line(
      `▣ on  ${page.style('bold', one.title)} (${one.mode}) · ${one.incident.label} · ${one.owner === null ? 'nobody owns it' : named(one.owner)} · since ${page.when(one.startedAt)}`,
    );
    page.line(`       ${ENDS[one.mayEnd]}`);
    conditions(page, one.exit);
    effect(page, one);
  }
  const [called, rest] = [
    modes.filter(({ state }) => state === 'proposed'),
    modes.filter(({ state }) => state !== 'proposed'),
  ];
  if (called.length > 0) page.heading('proposed');
  for (const one of called) {
    page.line(
      `${page.style('bold', one.title)} (${one.id}) · ${one.role}${one.owner === null ? '' : `, ${named(one.owner)}`}`,
    );
    conditions(page, one.when);
    effect(page, one);
    page.line(`       may end when ${one.exitText}`);
  }
  page.heading('other modes');
  page.table(rest, [
    { title: '', cell: ({ state }) => STATES[state] },
    { title: 'mode', cell: ({ id }) => id },
    { title: '', cell: ({ message }) => message },
  ]);
  if (ended.length > 0) page.heading('ended');
  for (const { title, incident, startedAt, ended: end } of ended)
    if (end !== null)
      page.line(
        `${title} · ${incident.label} · ${page.when(startedAt)} to ${page.when(end.at)}, ${named(end.by)}: ${end.reason}`,
      );
}

function conditions(page: Page, list: readonly HoldView[]): void {
  for (const { text, state, now, since, observedAt } of list)
    page.line(
      `       ${MARKS[state]} ${text} – ${now}${since === null ? '' : `, since ${page.when(since)}`}${observedAt === null ? '' : ` (${page.age(observedAt)})`}`,
    );
}

function effect(page: Page, { effect: words, figures, businessServices }: ActivationView | ModeView): void {
  page.line(`       ${words}`);
  if (figures === '') return;
  const whose = businessServices.length === 0 ? 'everything' : businessServices.map(({ name }) => name).join(', ');
  page.line(`       by estimate ${figures} (${whose})`);
}
