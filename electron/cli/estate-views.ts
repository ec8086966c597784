/** How the estate is shown, and what an import would change in it. */
import type { Problem } from '../../shared/contract/common.ts';
import type { CatalogReport } from '../../shared/contract/estate.ts';
import { count, loudness, named, names, type Page, problemLine, tally } from './page.ts';
import type { View } from './views.ts';

export const map: View<'estate.map'> = (page, value) => {
  const { services, dependencies, loose = [], drawing } = value;
  if (drawing !== undefined) {
    page.line(drawing.svg ?? JSON.stringify(value));
    return;
  }
  const upstream = Map.groupBy([...dependencies, ...loose], ({ from }) => from);
  page.line(
    `${count(services.length, 'service')}, ${count(dependencies.length + loose.length, 'dependency', 'dependencies')}`,
  );
  if (loose.length > 0)
    page.line(
      `${count(loose.length, 'dependency leads', 'dependencies lead')} to a name that no service has: ${[...new Set(loose.map(({ from, to }) => (services.some(({ id }) => id === from) ? to : from)))].slice(0, 10).join(', ')}`,
    );
  page.table(
    services.toSorted((a, b) => loudness(a.health.health) - loudness(b.health.health) || (a.id < b.id ? -1 : 1)),
    [
      { title: '', cell: (row) => page.health(row.health.health) },
      { title: 'service', cell: ({ id }) => id },
      { title: 'kind', cell: ({ kind }) => kind },
      { title: 'tier', cell: ({ tier }) => (tier === null ? '–' : String(tier)) },
      { title: 'owner', cell: ({ owner }) => named(owner) },
      {
        title: 'needs',
        cell: ({ id }) =>
          (upstream.get(id) ?? []).map(({ to, strength }) => (strength === 'soft' ? `(${to})` : to)).join(', '),
      },
    ],
    'No services. Import a catalog, or load the demonstration.',
  );
};

const minutes = (what: string, value: number | null): string => (value === null ? '' : `${what} ${value} min`);

export const service: View<'estate.service'> = (page, value) => {
  page.line(`${page.style('bold', value.name)} · ${value.kind}${value.tier === null ? '' : ` · tier ${value.tier}`}`);
  page.line(page.healthView(value.health));
  const { owner } = value;
  page.facts([
    ['id', value.id],
    ['domain', value.domain],
    ['system', value.system],
    [
      'recovery',
      [minutes('RTO', value.rtoMinutes), minutes('RPO', value.rpoMinutes)].filter((part) => part !== '').join(', '),
    ],
    ['owner', owner === null ? '–' : [owner.name, owner.phone, owner.chat, owner.email].filter(Boolean).join(' · ')],
    [
      'on call',
      owner?.onCall
        .map(({ role, person }) => [`${role} ${person.name}`, person.phone].filter(Boolean).join(' · '))
        .join(', ') ?? null,
    ],
    ['support', value.support],
    ['business services', names(value.businessServices)],
    ['runbooks', value.runbooks.map(({ id }) => id).join(', ')],
    ['described in', value.at],
  ]);
  page.heading('signals');
  page.table(
    value.signals,
    [
      { title: '', cell: (signal) => (signal.health === null ? '' : page.health(signal.health)) },
      { title: '', cell: ({ title }) => title },
      { title: '', cell: ({ text }) => text },
      {
        title: '',
        cell: ({ source, observedAt, stale }) => `${source}, ${page.age(observedAt)}${stale ? ', stale' : ''}`,
      },
    ],
    'Nothing reports on it.',
  );
  for (const [title, list, loose] of [
    ['needs', value.upstream, value.loose?.upstream ?? []],
    ['needed by', value.downstream, value.loose?.downstream ?? []],
  ] as const) {
    page.heading(title);
    page.table(
      list,
      [
        { title: '', cell: (row) => page.health(row.health.health) },
        { title: '', cell: ({ id }) => id },
        { title: '', cell: ({ strength, mode }) => `${strength}, ${mode}` },
        { title: '', cell: ({ seen }) => (seen === undefined ? '' : calls(seen, page.age(seen.lastSeen))) },
      ],
      loose.length === 0 ? 'Nothing.' : 'Nothing that is known.',
    );
    for (const reference of loose) page.line(`${reference}: no service when the catalog was read`);
  }
};

