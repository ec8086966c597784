/** How what is probably at the root is shown. */
import { count, named, someNames } from './page.ts';
import type { View } from './views.ts';

const LEADS = { clear: 'clear', likely: 'likely', open: 'possible' } as const;

export const cause: View<'cause'> = (page, value) => {
  const { incident, candidates } = value;
  if (incident !== null) page.line(`${incident.label} ${incident.title}`);
  page.line(value.summary);
  for (const one of candidates) {
    const fault = one.fault > 1 ? ` · fault ${one.fault}` : '';
    page
      .line()
      .line(
        `${one.rank}  ${page.health(one.weighed)}  ${page.style('bold', one.service.name)} (${one.service.id}) · ${LEADS[one.lead]} · ${Math.round(one.score)} points · explains ${Math.round(one.share * 100)} %${fault}`,
      );
    if (one.judgement !== null)
      page.line(
        `    ${one.judgement.verdict === 'confirmed' ? 'CONFIRMED' : 'RULED OUT'} by ${named(one.judgement.by)}, ${page.when(one.judgement.at)}${one.judgement.reason === null ? '' : `: ${one.judgement.reason}`}`,
      );
    for (const { points, text } of one.reasons)
      page.line(`    ${`${points > 0 ? '+' : ''}${Math.round(points)}`.padStart(4)}  ${text}`);
    if (one.explains.length > 0) page.line(`          hurts ${someNames(one.explains)}`);
  }
};

export const mapMarks: View<'map.marks'> = (page, { causes, changes }) => {
  if (causes.length === 0) page.line('Nothing that is sick points to a cause.');
  for (const { id, name, confirmed, lead, explains } of causes)
    page.line(
      `${page.style('bold', name)} (${id}) · ${confirmed ? 'confirmed' : LEADS[lead]} · explains ${count(explains, 'service')}`,
    );
  page.heading(count(changes.length, 'change'));
  for (const { kind, title, at, services } of changes)
    page.line(`${page.when(at)}  ${kind}: ${title} (${services.join(', ')})`);
};
