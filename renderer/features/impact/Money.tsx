/**
 * Money as it is shown everywhere: "−€ 4,120/min · est. 3,300–5,000 · 40 s ago". Invariant: an amount never stands without its
 * currency and its basis, and what is not known is drawn as such and not as zero.
 */
import type { BusinessImpact, MoneyRateView, MoneySumView } from '../../../shared/contract/impact.ts';
import { count, loss, money, moneyBetween } from '../../../shared/domain/impact/money.ts';
import { Age } from '../../ui/Age.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './Money.module.css';

/** After this a rate is drawn as stale, ms. */
const STALE = 60_000;

export interface MoneyRateProps {
  /** Null: no baseline of revenue, so nothing can be said. */
  rate: MoneyRateView | null;
  /** Leaves out the range and the age, for a narrow column. */
  short?: boolean;
  /** Leaves out the age where the whole screen has one. */
  age?: boolean;
}

/** What is lost per minute, with its range, whether it was measured, and its age. */
export function MoneyRate({ rate, short = false, age = true }: MoneyRateProps) {
  if (rate === null)
    return (
      <span className={classes(styles.money, styles.none)} title="It has no baseline of revenue">
        not in money
      </span>
    );
  const { currency, likely, high, kind, asOf } = rate;
  const text = loss(likely, currency);
  const span = moneyBetween(rate, currency);
  const none = text === 'none lost';
  if (kind === 'unknown')
    return (
      <span className={styles.money} title={`At most ${money(high, currency)} a minute`}>
        <span className={styles.unknown}>unknown</span>
        {!short && <span className={styles.aside}> · at most {money(high, currency)}/min</span>}
      </span>
    );
  return (
    <span className={styles.money} title={span === null ? kind : `${kind}, between ${span} a minute`}>
      <span className={none ? styles.none : classes(styles.figure, styles.lost)}>{none ? text : `${text}/min`}</span>
      {!short && span !== null && !(none && kind === 'measured') && (
        <span className={styles.aside}>
          {' '}
          · {kind === 'estimated' ? 'est. ' : ''}
          {none ? `at most ${money(high, currency)}/min` : span}
        </span>
      )}
      {!short && age && (
        <span className={styles.aside}>
          {' '}
          · <Age at={asOf} limit={STALE} />
        </span>
      )}
    </span>
  );
}

/** What a business service loses now: money, or what it counts where nothing is known of its money. */
export function LossNow({ impact, short = false }: { impact: BusinessImpact; short?: boolean }) {
  const { lossPerMinute, lostPerMinute, bufferedPerMinute, unit, kind } = impact;
  if (lossPerMinute !== null) return <MoneyRate rate={lossPerMinute} short={short} />;
  const lost = lostPerMinute.orders ?? lostPerMinute.transactions;
  const late = bufferedPerMinute.orders ?? bufferedPerMinute.transactions;
  if (lost === null) return <MoneyRate rate={null} />;
  if (kind === 'unknown') {
    const most = lost.high >= 0.05 ? count(lost.high, `${unit}/min`) : `${count(late?.high ?? 0, `${unit}/min`)} late`;
    return (
      <span className={styles.money} title={`At most ${most}`}>
        <span className={styles.unknown}>unknown</span>
        {!short && <span className={styles.aside}> · at most {most}</span>}
      </span>
    );
  }
  if (lost.likely >= 0.05)
    return (
      <span className={classes(styles.money, styles.figure, styles.lost)}>−{count(lost.likely, `${unit}/min`)}</span>
    );
  if (late !== null && late.likely >= 0.05)
    return (
      <span className={styles.money} title={`${count(late.likely, unit)} a minute wait and are worked off later`}>
        {short ? `${count(late.likely, '').trim()}/min late` : `${count(late.likely, `${unit}/min`)} late, not lost`}
      </span>
    );
  return <span className={classes(styles.money, styles.none)}>none lost</span>;
}

const SURE: Record<MoneySumView['kind'], string> = { measured: '', estimated: 'est. ', unknown: 'mostly unseen, ' };

/** What was lost so far, with its range. */
export function MoneySoFar({ sum, short = false }: { sum: MoneySumView | null; short?: boolean }) {
  if (sum === null)
    return (
      <span className={classes(styles.money, styles.none)} title="It has no baseline of revenue">
        not in money
      </span>
    );
  const { currency, likely, high, kind } = sum;
  const text = loss(likely, currency);
  const span = moneyBetween(sum, currency);
  const none = text === 'none lost';
  if (kind === 'unknown' && none)
    return (
      <span className={styles.money} title={`At most ${money(high, currency)} so far`}>
        <span className={styles.unknown}>unknown</span>
        {!short && <span className={styles.aside}> so far, at most {money(high, currency)}</span>}
      </span>
    );
  return (
    <span className={styles.money} title={span === null ? kind : `${kind}, between ${span}`}>
      <span className={none ? styles.none : styles.figure}>{text}</span>
      {!short && (
        <span className={styles.aside}>
          {' so far'}
          {span !== null && (none ? `, at most ${money(high, currency)}` : ` (${SURE[kind]}${span})`)}
        </span>
      )}
    </span>
  );
}