/** "12.5 calls/s, 2 % failed"; of what was not called lately, when it last was. */
function calls({ rate, errorShare }: { rate: number | null; errorShare: number | null }, last: string): string {
  if (rate === null) return `last called ${last}`;
  return `${Number(rate.toPrecision(3))} calls/s, ${Number(((errorShare ?? 0) * 100).toPrecision(3))} % failed`;
}

function problems(page: Page, list: readonly Problem[]): void {
  if (list.length === 0) return;
  page.heading(count(list.length, 'problem'));
  for (const problem of list) page.line(`${problem.severity}: ${problemLine(problem)}`);
}

const DIFF_MARKS = { added: '+', changed: '~', renamed: '→', dropped: '-' } as const;

export const catalogReport = (page: Page, value: CatalogReport): void => {
  for (const { what, kind, id, name, fields } of value.diff) {
    const changes =
      what === 'changed' || what === 'renamed'
        ? fields.map(({ field, from, to }) => `${field} ${from ?? '–'} → ${to ?? '–'}`)
        : [];
    page.line(
      `${DIFF_MARKS[what]} ${kind} ${id}${name === id || name === '' ? '' : ` (${name})`}${changes.length === 0 ? '' : `: ${changes.join('; ')}`}`,
    );
  }
  problems(page, value.problems);
  const { added, changed, renamed, dropped, unchanged } = value.counts;
  if (value.diff.length + value.problems.length > 0) page.line();
  page.line(
    `${count(value.files, 'file')}, ${count(value.documents, 'document')}: ${added} added, ${changed} changed, ${renamed} renamed, ${dropped} dropped, ${unchanged} unchanged.`,
  );
  page.line(
    value.applied ? `Imported as "${value.origin}".` : `Nothing was changed in the estate ("${value.origin}").`,
  );
};

export const business: View<'estate.business'> = (page, list) => {
  page.table(
    list.toSorted((a, b) => loudness(a.health.health) - loudness(b.health.health) || a.criticality - b.criticality),
    [
      { title: '', cell: ({ health: { health } }) => page.health(health) },
      { title: 'business service', cell: ({ id }) => id },
      { title: 'name', cell: ({ name }) => name },
      { title: 'criticality', cell: ({ criticality }) => String(criticality), right: true },
      { title: 'owner', cell: ({ owner }) => named(owner) },
      { title: 'RTO', cell: ({ rtoMinutes }) => (rtoMinutes === null ? '–' : `${rtoMinutes} min`), right: true },
      { title: 'because', cell: ({ health: { reason } }) => reason },
    ],
  );
};

export const stores: View<'estate.stores'> = (page, list) => {
  page.line(
    `${count(list.length, 'store')}: ${
      tally(
        page,
        list.map(({ health: { health } }) => health),
      ) || 'none'
    }`,
  );
  page.table(
    list.toSorted((a, b) => loudness(a.health.health) - loudness(b.health.health) || (a.id < b.id ? -1 : 1)),
    [
      { title: '', cell: ({ health: { health } }) => page.health(health) },
      { title: 'store', cell: ({ id }) => id },
      { title: 'name', cell: ({ name }) => name },
      { title: 'region', cell: ({ region }) => named(region) },
      { title: 'now', cell: ({ open }) => (open === null ? '' : open ? 'open' : 'closed') },
      { title: 'phone', cell: ({ phone }) => phone ?? '' },
      { title: 'because', cell: ({ health: { health, reason } }) => (health === 'healthy' ? '' : reason) },
    ],
    '',
  );
};

export const teams: View<'estate.teams'> = (page, list) => {
  page.table(list, [
    { title: 'team', cell: ({ id }) => id },
    { title: 'name', cell: ({ name }) => name },
    {
      title: 'on call',
      cell: ({ onCall }) =>
        onCall
          .map(
            ({ role, person, until }) =>
              `${role} ${[person.name, person.phone].filter(Boolean).join(' ')} until ${page.when(until)}`,
          )
          .join(', '),
    },
    { title: 'phone', cell: ({ phone }) => phone ?? '' },
    { title: 'chat', cell: ({ chat }) => chat ?? '' },
    { title: 'services', cell: ({ services }) => String(services), right: true },
  ]);
};
