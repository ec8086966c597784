/** Impact and curves in a terminal: every figure with its range, its reasons and its inputs. */
import type { BusinessImpact, Impact } from '../../shared/contract/impact.ts';
import {
  basisWords,
  compact,
  count,
  counted,
  lateWords,
  money,
  rateLine,
  scaleOf,
  soFarWords,
  sumLine,
} from '../../shared/domain/impact/money.ts';
import type { Page } from './page.ts';
import type { View } from './views.ts';

/** What a business service loses a minute, in money where there is a baseline of it, else in what it counts. */
function losing(one: BusinessImpact): string {
  if (one.lossPerMinute) return rateLine(one.lossPerMinute);
  const lost = one.lostPerMinute.orders ?? one.lostPerMinute.transactions;
  if (lost === null) return 'no baseline';
  if (one.kind === 'unknown') {
    const waits = one.bufferedPerMinute.orders ?? one.bufferedPerMinute.transactions;
    return lost.high >= 0.05
      ? `unknown, at most ${count(lost.high, one.unit)}/min`
      : `unknown, at most ${count(waits?.high ?? 0, `${one.unit}/min`)} late`;
  }
  return lost.likely > 0 ? `−${counted(lost, `${one.unit}/min`)}` : 'none lost';
}

function late({ bufferedPerMinute: { revenueMinor, orders, transactions }, currency, unit }: BusinessImpact): string {
  if (revenueMinor !== null && revenueMinor.likely >= 100) return `${money(revenueMinor.likely, currency)}/min late`;
  const waiting = orders ?? transactions;
  return waiting !== null && waiting.likely > 0.05 ? `${count(waiting.likely, `${unit}/min`)} late` : '';
}

function stores({ stores: hit }: BusinessImpact): string {
  if (hit === null || hit.affected === 0) return '';
  return `${hit.affected} of ${hit.total} stores: ${hit.fallback} in fallback, ${hit.cannotSell} cannot sell, ${hit.unknown} unknown`;
}

/** "; late, not lost: € 1,200, 320 orders (230–420)". */
function alsoLate(soFar: NonNullable<BusinessImpact['soFar']>, unit: string): string {
  const words = lateWords(soFar, unit);
  return words === '' ? '' : `; late, not lost: ${words}`;
}

export const impact: View<'impact'> = (page, value) => {
  for (const total of value.totals) page.line(`${total.currency}: ${rateLine(total.perMinute)}`);
  if (value.totals.length > 1) page.line('Amounts of different currencies are not added together.');
  for (const incident of value.incidents) {
    page.heading(`${incident.label} ${incident.title}`);
    for (const { soFar, bufferedMinor, currency } of incident.totals) {
      if (soFar !== null) page.line(sumLine(soFar));
      if (bufferedMinor !== null && bufferedMinor.likely >= 100)
        page.line(`${money(bufferedMinor.likely, currency)} late, not lost`);
    }
    if (incident.totals.length === 0) page.line('Nothing is known of its money.');
    for (const { name, unit, soFar } of incident.businessServices)
      page.line(`  ${name}: ${soFarWords(soFar, unit) || 'no baseline'}${alsoLate(soFar, unit)}; ${basisWords(soFar)}`);
    if (incident.customers !== null && incident.customers.likely >= 0.5)
      page.line(`${counted(incident.customers, 'customers')} turned away`);
    for (const one of incident.corrections)
      page.line(
        `${page.when(one.at)} corrected: ${one.businessService.name}, ${amount(one.before, one.currency)} → ${amount(one.after, one.currency)}`,
      );
  }
  page.heading('business services');
  page.table(
    value.businessServices,
    [
      { title: '', cell: ({ health }) => page.health(health.health) },
      { title: '', cell: ({ name }) => name },
      { title: 'loses', cell: losing },
      { title: '', cell: late },
      { title: '', cell: ({ kind, asOf }) => `${kind}, ${page.age(asOf)}` },
      { title: '', cell: stores },
    ],
    value.incidents.length > 0 ? 'None that is known here.' : 'None. Import a catalog, or load the demonstration.',
  );
  for (const one of value.businessServices) reasons(page, one);
};

function amount(
  { revenueMinor, orders, transactions }: Impact['incidents'][number]['corrections'][number]['before'],
  currency: string,
): string {
  if (revenueMinor !== null) return money(revenueMinor.likely, currency);
  if (orders !== null) return count(orders.likely, 'orders');
  return transactions === null ? '?' : count(transactions.likely, 'transactions');
}

function reasons(page: Page, one: BusinessImpact): void {
  const running = one.clocks.filter(({ state }) => state !== 'idle');
  if (one.share.high === 0 && one.bufferedShare.high === 0 && running.length === 0 && one.problems.length === 0) return;
  page.heading(one.name);
  for (const reason of one.reasons) page.line(`  ${reason}`);
  if (one.soFar !== null)
    page.line(
      `  Since ${page.when(one.soFar.since)}: ${soFarWords(one.soFar, one.unit) || 'no baseline'}${alsoLate(one.soFar, one.unit)}; ${basisWords(one.soFar)}`,
    );
  for (const clock of running) page.line(`  ${clock.kind.toUpperCase()} ${clock.text}`);
  for (const input of one.inputs)
    page.line(`  ${input.name}: ${input.value} (${input.source}${input.at === null ? '' : `, ${page.age(input.at)}`})`);
  for (const entry of one.calendar.filter(({ from }) => from > page.now))
    page.line(`  From ${page.when(entry.from)}: ${entry.title}, × ${Number(entry.multiplier.toFixed(3))}`);
  for (const problem of one.problems) page.line(`  ! ${problem}`);
}

export const curve: View<'impact.curve'> = (page, value) => {
  page.line(`${value.name}: ${value.unit} a minute${value.source === null ? '' : `, ${value.source}`}`);
  const step = Math.max(1, Math.ceil(value.points.length / 24));
  const shown = (each: number) => compact(each / scaleOf(value));
  page.table(
    value.points.filter((_, index) => (value.points.length - 1 - index) % step === 0),
    [
      { title: 'time', cell: ({ at }) => page.when(at) },
      { title: 'actual', cell: ({ actual }) => (actual === null ? 'not measured' : shown(actual)), right: true },
      { title: 'usual', cell: ({ expected }) => (expected === null ? '' : shown(expected)), right: true },
      {
        title: 'noise',
        cell: ({ low, high }) => (low === null || high === null ? '' : `${shown(low)}–${shown(high)}`),
        right: true,
      },
    ],
    'Nothing.',
  );
  for (const { at, kind, title } of value.marks) page.line(`${page.when(at)}  ${kind}  ${title}`);
  for (const problem of value.problems) page.line(`! ${problem}`);
};
