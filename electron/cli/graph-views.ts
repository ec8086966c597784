/** How blast radius, health by hand, maintenance and drift are shown in a terminal. */
import type { BlastRanking, BlastView, Reached } from '../../shared/contract/blast.ts';
import type { DriftView } from '../../shared/contract/drift.ts';
import type { HealthWord, MaintenanceView } from '../../shared/contract/health.ts';
import { count, named, names, type Page } from './page.ts';

/** "12 certain, 3 weakened". */
function sure({ certain, weakened }: { certain: number; weakened: number }): string {
  return `${certain} certain${weakened === 0 ? '' : `, ${weakened} weakened`}`;
}

function path({ path, onlyFor }: Pick<Reached, 'path' | 'onlyFor'>): string {
  const words = path.map(({ name, needs }) =>
    needs === null ? name : `${name} ${needs.strength === 'soft' ? '⇢' : '→'}`,
  );
  return `${words.join(' ')}${onlyFor.length === 0 ? '' : ` (for ${onlyFor.join('; ')} only)`}`;
}

export function blast(page: Page, view: BlastView): void {
  const { counts } = view;
  for (const { name, health } of view.services) page.line(`${name} ${page.health(health)}`);
  page.line('Path: → a hard dependency, ⇢ a soft one; what it reaches by hard ones only is certain.');
  const list = <T extends Reached>(
    title: string,
    all: { certain: number; weakened: number },
    rows: readonly T[],
    says: (row: T) => string,
  ) => {
    page.heading(`${title}: ${sure(all)}`);
    page.table(
      rows,
      [
        { title: '', cell: ({ certain }) => (certain ? 'certain' : 'weakened') },
        { title: '', cell: ({ name }) => name },
        { title: '', cell: says },
        { title: 'path', cell: path },
      ],
      'None.',
    );
    const more = all.certain + all.weakened - rows.length;
    if (more > 0) page.line(`… and ${more} more; --limit N lists them.`);
  };
  list('business services', counts.businessServices, view.businessServices, ({ health }) => page.health(health));
  list('channels', counts.channels, view.channels, ({ health }) => page.health(health));
  list(`stores (of ${counts.stores.total})`, counts.stores, view.stores, ({ region }) => named(region));
  page.heading(`regions: ${counts.regions}`);
  page.table(view.regions, [
    { title: '', cell: ({ name }) => name },
    { title: 'stores', cell: ({ stores, storesTotal }) => `${stores} of ${storesTotal}` },
    { title: 'services', cell: ({ services }) => String(services), right: true },
  ]);
  list(`services (${counts.services.direct} directly)`, counts.services, view.reached, ({ health }) =>
    page.health(health),
  );
  page.heading(`stopped by a boundary: ${counts.stopped}`);
  page.table(
    view.stopped,
    [
      { title: '', cell: ({ kind }) => kind.replace('-', ' ') },
      { title: '', cell: ({ name }) => name },
      { title: '', cell: ({ reason }) => reason },
    ],
    'Nothing: no region and no tenant keeps anything whole.',
  );
}

export function blastRanking(page: Page, { services, total }: BlastRanking): void {
  page.table(services, [
    { title: '', cell: ({ health }) => page.health(health) },
    { title: '', cell: ({ name }) => name },
    { title: 'certain', cell: ({ certain }) => String(certain), right: true },
    { title: 'weakened', cell: ({ weakened }) => String(weakened), right: true },
  ]);
  page.line(`${services.length} of ${count(total, 'service')}: how many others each reaches when it fails.`);
}

export function healthWords(page: Page, words: readonly HealthWord[]): void {
  page.table(
    words,
    [
      { title: '', cell: ({ health }) => page.health(health) },
      { title: '', cell: ({ name }) => name },
      { title: 'until', cell: ({ until }) => page.when(until) },
      { title: 'by', cell: ({ by }) => by.name },
      { title: 'sources say', cell: ({ sources }) => page.health(sources) },
      { title: 'because', cell: ({ reason }) => reason },
    ],
    'No health is set by hand.',
  );
}

export function maintenance(page: Page, windows: readonly MaintenanceView[]): void {
  page.table(
    windows,
    [
      { title: '', cell: ({ state }) => state },
      { title: 'id', cell: ({ id }) => id },
      { title: 'title', cell: ({ title }) => title },
      { title: 'from', cell: ({ from }) => page.when(from) },
      { title: 'to', cell: ({ to, endedEarly }) => `${page.when(to)}${endedEarly ? ' (ended early)' : ''}` },
      { title: 'by', cell: ({ by }) => by.name },
      { title: 'services', cell: ({ services }) => names(services) },
    ],
    'No maintenance is planned.',
  );
}

export function drift(page: Page, view: DriftView): void {
  const { counts, sources, cut = [] } = view;
  const rate = (perSecond: number | null): string =>
    perSecond === null ? 'none lately' : `${Number(perSecond.toPrecision(3))} calls/s`;
  if (sources.length === 0) page.line('No source learns calls; switch it on with a Prometheus source: learnEdges yes.');
  if (cut.length > 0)
    page.line(`${names(cut)}: more kinds of calls than are kept; what is declared and not seen there cannot be told.`);
  page.heading(`seen and not declared: ${counts.undeclared}`);
  page.table(
    view.undeclared,
    [
      { title: 'from', cell: ({ from }) => from.id },
      { title: 'to', cell: ({ to }) => to.id },
      { title: 'rate', cell: (row) => rate(row.rate), right: true },
      {
        title: 'failed',
        cell: ({ errorShare }) => (errorShare === null ? '' : `${Number((errorShare * 100).toPrecision(3))} %`),
        right: true,
      },
      { title: 'since', cell: ({ since }) => page.when(since) },
      { title: 'last seen', cell: ({ lastSeen }) => page.age(lastSeen) },
      {
        title: 'by',
        cell: ({ connections, dismissed }) => [...connections, ...(dismissed ? ['dismissed'] : [])].join(', '),
      },
    ],
    'None.',
  );
  page.heading(`declared and not seen: ${counts.unseen}`);
  page.table(
    view.unseen,
    [
      { title: 'from', cell: ({ from }) => from.id },
      { title: 'to', cell: ({ to }) => to.id },
      { title: '', cell: ({ strength, mode }) => `${strength}, ${mode}` },
      { title: '', cell: ({ reason, dismissed }) => `${reason}${dismissed ? ' (dismissed)' : ''}` },
    ],
    'None.',
  );
  page.heading(`names that mean no service: ${counts.strangers}`);
  page.table(
    view.strangers,
    [
      { title: '', cell: ({ name }) => name },
      { title: 'seen as', cell: ({ as }) => as },
      { title: 'with', cell: ({ calls }) => count(calls, 'other'), right: true },
      { title: 'rate', cell: (row) => rate(row.rate), right: true },
    ],
    'None.',
  );
  page.line(`${counts.confirmed} declared and seen; ${counts.dismissed} dismissed, shown with --all.`);
}
