/** How incidents and what was written in them are shown. */
import type { IncidentLite } from '../../shared/contract/incident.ts';
import { count, named, names, type Page } from './page.ts';
import { runs } from './runbook-views.ts';
import type { View } from './views.ts';

/** What counts, and what stands against it. */
const or = (counts: string, others: readonly string[] = []): string =>
  others.length === 0 ? counts : `${counts} (or ${others.join(' or ')}?)`;

export function incidents(page: Page, list: readonly IncidentLite[], empty: string): void {
  page.table(
    list,
    [
      { title: '', cell: ({ severity, disputed }) => or(severity, disputed?.severity) },
      { title: '', cell: ({ label }) => label },
      {
        title: 'state',
        cell: ({ status, openCleanup = 0, disputed }) =>
          openCleanup === 0
            ? or(status, disputed?.status)
            : `${or(status, disputed?.status)}, ${count(openCleanup, 'cleanup item')} open`,
      },
      { title: 'lasting', cell: ({ startedAt, resolvedAt }) => page.lasting(startedAt, resolvedAt) },
      { title: 'commander', cell: ({ commander, disputed }) => or(named(commander), disputed?.commander?.map(named)) },
      {
        title: 'asks',
        cell: ({ openAsks, overdueAsks }) =>
          openAsks === 0 ? '' : `${openAsks} open${overdueAsks === 0 ? '' : `, ${overdueAsks} overdue`}`,
      },
      {
        title: 'title',
        cell: ({ title, conflicts }) => `${title}${conflicts === 0 ? '' : ` (${count(conflicts, 'conflict')})`}`,
      },
    ],
    empty,
  );
}

export const incident: View<'incident.show'> = (page, value) => {
  const { severity, status, disputed } = value;
  page.line(
    `${or(severity, disputed?.severity)} · ${or(status, disputed?.status)} · ${page.style('bold', `${value.label} ${value.title}`)}`,
  );
  page.facts([
    ['lasting', `${page.lasting(value.startedAt, value.resolvedAt)}, since ${page.when(value.startedAt)}`],
    ['declared', `${page.when(value.declaredAt)} by ${named(value.declaredBy)}`],
    ['affects', [names(value.businessServices), names(value.services)].filter((part) => part !== '').join('; ') || '–'],
    ['timeline', count(value.entries, 'entry', 'entries')],
  ]);
  for (const conflict of value.conflictList) {
    const heads = conflict.heads.map((head) => `${head.value ?? 'nobody'} (${head.by}, ${page.when(head.at)})`);
    page.line(`! Two answers on ${conflict.field.replace(/^role:/, 'who is ')}: ${heads.join(' or ')}`);
  }
  if (value.conflicts > 0) page.line(`! \`conflicts ${value.label}\` shows what is contested, side by side.`);
  page.heading('roles');
  page.facts(
    value.roles
      .filter(({ role, person }) => person !== null || value.required.includes(role))
      .map(({ role, person, since, subject }) => [
        subject === undefined ? role : `${role}, ${subject}`,
        person === null ? '–' : `${named(person)}${since === null ? '' : `, since ${page.when(since)}`}`,
      ]),
  );
  page.heading('asks');
  page.table(
    value.asks,
    [
      { title: '', cell: ({ state, overdue }) => (overdue ? 'overdue' : state) },
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ owner }) => named(owner) },
      {
        title: '',
        cell: ({ dueAt, state }) =>
          dueAt === null || state === 'done' || state === 'cancelled' ? '' : `due ${page.age(dueAt)}`,
      },
      { title: '', cell: ({ text }) => text },
    ],
    'None.',
  );
  runs(page, value.runs);
  if (value.suggestedRunbooks.length > 0) {
    page.heading('runbooks that fit');
    page.table(value.suggestedRunbooks, [
      { title: '', cell: ({ id }) => id },
      { title: '', cell: ({ why }) => why },
    ]);
  }
  if (value.health.length > 0) {
    page.heading('affected services');
    page.facts(value.health.map((row) => [row.id, page.healthView(row.health)]));
  }
};

/** Whether two times of one entry differ by more than typing takes. */
const apart = (a: number, b: number): boolean => Math.abs(a - b) > 60_000;

/** Oldest first, as one tells a story; the newest stand where the prompt is. */
export const timeline: View<'incident.timeline'> = (page, { entries, total, next }) => {
  if (next !== null) page.line(`${count(total, 'entry', 'entries')} in all; earlier ones with --before ${next}`);
  for (const entry of entries.toReversed()) {
    const late = apart(entry.enteredAt, entry.eventTime) ? ` (entered ${page.when(entry.enteredAt)})` : '';
    const arrived = apart(entry.arrivedAt, entry.enteredAt) ? ` (arrived ${page.when(entry.arrivedAt)})` : '';
    const mark = entry.health === null ? '' : `${page.health(entry.health)} `;
    page.line(
      `${page.when(entry.eventTime)}${late}${arrived}  ${entry.id.slice(0, 8)}  ${named(entry.actor)}: ${mark}${entry.summary}`,
    );
    if (entry.text !== null && entry.text !== entry.summary) page.prose(entry.text, '    ');
    const { correction } = entry;
    if (correction === null) continue;
    const was = [
      correction.eventTimeWas === null ? null : `was ${page.when(correction.eventTimeWas)}`,
      correction.textWas === null ? null : `said “${correction.textWas}”`,
      correction.reason,
    ].filter((part) => part !== null);
    page.line(`    corrected by ${named(correction.by)}, ${page.when(correction.at)}: ${was.join('; ')}`);
  }
  if (entries.length === 0) page.line('Nothing yet.');
};
