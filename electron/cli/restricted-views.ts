/** Restricted incidents and retention in a terminal. */
import type { RestrictionView, RetentionView } from '../../shared/contract/restricted.ts';
import { named, type Page } from './page.ts';

export function restriction(page: Page, value: RestrictionView): void {
  const { state, since, inside, sealed, clear, contact, members, consoles, looks, lifted, erased, warnings } = value;
  if (state === 'none') {
    page.line('Not restricted: everybody reads it.');
    return;
  }
  if (state === 'lifted' && lifted)
    page.line(`Lifted by ${named(lifted.by)} ${page.when(lifted.at)}: ${lifted.reason}`);
  if (state === 'erased' && erased)
    page.line(
      `Erased by ${named(erased.by)} ${page.when(erased.at)}: ${erased.reason}; no console opens its ${sealed} sealed entries any more.`,
    );
  if (state !== 'restricted') return;
  page.line(
    `${page.style('bold', 'RESTRICTED')} since ${since === null ? 'its beginning' : page.when(since)}: ${sealed} sealed entries, ${clear} in the clear${contact === null ? '' : `; others ask ${named(contact)}`}`,
  );
  if (!inside) {
    page.line('You are not among those who read it.');
    return;
  }
  page.table(members, [
    { title: 'reads it', cell: ({ name }) => name },
    { title: 'as', cell: ({ to, id }) => `${to}:${id}` },
  ]);
  page.line(`readable on: ${consoles.map(({ name, own }) => (own ? `${name} (this one)` : name)).join(', ')}`);
  if (looks.length > 0)
    page.table(looks, [
      { title: 'looked', cell: ({ who }) => named(who) },
      { title: 'last', cell: ({ at }) => page.when(at) },
    ]);
  for (const warning of warnings) page.line(`! ${warning}`);
}

export function retention(page: Page, { lines }: RetentionView): void {
  if (lines.length === 0) {
    page.line('No incident’s time is over.');
    return;
  }
  page.table(lines, [
    { title: 'state', cell: ({ state }) => (state === 'due' ? page.style('bold', '! due') : state.replace('-', ' ')) },
    { title: 'incident', cell: ({ label, title }) => `${label} ${title}` },
    { title: 'closed', cell: ({ closedAt }) => page.when(closedAt) },
    { title: 'kept until', cell: ({ dueAt }) => page.when(dueAt) },
    { title: 'rule', cell: ({ rule }) => rule },
    {
      title: '',
      cell: ({ holds, kept }) =>
        holds > 0 ? 'legal hold' : kept ? `kept on by ${named(kept.by)}: ${kept.reason}` : '',
    },
  ]);
}
