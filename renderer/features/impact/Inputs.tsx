/** How a figure is made: each business service with its reasons, what each input says and where it comes from. */
import type { BusinessImpact, CorrectionView, IncidentImpact, StoresHit } from '../../../shared/contract/impact.ts';
import { basisWords, count, counted, countsOf, money, soFarWords } from '../../../shared/domain/impact/money.ts';
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

function Business({ business }: { business: BusinessImpact }) {
  const { lostPerMinute, bufferedPerMinute, expectedPerMinute, currency, soFar, stores } = business;
  const zone = useZone();
  const unit = business.unit;
  const usual = countsOf(expectedPerMinute, unit);
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
        {countsOf(lostPerMinute, unit)
          .filter(({ figure }) => figure.high > 0)
          .map(({ figure, unit: what }) => (
            <li key={what}>Lost: {counted(figure, what)} a minute.</li>
          ))}
        {countsOf(bufferedPerMinute, unit)
          .filter(({ figure }) => figure.high > 0)
          .map(({ figure, unit: what }) => (
            <li key={what}>Late, not lost: {counted(figure, what)} a minute.</li>
          ))}
        {stores !== null && stores.affected > 0 && <li>{storesWords(stores)}</li>}
        {soFar !== null && (
          <li>
            Since <TimeText at={soFar.since} zone={zone} />: {soFarWords(soFar, unit)}; {basisWords(soFar)}.
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
          {(usual.length > 0 || expectedPerMinute.revenueMinor !== null) && (
            <tr>
              <th scope="row">Usual at this hour</th>
              <td>
                {[
                  ...usual.map(({ figure, unit: what }) => count(figure, what)),
                  ...(expectedPerMinute.revenueMinor === null ? [] : [money(expectedPerMinute.revenueMinor, currency)]),
                ].join(', ')}{' '}
                a minute
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
