/** Updates in a terminal: who hears when, what is drafted, what went out. */
import type { CallTree } from '../../shared/contract/sheets.ts';
import type { LiveDraft, SentUpdate, UpdatesView } from '../../shared/contract/updates.ts';
import { formatClock } from '../../shared/domain/times.ts';
import { CHANNEL_WORDS } from '../../shared/domain/updates/audiences.ts';
import { count, named, problemLine, type Page } from './page.ts';

const sentWords = (page: Page, { channel, at, delivery, id }: SentUpdate): string =>
  delivery?.state === 'waiting'
    ? `! waits for delivery (${id}): ${delivery.message ?? ''}`
    : `${delivery?.state ?? CHANNEL_WORDS[channel]} ${page.when(delivery?.at ?? at)}`;

export function updateList(page: Page, { incident, audiences, waiting, problems }: UpdatesView, now: number): void {
  page.line(`${incident.label} ${incident.title}`);
  page.table(audiences, [
    { title: 'audience', cell: ({ name }) => name },
    {
      title: 'next due',
      cell: ({ dueAt, overdue }) =>
        dueAt === null ? 'none due' : `${page.when(dueAt)}${overdue ? ` ! overdue ${formatClock(now - dueAt)}` : ''}`,
    },
    { title: 'every', cell: ({ minutes }) => (minutes === null ? '' : `${minutes} min`), right: true },
    {
      title: 'draft',
      cell: ({ draft }) =>
        draft === null
          ? ''
          : draft.review === null
            ? 'not reviewed'
            : draft.review.current
              ? `reviewed by ${named(draft.review.person)}`
              : 'changed since its review',
    },
    { title: 'last', cell: ({ sent }) => (sent[0] ? sentWords(page, sent[0]) : 'nothing yet') },
  ]);
  if (waiting > 0)
    page.line(
      `${count(waiting, 'update waits', 'updates wait')} for delivery; update deliver says that it is still true.`,
    );
  for (const problem of problems) page.line(problemLine(problem));
}

export function updateDraft(page: Page, { text, template, asOf }: LiveDraft): void {
  page.prose(text, '');
  // What reads a pipe gets the words alone.
  if (!page.terminal) return;
  page.line();
  page.line(page.style('dim', `${template}, as of ${page.when(asOf)}`));
}

export function callTree(page: Page, { incident, groups, silent }: CallTree): void {
  page.line(`${incident.label} ${incident.title}`);
  for (const { title, lines, more } of groups) {
    page.heading(title.toLowerCase());
    page.table(lines, [
      { title: 'who', cell: ({ name }) => name },
      { title: 'telephone', cell: ({ phone }) => phone ?? '! no number' },
      { title: 'as', cell: ({ as }) => as },
      { title: 'local time', cell: ({ localTime }) => localTime ?? '' },
      { title: 'note', cell: ({ note }) => note },
    ]);
    if (more > 0) page.line(`… and ${more} more.`);
  }
  if (groups.length === 0) page.line('Nobody is named: the estate has no people, teams or stores.');
  if (silent > 0) page.line(`${count(silent, 'line has', 'lines have')} no number.`);
}
