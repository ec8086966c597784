/**
 * Money and counts as people read them. Invariant: an amount always stands with its currency, a loss with a minus, and
 * what is not exact with its range.
 */
import { formatDuration } from '../times.ts';
import type { Range } from './range.ts';

const digits = new Map<string, number>();

/** Decimal places of a currency: 2 for EUR, 0 for JPY; 2 for what is no currency. */
export function decimals(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    try {
      known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      known = 2;
    }
    digits.set(currency, known);
  }
  return known;
}

const SYMBOLS = new Map(Object.entries({ EUR: '€', USD: '$', GBP: '£', CHF: 'CHF', JPY: '¥' }));

/** `€`, `$`, else the three letters. */
export function symbol(currency: string): string {
  return SYMBOLS.get(currency) ?? currency;
}

/** A number as it is read out: "4,120", "156k", "2.3M". Whole below 10,000, then three digits at most. */
export function compact(value: number): string {
  const amount = Math.abs(value);
  if (amount < 10_000) return Math.round(amount).toLocaleString('en');
  if (amount < 999_500) return `${trim(amount / 1_000)}k`;
  if (amount < 999_500_000) return `${trim(amount / 1_000_000)}M`;
  return `${trim(amount / 1_000_000_000)}bn`;
}

const trim = (value: number): string => (value >= 100 ? String(Math.round(value)) : String(Number(value.toFixed(1))));

/** An amount in minor units: "€ 4,120". */
export function money(minor: number, currency: string): string {
  return `${symbol(currency)} ${compact(minor / 10 ** decimals(currency))}`;
}

/** A loss in minor units: "−€ 4,120"; "none lost" when it rounds to nothing. */
export function loss(minor: number, currency: string): string {
  const text = money(minor, currency);
  return Math.round(minor / 10 ** decimals(currency)) === 0 ? 'none lost' : `−${text}`;
}

/** "3,300–5,000"; null when both ends read the same. */
export function between({ low, high }: Range, scale = 1): string | null {
  const [a, b] = [compact(low / scale), compact(high / scale)];
  return a === b ? null : `${a}–${b}`;
}

/** A range of minor units without the currency: "3,300–5,000". */
export function moneyBetween(amount: Range, currency: string): string | null {
  return between(amount, 10 ** decimals(currency));
}

/** A rate of money in one line: "−€ 4,120/min (est. 3,300–5,000)". */
export function rateLine(rate: Range & { currency: string; kind: string }): string {
  const span = moneyBetween(rate, rate.currency);
  if (rate.kind === 'unknown') return `unknown, at most ${money(rate.high, rate.currency)}/min`;
  const text = loss(rate.likely, rate.currency);
  if (text === 'none lost')
    return rate.high > rate.likely && span !== null ? `${text}, at most ${money(rate.high, rate.currency)}/min` : text;
  const head = `${text}/min`;
  if (span === null) return head;
  return `${head} (${rate.kind === 'estimated' ? 'est. ' : ''}${span})`;
}

/** An amount so far in one line: "−€ 156k so far (130k–190k)"; what mostly nobody saw is said to be so. */
export function sumLine(sum: Range & { currency: string; kind: string }): string {
  const span = moneyBetween(sum, sum.currency);
  const text = loss(sum.likely, sum.currency);
  if (sum.kind === 'unknown') {
    if (text === 'none lost') return `unknown so far, at most ${money(sum.high, sum.currency)}`;
    return `${text} so far (mostly unseen${span === null ? '' : `, ${span}`})`;
  }
  const head = `${text} so far`;
  if (text === 'none lost') return span === null ? head : `${head}, at most ${money(sum.high, sum.currency)}`;
  return span === null ? head : `${head} (${sum.kind === 'measured' ? '' : 'est. '}${span})`;
}

/** Per hour or minute as it is shown: money in whole units of its currency, all else as it is. */
export function scaleOf({ measure, currency }: { measure: string | null; currency: string }): number {
  return measure === 'revenue' ? 10 ** decimals(currency) : 1;
}

/** What is counted besides money, with what each is called: orders, then transactions. */
export function countsOf<Figure>(
  { orders, transactions }: { orders: Figure | null; transactions: Figure | null },
  unit: string,
): { figure: Figure; unit: string }[] {
  if (orders === null) return transactions === null ? [] : [{ figure: transactions, unit }];
  if (transactions === null) return [{ figure: orders, unit }];
  return [
    { figure: orders, unit: 'orders' },
    { figure: transactions, unit: unit === 'orders' ? 'transactions' : unit },
  ];
}

/** "1,240 orders", "0.4 orders". */
export function count(value: number, unit: string): string {
  const shown = value > 0 && value < 9.5 ? String(Number(value.toFixed(1))) : compact(value);
  return `${shown} ${unit}`;
}

/** "12 orders (9–14)". */
export function counted(one: Range, unit: string): string {
  const span = between(one);
  return `${count(one.likely, unit)}${span === null ? '' : ` (${span})`}`;
}

/** What was lost so far, money first: "−€ 156k so far (130k–190k), 2,080 orders (1,730–2,500)". */
export function soFarWords(
  {
    lost,
    currency,
    kind,
  }: {
    lost: { orders: Range | null; transactions: Range | null; revenueMinor: Range | null };
    currency: string;
    kind: string;
  },
  unit: string,
): string {
  return [
    ...(lost.revenueMinor === null ? [] : [sumLine({ ...lost.revenueMinor, currency, kind })]),
    ...countsOf(lost, unit).map(({ figure, unit: what }) => counted(figure, what)),
  ].join(', ');
}

/** What is late and not lost, money first: "€ 1,200, 320 orders (230–420)"; empty when it rounds to nothing. */
export function lateWords(
  {
    buffered,
    currency,
  }: {
    buffered: { orders: Range | null; transactions: Range | null; revenueMinor: Range | null };
    currency: string;
  },
  unit: string,
): string {
  const { revenueMinor } = buffered;
  return [
    ...(revenueMinor === null || revenueMinor.high < 10 ** decimals(currency)
      ? []
      : [money(revenueMinor.likely, currency)]),
    ...countsOf(buffered, unit)
      .filter(({ figure }) => figure.high >= 0.5)
      .map(({ figure, unit: what }) => counted(figure, what)),
  ].join(', ');
}

/** "31 min measured, 7 min estimated". */
export function basisWords({
  measuredMs,
  estimatedMs,
  unknownMs,
}: {
  measuredMs: number;
  estimatedMs: number;
  unknownMs: number;
}): string {
  const parts = [
    [measuredMs, 'measured'],
    [estimatedMs, 'estimated'],
    [unknownMs, 'not seen by anybody'],
  ] as const;
  return (
    parts
      .filter(([ms]) => ms >= 1000)
      .map(([ms, word]) => `${formatDuration(ms)} ${word}`)
      .join(', ') || 'just begun'
  );
}
