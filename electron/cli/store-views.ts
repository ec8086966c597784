/** Stores as a terminal shows them: first who can still sell, then the ones that cannot; one store as it is told on the phone. */
import type { RegionCounts, StoreState } from '../../shared/contract/stores.ts';
import { money } from '../../shared/domain/impact/money.ts';
import { LOUDEST_SELLING, worthWords } from '../../shared/domain/selling.ts';
import type { Selling } from '../../shared/domain/stores.ts';
import { formatDuration, formatTime } from '../../shared/domain/times.ts';
import { count, named, type Column, type Page } from './page.ts';
import type { View } from './views.ts';

/** What the stores of a region can do, in numbers. */
export const COUNT_COLUMNS: readonly Column<RegionCounts>[] = [
  { title: 'stores', cell: ({ total }) => String(total), right: true },
  { title: 'sell', cell: ({ sells }) => String(sells), right: true },
  { title: 'own server', cell: ({ fallback }) => String(fallback), right: true },
  { title: 'hindered', cell: ({ hindered }) => String(hindered), right: true },
  { title: 'cannot', cell: ({ cannot }) => String(cannot), right: true },
  { title: 'unknown', cell: ({ unknown }) => String(unknown), right: true },
  { title: 'closed', cell: ({ closed }) => String(closed), right: true },
];

const WORDS: Record<Selling, string> = {
  sells: '● sells',
  fallback: '◐ from its own server',
  hindered: '▲ hindered',
  cannot: '■ cannot sell',
  unknown: '? unknown',
};

export const storeList: View<'store.list'> = (page, { answer, buffered, regions, stores, asOf }) => {
  page.line(page.style('bold', answer));
  if (buffered.count > 0) {
    const worth = worthWords(buffered);
    const oldest =
      buffered.oldestAt === null ? '' : `, the oldest ${formatDuration(Math.max(0, page.now - buffered.oldestAt))} old`;
    page.line(
      `${count(buffered.count, 'transaction')} waiting in ${count(buffered.stores, 'store')}${worth === null ? '' : `, ${worth}`}${oldest}`,
    );
  }
  page.line(`as of ${page.when(asOf)}`);
  page.heading('regions');
  page.table(regions, [
    { title: 'region', cell: ({ region }) => named(region) },
    { title: 'its time', cell: ({ timezone }) => formatTime(page.now, timezone) },
    ...COUNT_COLUMNS,
    { title: 'waiting', cell: ({ buffered: waiting }) => (waiting === null ? '–' : String(waiting)), right: true },
  ]);
  page.heading('stores');
  page.table(
    stores.toSorted(
      (a, b) => LOUDEST_SELLING.indexOf(a.selling) - LOUDEST_SELLING.indexOf(b.selling) || (a.id < b.id ? -1 : 1),
    ),
    [
      { title: '', cell: ({ selling }) => WORDS[selling] },
      { title: 'store', cell: ({ id }) => id },
      { title: 'name', cell: ({ name }) => name },
      { title: 'region', cell: ({ region }) => region ?? '' },
      { title: 'now', cell: ({ open }) => (open === null ? '' : open ? 'open' : 'closed') },
      { title: 'waiting', cell: ({ buffered: waiting }) => (waiting ? String(waiting) : ''), right: true },
      { title: 'heard', cell: ({ heardAt }) => page.age(heardAt) },
      {
        title: 'because',
        cell: ({ selling, why, reported }) => `${selling === 'sells' ? '' : why}${reported ? ' (reported)' : ''}`,
      },
    ],
    'No store is like that.',
  );
};

type Fact = StoreState['wan'] | StoreState['fallback'] | StoreState['buffered'];

export const storeShow: View<'store.show'> = (page, value) => {
  const { state } = value;
  page.line(page.style('bold', `${value.number === null ? '' : `${value.number} · `}${value.name}`));
  page.line(`${WORDS[state.selling]}: ${state.why}`);
  const until = state.openUntil === null ? '' : ` until ${state.openUntil}`;
  page.facts([
    ['phone', value.phone ?? 'no number is known'],
    ['region', [value.region === null ? null : named(value.region), value.country].filter(Boolean).join(', ')],
    ['there', formatTime(page.now, value.timezone)],
    ['now', state.open === null ? 'opening hours are not known' : `${state.open ? 'open' : 'closed'}${until}`],
  ]);
  page.heading('what works and what does not');
  const yesNo = (yes: boolean | null): string | null => (yes === null ? null : yes ? 'yes' : 'no');
  page.table(
    [
      ['line', state.wan.value, state.wan],
      ['tills', state.pos.value, state.pos],
      ['store server', state.edge.value, state.edge],
      ['own server', yesNo(state.fallback.value), state.fallback],
      ['waiting', waiting(page, state), state.buffered],
    ] as [string, string | null, Fact][],
    [
      { title: '', cell: ([name]) => name },
      { title: '', cell: ([, told, { last }]) => told ?? `unknown${last === null ? '' : ` (last ${String(last)})`}` },
      { title: 'since', cell: ([, , { since }]) => (since === null ? '' : page.when(since)) },
      { title: 'heard', cell: ([, , { at }]) => page.age(at) },
      { title: 'from', cell: ([, , fact]) => saidBy(page, fact) },
    ],
  );
  if (value.alike.stores > 1)
    page.line(`${value.alike.stores} of ${value.alike.total} stores of its region are like this.`);
  page.heading('who to call');
  for (const { team, phone, onCall } of value.call) {
    page.line(`${named(team)}${phone === null ? '' : ` ${phone}`}`);
    for (const person of onCall) page.line(`  on call: ${person.name} ${person.phone ?? ''}`);
  }
  page.heading('what to do');
  page.table(value.runbooks, [{ title: '', cell: (runbook) => named(runbook) }], 'No runbook is named for it.');
  if (value.reports.length > 0) {
    page.heading('reported');
    page.table(value.reports, [
      { title: '', cell: ({ at }) => page.when(at) },
      { title: '', cell: ({ by }) => named(by) },
      { title: '', cell: ({ text }) => text },
    ]);
  }
};

function waiting(page: Page, { buffered, bufferedMinor, oldestAt, currency }: StoreState): string | null {
  if (buffered.value === null) return null;
  if (buffered.value === 0) return 'nothing';
  const worth = bufferedMinor.value === null ? '' : `, ${money(bufferedMinor.value, currency)}`;
  const oldest =
    oldestAt.value === null ? '' : `, the oldest ${formatDuration(Math.max(0, page.now - oldestAt.value))} old`;
  return `${count(buffered.value, 'transaction')}${worth}${oldest}`;
}

function saidBy(page: Page, { from, source, by, reason, until }: Fact): string {
  if (from === 'report') return `${by}: ${reason}${until === null ? '' : ` (counts until ${page.when(until)})`}`;
  return from === 'store' ? `measured at the store, ${source ?? ''}` : reason;
}
