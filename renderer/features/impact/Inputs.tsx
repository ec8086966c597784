/** How a figure is made: each business service with its reasons, what each input says and where it comes from. */
import type {
  BusinessImpact,
  CorrectionView,
  IncidentImpact,
  RangeView,
  StoresHit,
} from '../../../shared/contract/impact.ts';
import { between, count, money, moneyBetween } from '../../../shared/domain/impact/money.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useZone } from '../../state/zone.ts';
import { Age } from '../../ui/Age.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Clocks } from './Clocks.tsx';
import styles from './Inputs.module.css';
import { LossNow, MoneySoFar } from './Money.tsx';

export interface InputsProps {
  open: boolean;
  onClose(): void;
  businessServices: readonly BusinessImpact[];
  /** With it, the sums of the incident and how they were corrected stand first. */
  incident?: IncidentImpact | undefined;
}

export function Inputs({ open, onClose, businessServices, incident }: InputsProps) {
  return (
    <Dialog open={open} title="How this figure is made" onClose={onClose} size="wide">
      <div className={styles.inputs}>
        {incident && <IncidentSum incident={incident} />}
        {businessServices.map((one) => (
          <Business key={one.id} business={one} />
        ))}
        {businessServices.length === 0 && (
          <p>
            No business service is hurt, as far as this estate says. Name one in the incident and its money appears.
          </p>
        )}
        <p className={styles.quiet}>
          What is lost is what usually comes at this hour × the share that is missing. The share is measured where
          telemetry answers, and else estimated from health, wide on purpose. What stores sell from their own server, or
          what waits in a queue, is late and not lost.
        </p>
      </div>
    </Dialog>
  );
}

function IncidentSum({ incident }: { incident: IncidentImpact }) {
  return (
    <section aria-label="So far">
      <h3 className={styles.heading}>So far</h3>
      {incident.totals.map((total) => (
        <p key={total.currency}>
          <MoneySoFar sum={total.soFar} /> since <TimeText at={incident.since} zone={useZone()} />
          {total.bufferedMinor !== null && total.bufferedMinor.likely > 0 && (
            <>; {money(total.bufferedMinor.likely, total.currency)} late, not lost</>
          )}
        </p>
      ))}
      {incident.totals.length > 1 && (
        <p className={styles.quiet}>Amounts of different currencies are not added together.</p>
      )}
      {!incident.named && incident.businessServices.length > 0 && (
        <p className={styles.quiet}>
          The incident names no business service: these follow from the services that it affects.
        </p>
      )}
      <Corrections list={incident.corrections} />
    </section>
  );
}

/** How sums were corrected when telemetry came back, newest first. */
export function Corrections({ list }: { list: readonly CorrectionView[] }) {
  const zone = useZone();
  if (list.length === 0) return null;
  return (
    <ul className={styles.corrections} aria-label="Corrections">
      {list.map((one) => (
        <li key={`${one.businessService.id} ${one.at} ${one.from}`}>
          <TimeText at={one.at} zone={zone} /> corrected: {one.businessService.name},{' '}
          <TimeText at={one.from} zone={zone} /> to <TimeText at={one.to} zone={zone} />, {amount(one, 'before')} →{' '}
          {amount(one, 'after')}
        </li>
      ))}
    </ul>
  );
}

function amount({ currency, before, after }: CorrectionView, which: 'before' | 'after'): string {
  const figures = which === 'before' ? before : after;
  if (figures.revenueMinor !== null) return money(figures.revenueMinor.likely, currency);
  if (figures.orders !== null) return count(figures.orders.likely, 'orders');
  return figures.transactions === null ? '?' : count(figures.transactions.likely, 'transactions');
}

/** "12 orders (9–14)". */
export function counted(one: RangeView, unit: string): string {
  const span = between(one);
  return `${count(one.likely, unit)}${span === null ? '' : ` (${span})`}`;
}

function Business({ business }: { business: BusinessImpact }) {
  const { lostPerMinute, bufferedPerMinute, expectedPerMinute, currency, soFar, stores } = business;
  const lost = lostPerMinute.orders ?? lostPerMinute.transactions;
  const late = bufferedPerMinute.orders ?? bufferedPerMinute.transactions;
  const unit = business.unit;
  const usual = expectedPerMinute.orders ?? expectedPerMinute.transactions;
  return (
    <section className={styles.business} aria-label={business.name}>
      <h3 className={styles.heading}>
        <HealthMark health={business.health.health} word={false} /> {business.name}
        <span className={styles.rate}>
          <LossNow impact={business} />
        </span>
      </h3>
      <ul className={styles.reasons}>
        {business.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {lost !== null && lost.high > 0 && <li>Lost: {counted(lost, unit)} a minute.</li>}
        {late !== null && late.likely > 0 && <li>Late, not lost: {counted(late, unit)} a minute.</li>}
        {stores !== null && stores.affected > 0 && <li>{storesWords(stores)}</li>}
        {soFar !== null && (
          <li>
            Since <TimeText at={soFar.since} zone={useZone()} />:{' '}
            {soFar.lost.revenueMinor === null
              ? counted(soFar.lost.orders ?? soFar.lost.transactions ?? { low: 0, likely: 0, high: 0 }, unit)
              : `${money(soFar.lost.revenueMinor.likely, currency)} (${moneyBetween(soFar.lost.revenueMinor, currency) ?? 'exact'})`}
            , {basisWords(soFar)}.
          </li>
        )}
      </ul>
      <Clocks clocks={business.clocks} />
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Input</th>
            <th scope="col">Value</th>
            <th scope="col">From</th>
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody>
          {business.inputs.map((input) => (
            <tr key={`${input.name} ${input.value}`}>
              <th scope="row">{input.name}</th>
              <td>{input.value}</td>
              <td>{input.source}</td>
              <td>{input.at === null ? '' : <Age at={input.at} limit={60_000} />}</td>
            </tr>
          ))}
          {usual !== null && (
            <tr>
              <th scope="row">Usual at this hour</th>
              <td>
                {count(usual, unit)} a minute
                {expectedPerMinute.revenueMinor !== null &&
                  `, ${money(expectedPerMinute.revenueMinor, currency)} a minute`}
              </td>
              <td colSpan={2}>baseline</td>
            </tr>
          )}
        </tbody>
      </table>
      {business.problems.map((problem) => (
        <p key={problem} className={styles.problem}>
          {problem}
        </p>
      ))}
    </section>
  );
}

/** "14 of 120 stores affected: 11 sell in fallback, 3 unknown". */
export function storesWords({ total, affected, fallback, cannotSell, unknown }: StoresHit): string {
  const hindered = affected - fallback - cannotSell - unknown;
  const parts = [
    [fallback, 'sell in fallback'],
    [hindered, 'hindered'],
    [cannotSell, 'cannot sell'],
    [unknown, 'unknown'],
  ] as const;
  const told = parts.filter(([stores]) => stores > 0).map(([stores, word]) => `${stores} ${word}`);
  return `${affected} of ${total} stores affected: ${told.join(', ')}`;
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
