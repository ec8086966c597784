/** The big board and the signals behind it, in a terminal: the same words in the same order as on the wall. */
import type { BoardView, SignalList } from '../../shared/contract/board.ts';
import { rateLine, sumLine } from '../../shared/domain/impact/money.ts';
import { sellingWords } from '../../shared/domain/selling.ts';
import { formatClock, formatDuration } from '../../shared/domain/times.ts';
import type { Page } from './page.ts';

/** What was heard of longer ago is not current, ms. */
const LIMIT = 60_000;

export function board(page: Page, view: BoardView): void {
  const { incidents, hurt, rates, trend, stores, silent, link } = view;
  const trueAt = view.heardAt ?? view.asOf;
  if (trueAt === 0) page.line(page.style('bold', 'NOT CURRENT: nothing has been heard from any source yet.'));
  else
    page.line(
      `${page.now - trueAt > LIMIT ? `${page.style('bold', 'NOT CURRENT:')} ` : ''}last true ${page.when(trueAt)}, ${page.age(trueAt)}`,
    );
  if (link.state === 'cut-off' && link.since !== null)
    page.line(
      page.style('bold', `CUT OFF ${page.lasting(link.since)}: what the other consoles did since is not here.`),
    );
  page.heading('incidents');
  page.table(
    incidents,
    [
      {
        title: '',
        cell: ({ severity, disputed }) =>
          `${severity}${disputed?.severity ? ` or ${disputed.severity.join(' or ')}?` : ''}`,
      },
      { title: '', cell: ({ label }) => label },
      { title: 'lasting', cell: ({ startedAt }) => page.lasting(startedAt) },
      {
        title: 'commander',
        cell: ({ commander, disputed }) =>
          [commander, ...(disputed?.commander ?? []).map((one) => one?.name ?? null)]
            .map((one) => one ?? 'nobody')
            .join(' or '),
      },
      { title: 'cost', cell: ({ soFar }) => soFar.map(sumLine).join('; ') },
      {
        title: 'next',
        cell: ({ next }) =>
          next === null
            ? ''
            : `${next.at < page.now ? 'overdue' : 'due in'} ${formatClock(Math.abs(next.at - page.now))}: ${next.text}`,
      },
      { title: 'title', cell: ({ title }) => title },
    ],
    'No incident is open.',
  );
  if (view.degraded.length > 0) page.line(`degraded on purpose: ${view.degraded.join(', ')}`);
  page.heading('what it costs');
  for (const rate of rates) page.line(rateLine(rate));
  if (rates.length === 0) page.line('No baseline of revenue: what it costs is not known.');
  if (trend !== null)
    page.line(
      `${{ worse: '▲ getting worse', better: '▼ getting better', steady: '▶ steady' }[trend.direction]} ${trend.text}`,
    );
  page.heading('what is hurt');
  page.table(
    hurt,
    [
      { title: '', cell: ({ health }) => page.health(health) },
      { title: '', cell: ({ name }) => name },
      { title: 'since', cell: ({ since }) => (since === null ? '' : page.when(since)) },
      { title: 'cost', cell: ({ rate }) => (rate === null ? '' : rateLine(rate)) },
      {
        title: '',
        cell: ({ byHand }) =>
          byHand === undefined ? '' : `by hand, ${byHand.by}, until ${page.when(byHand.until)}: ${byHand.reason}`,
      },
    ],
    view.businessServices === 0 ? 'No business service is known.' : 'Nothing.',
  );
  if (view.businessServices > 0)
    page.line(`${view.businessServices - hurt.length} of ${view.businessServices} business services healthy`);
  if (stores !== null) {
    page.heading('stores');
    page.line(sellingWords(stores.counts));
    if (stores.hurtRegions.length > 0)
      page.line(
        `in trouble: ${stores.hurtRegions.map(({ name, stores: hurt, total }) => `${name} ${hurt} of ${total}`).join(', ')}`,
      );
  }
  if (silent.length > 0) {
    page.heading('not heard');
    page.table(silent, [
      { title: '', cell: ({ title }) => title },
      {
        title: 'for',
        cell: ({ since }) => (since === null ? 'never heard' : formatDuration(Math.max(0, page.now - since))),
      },
    ]);
  }
}

export function signals(page: Page, { tiers, signals: list, asOf }: SignalList): void {
  page.line(
    `${tiers['customer-impacting']} customer-impacting · ${tiers['operational-degradation']} operational degradation · ${tiers['early-warning']} early warning · ${tiers.unmatched} of them match nothing in the estate`,
  );
  page.line(`as of ${page.when(asOf)}`);
  page.heading('signals');
  page.table(
    list,
    [
      { title: '', cell: ({ health }) => (health === null ? '' : page.health(health)) },
      { title: 'tier', cell: ({ tier }) => tier.replace('-', ' ') },
      { title: 'about', cell: ({ about }) => about?.name ?? 'nothing in the estate' },
      { title: '', cell: ({ title }) => title },
      { title: '', cell: ({ text }) => text },
      { title: 'since', cell: ({ since }) => (since === null ? '' : page.when(since)) },
      { title: 'heard', cell: ({ observedAt, stale }) => `${page.age(observedAt)}${stale ? ', stale' : ''}` },
      { title: 'from', cell: ({ source }) => source },
    ],
    'Nothing is signalled.',
  );
}
