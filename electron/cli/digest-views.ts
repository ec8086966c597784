/** What happened while the console was cut off, in a terminal. */
import type { Output } from '../../shared/contract/table.ts';
import { formatWhen } from '../../shared/domain/times.ts';
import { count, type Page } from './page.ts';

export function digest(page: Page, { digest: it }: Output<'digest'>): void {
  if (it === null) {
    page.line('Nothing waits to be read.');
    return;
  }
  page.line(page.style('bold', it.headline));
  const part = ({ counts, lines, more }: NonNullable<typeof it.estate>): void => {
    page.line(`  ${counts.map((one) => `${one.count.toLocaleString('en')} ${one.words}`).join(', ')}`);
    for (const { at, zone, by, text } of lines) page.line(`  ${formatWhen(at, zone, page.now)}  ${by.name}: ${text}`);
    if (more > 0) page.line(`  and ${count(more, 'more such line')}`);
  };
  for (const incident of it.incidents) {
    page.heading(`${incident.severity} ${incident.label} ${incident.title}`);
    part(incident);
  }
  if (it.moreIncidents > 0) page.line(`and ${count(it.moreIncidents, 'more incident')}.`);
  if (it.estate !== null) {
    page.heading('outside incidents');
    part(it.estate);
  }
  if (it.conflicts.length > 0) {
    page.heading('contested');
    for (const { text } of it.conflicts) page.line(`! ${text}`);
    page.line('`conflicts` shows the answers side by side.');
  }
  if (it.actions.length > 0) {
    page.heading('asks again before it runs');
    for (const { text } of it.actions) page.line(text);
  }
  page.heading('ours');
  page.line(`${count(it.ours.ops, 'entry', 'entries')}, ${it.ours.waiting.toLocaleString('en')} wait to leave.`);
  for (const { label, title, ops } of it.ours.incidents) page.line(`  ${label} ${title}: ${ops.toLocaleString('en')}`);
  if (it.quarantined.ops > 0) {
    page.heading('kept out');
    for (const one of it.quarantined.reasons) page.line(`${one.count.toLocaleString('en')}: ${one.words}`);
  }
}
