/** What is contested, in a terminal: every answer with whose it is and the op by which it is kept. */
import type { Output } from '../../shared/contract/table.ts';
import { formatWhen } from '../../shared/domain/times.ts';
import { names, type Page } from './page.ts';

/** As much of an op's id as tells it apart. */
const SHORT = 10;

export function conflicts(page: Page, { conflicts: list, total }: Output<'conflicts'>): void {
  if (list.length === 0) {
    page.line('Nothing is contested.');
    return;
  }
  for (const { incident, about, inForce, why, asked, answers } of list) {
    page.heading(`${incident === null ? '' : `${incident.label} `}${about}`);
    page.line(`${inForce} counts until one is kept: ${why}.${asked.length === 0 ? '' : ` Asked: ${names(asked)}.`}`);
    page.table(answers, [
      { title: 'op', cell: ({ op }) => op.slice(0, SHORT) },
      { title: 'answer', cell: ({ words }) => page.style('bold', words) },
      { title: 'by', cell: ({ by }) => by.name },
      {
        title: 'console',
        cell: ({ console: at }) => (at.own ? 'this one' : at.name === '' ? at.id : at.name),
      },
      { title: 'when', cell: ({ at, zone }) => formatWhen(at, zone, page.now) },
      { title: 'why', cell: ({ reason }) => reason ?? '' },
    ]);
    for (const { words, followed, more } of answers) {
      if (followed.length === 0) continue;
      page.line(
        `  ${words}, then: ${followed.map(({ text }) => text).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
      );
    }
  }
  page.line();
  if (total > list.length)
    page.line(
      `These are the ${list.length.toLocaleString('en')} most pressing of ${total.toLocaleString('en')}; --limit shows more.`,
    );
  page.line('`conflict settle OP REASON` keeps one; of an op that begins with "-" write --keep=OP.');
}
