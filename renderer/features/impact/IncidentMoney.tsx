/** The money of one incident: in its header in one line, and as a part of the room with what it is made of. */
import { Fragment, useState } from 'react';
import type { BusinessImpact, IncidentImpact } from '../../../shared/contract/impact.ts';
import {
  basisWords,
  between,
  compact,
  counted,
  countsOf,
  decimals,
  money,
  sumLine,
} from '../../../shared/domain/impact/money.ts';
import { Button } from '../../ui/Button.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { Clocks } from './Clocks.tsx';
import { Curve } from './Curve.tsx';
import styles from './IncidentMoney.module.css';
import { Corrections, Inputs, storesWords } from './Inputs.tsx';
import { LossNow, MoneyRate, MoneySoFar } from './Money.tsx';
import { useImpact } from './useImpact.ts';

/** So far and per minute, one line for each currency; pressed, it says how the figure is made. */
export function HeaderMoney({ incident }: { incident: string }) {
  const { value } = useImpact(incident);
  const [open, setOpen] = useState(false);
  const of = value?.incidents[0];
  if (!value || !of) return null;
  return (
    <>
      <button
        type="button"
        className={styles.header}
        title="How this figure is made"
        data-testid="incident-money"
        onClick={() => setOpen(true)}
      >
        {of.totals.length === 0 ? (
          <span className={styles.quiet}>no money known</span>
        ) : (
          of.totals.map(({ currency, soFar, perMinute }) => (
            <span key={currency} className={styles.total}>
              <MoneySoFar sum={soFar} />
              {!of.over && (
                <span className={styles.rate}>
                  <MoneyRate rate={perMinute} age={false} />
                </span>
              )}
            </span>
          ))
        )}
      </button>
      <Inputs open={open} onClose={() => setOpen(false)} businessServices={value.businessServices} incident={of} />
    </>
  );
}

/** What it costs, business service by business service, with clocks, curves and corrections. */
export function IncidentImpactPart({ incident }: { incident: string }) {
  const { value } = useImpact(incident);
  const [open, setOpen] = useState(false);
  const of = value?.incidents[0];
  if (!value || !of || of.businessServices.length === 0) return null;
  return (
    <section className={styles.part} aria-label="Impact">
      <h4 className={styles.heading}>
        <span className={styles.grow}>Impact</span>
        <Button variant="quiet" onClick={() => setOpen(true)}>
          How it is made
        </Button>
      </h4>
      <ul>
        {of.businessServices.map((one) => (
          <BusinessLine
            key={one.id}
            line={one}
            over={of.over}
            business={value.businessServices.find(({ id }) => id === one.id)}
          />
        ))}
      </ul>
      {of.customers !== null && of.customers.high >= 0.5 && (
        <p className={styles.quiet}>
          {compact(of.customers.likely)} customers turned away so far
          {between(of.customers) !== null && ` (${between(of.customers)})`}, counting one for each order or receipt
        </p>
      )}
      <Corrections list={of.corrections} />
      <Inputs open={open} onClose={() => setOpen(false)} businessServices={value.businessServices} incident={of} />
    </section>
  );
}

function BusinessLine({
  line,
  business,
  over,
}: {
  line: IncidentImpact['businessServices'][number];
  business: BusinessImpact | undefined;
  over: boolean;
}) {
  const [curve, setCurve] = useState(false);
  const { soFar, currency, unit } = line;
  const { revenueMinor } = soFar.lost;
  const lost = countsOf(soFar.lost, unit);
  const late = soFar.buffered.revenueMinor;
  const lateCounts = countsOf(soFar.buffered, unit).filter(({ figure }) => figure.likely >= 0.5);
  return (
    <li className={styles.line}>
      <p className={styles.name}>
        {business && !over && <HealthMark health={business.health.health} word={false} />}
        <strong className={styles.grow}>{line.name}</strong>
        {!over &&
          (business ? <LossNow impact={business} short /> : <MoneyRate rate={line.lossPerMinute} age={false} />)}
      </p>
      <p className={styles.facts}>
        {revenueMinor !== null && <>{sumLine({ ...revenueMinor, currency, kind: soFar.kind })} · </>}
        {lost.map(({ figure, unit: what }) => (
          <Fragment key={what}>{counted(figure, what)} lost · </Fragment>
        ))}
        {late !== null && late.likely >= 10 ** decimals(currency) && (
          <>{money(late.likely, currency)} late, not lost · </>
        )}
        {lateCounts.map(({ figure, unit: what }) => (
          <Fragment key={what}>{counted(figure, what)} late, not lost · </Fragment>
        ))}
        {basisWords(soFar)}
      </p>
      {business && !over && business.stores !== null && business.stores.affected > 0 && (
        <p className={styles.facts}>{storesWords(business.stores)}</p>
      )}
      {business && !over && <Clocks clocks={business.clocks} running />}
      <button type="button" className={styles.link} aria-expanded={curve} onClick={() => setCurve(!curve)}>
        {curve ? 'Hide the curve' : 'Actual against usual'}
      </button>
      {curve && <Curve businessService={line.id} />}
    </li>
  );
}
