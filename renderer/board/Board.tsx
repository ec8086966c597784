/**
 * The board on the wall, readable at five metres. Invariants: nothing on it can be pressed; it reads again by itself every
 * few seconds besides hearing of changes; what is not current says so across the whole width.
 */
import { useEffect, useRef, useState } from 'react';
import type { BoardView } from '../../shared/contract/board.ts';
import type { MoneyRateView } from '../../shared/contract/impact.ts';
import { loss, money, moneyBetween, symbol } from '../../shared/domain/impact/money.ts';
import type { Range } from '../../shared/domain/impact/range.ts';
import { sellingWords } from '../../shared/domain/selling.ts';
import { formatClock, formatDuration, formatTime, formatWhen } from '../../shared/domain/times.ts';
import { bridge, call } from '../bridge/client.ts';
import { useEngine } from '../bridge/useEngine.ts';
import { showLook } from '../state/look.ts';
import { useNow } from '../state/now.ts';
import { localZone } from '../state/zone.ts';
import { HealthShape } from '../ui/HealthMark.tsx';
import { HEALTH_WORDS } from '../ui/words.ts';
import styles from './Board.module.css';
import { LIMIT, standing } from './currency.ts';

/** It is read at least this often, ms, so that silence shows soon. */
const EVERY = 5_000;
/** Lines for which there is room at 1280×800. */
const INCIDENTS = 3;
const HURT = 7;
/** Lines that a band across the width takes the place of. */
const BAND = { 'not-current': 3, 'cut-off': 2, none: 0 } as const;
const REGIONS = 3;
/** Characters of a title that fit one line. */
const ONE_LINE = 36;

interface Read {
  view: BoardView;
  /** ms */
  at: number;
}

/** The newest answer and when it came; a question without an answer blocks no later one. */
function useBoard(): Read | null {
  const [read, setRead] = useState<Read | null>(null);
  const newest = useRef(0);
  useEffect(() => {
    let asked = 0;
    const ask = (): void => {
      asked += 1;
      const mine = asked;
      void call('board', {}).then((reply) => {
        if (!reply.ok || mine < newest.current) return;
        newest.current = mine;
        setRead({ view: reply.value, at: Date.now() });
      });
    };
    ask();
    const timer = setInterval(ask, EVERY);
    const stop = bridge.onChanged(({ keys }) => {
      if (keys.some((key) => ['health', 'incidents', 'stores', 'estate', 'sources', 'degraded'].includes(key))) ask();
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, []);
  return read;
}

/** Theme and zone of headquarters, as they are set at the console. */
function useZoneAndLook(): string {
  const [zone, setZone] = useState(localZone);
  useEffect(() => {
    const ask = (): void =>
      void call('settings.get', {}).then((reply) => {
        if (!reply.ok) return;
        showLook(reply.value);
        setZone(reply.value.headquartersZone ?? localZone());
      });
    ask();
    return bridge.onChanged(({ keys }) => {
      if (keys.includes('settings')) ask();
    });
  }, []);
  return zone;
}

export function Board() {
  const read = useBoard();
  const zone = useZoneAndLook();
  const engine = useEngine((state) => state.state);
  const now = useNow();
  const { trueAt, warning } = standing(now, engine, read?.at ?? null, read === null ? null : read.view.heardAt);
  const link = read?.view.link;
  const cutOff = link?.state === 'cut-off' && link.since !== null && now - link.since > LIMIT;
  const band = warning !== null ? 'not-current' : cutOff ? 'cut-off' : 'none';
  useEffect(() => {
    if (read !== null) document.documentElement.dataset.ready = 'board';
  }, [read]);
  return (
    <main className={styles.board} data-stale={warning !== null || undefined}>
      <h1 className="visually-hidden">Big board</h1>
      {warning !== null && (
        <div className={styles.warning} role="alert">
          <b>NOT CURRENT.</b> {warning}
          {trueAt !== null && trueAt > 0 && (
            <>
              {' '}
              What you see was last true at {formatTime(trueAt, zone, { seconds: true })},{' '}
              {formatDuration(now - trueAt)} ago.
            </>
          )}
        </div>
      )}
      {band === 'cut-off' && <CutOff since={read!.view.link.since!} now={now} zone={zone} />}
      {read === null ? (
        <p className={styles.reading}>{warning === null ? 'Reading…' : ''}</p>
      ) : read.view.incidents.length === 0 && read.view.hurt.length === 0 ? (
        <Calm view={read.view} />
      ) : (
        <Hurt view={read.view} now={now} zone={zone} band={band} />
      )}
      <footer className={styles.foot}>
        <span>
          {trueAt === null || trueAt === 0 ? (
            'never true yet'
          ) : (
            <>
              last true <b data-true-at="">{formatTime(trueAt, zone, { seconds: true })}</b>
            </>
          )}
        </span>
        {read !== null && read.view.silent.length > 0 && (
          <span className={styles.silent}>
            not heard:{' '}
            {read.view.silent
              .slice(0, 3)
              .map(({ title }) => title)
              .join(', ')}
            {read.view.silent.length > 3 && ` and ${read.view.silent.length - 3} more`}
          </span>
        )}
        {read?.view.demonstration === true && <span className={styles.demonstration}>DEMONSTRATION</span>}
        <span className={styles.clock}>{formatTime(now, zone)}</span>
      </footer>
    </main>
  );
}

/** What others do is not seen here: said as loud as that nothing is, but what our own sources say still holds. */
function CutOff({ since, now, zone }: { since: number; now: number; zone: string }) {
  return (
    <div className={styles.cutOff} role="alert">
      <b>CUT OFF {formatDuration(now - since)}.</b> What the other consoles did since {formatWhen(since, zone, now)} is
      not here.
    </div>
  );
}

function Calm({ view }: { view: BoardView }) {
  return (
    <section className={styles.calm} aria-label="Nothing is hurt">
      <p className={styles.calmLine}>
        {view.businessServices === 0
          ? 'No business service is known.'
          : view.businessServices === 1
            ? 'The business service is healthy.'
            : `All ${view.businessServices} business services are healthy.`}
      </p>
      <p className={styles.second}>No incident is open.</p>
      {view.degraded.length > 0 && (
        <p className={styles.second}>Still degraded on purpose: {view.degraded.join(', ')}</p>
      )}
      {view.stores !== null && <p className={styles.second}>Stores: {sellingWords(view.stores.counts)}</p>}
    </section>
  );
}

function Hurt({ view, now, zone, band }: { view: BoardView; now: number; zone: string; band: keyof typeof BAND }) {
  const { incidents, hurt, rates, trend, stores, businessServices } = view;
  const second = incidents.length === 1 && incidents[0]!.title.length > ONE_LINE ? 1 : 0;
  const lines =
    HURT -
    2 * Math.max(0, Math.min(incidents.length, INCIDENTS) - 1) -
    (view.degraded.length > 0 ? 1 : 0) -
    second -
    BAND[band];
  return (
    <>
      <section className={styles.incidents} aria-label="Incidents">
        {incidents.length === 0 && <p className={styles.none}>No incident is declared</p>}
        {incidents.slice(0, INCIDENTS).map((incident) => (
          <article key={incident.label} className={styles.incident} data-alone={incidents.length === 1 || undefined}>
            <p className={styles.first}>
              <span className={styles.severity} data-severity={incident.severity}>
                {incident.severity}
              </span>
              {incident.disputed?.severity && (
                <b className={styles.nobody}>or {incident.disputed.severity.join(' or ')}?</b>
              )}
              <span className={styles.title}>{incident.title}</span>
              <span className={styles.lasting}>{formatDuration(Math.max(0, now - incident.startedAt))}</span>
            </p>
            <p className={styles.second}>
              {incident.label}
              {' · '}
              {incident.commander === null ? (
                <b className={styles.nobody}>nobody commands</b>
              ) : (
                <>
                  IC <b>{incident.commander}</b>
                  {incident.disputed?.commander && (
                    <b className={styles.nobody}>
                      {' '}
                      or {incident.disputed.commander.map((one) => one?.name ?? 'nobody').join(' or ')}? two command
                    </b>
                  )}
                </>
              )}
              {incident.soFar.map((sum) => (
                <span key={sum.currency}>
                  {' · '}
                  {loss(sum.likely, sum.currency)} so far
                  {spanWords(sum) !== null && ` (${spanWords(sum)})`}
                </span>
              ))}
              {incident.next !== null && (
                <span className={incident.next.at < now ? styles.over : undefined}>
                  {' · '}
                  {incident.next.at < now ? 'overdue ' : 'due in '}
                  {formatClock(Math.abs(incident.next.at - now))}: {incident.next.text}
                </span>
              )}
            </p>
          </article>
        ))}
        {incidents.length > INCIDENTS && (
          <p className={styles.second}>and {severityWords(incidents.slice(INCIDENTS))} more</p>
        )}
      </section>
      {view.degraded.length > 0 && (
        <p className={styles.second}>
          Degraded on purpose: <b>{view.degraded.slice(0, 3).join(', ')}</b>
          {view.degraded.length > 3 && ` and ${view.degraded.length - 3} more`}
        </p>
      )}
      <div className={styles.figures}>
        <section aria-label="What it costs">
          {rates.slice(0, 2).map((rate) => (
            <Rate key={rate.currency} rate={rate} />
          ))}
          {rates.length === 0 && <p className={styles.second}>No baseline of revenue: what it costs is not known.</p>}
          {trend !== null && (
            <p className={styles.second}>
              <b>{{ worse: '▲ getting worse', better: '▼ getting better', steady: '▶ steady' }[trend.direction]}</b>{' '}
              {trend.text}
            </p>
          )}
        </section>
        {stores !== null && (
          <section aria-label="Stores">
            <p className={styles.storesLine}>{sellingWords(stores.counts)}</p>
            <p className={styles.second}>
              {stores.hurtRegions.length === 0
                ? 'stores, no region in trouble'
                : `stores; in trouble: ${regionWords(stores.hurtRegions)}`}
            </p>
          </section>
        )}
      </div>
      <section className={styles.list} aria-label="What is hurt">
        {hurt.slice(0, lines).map((one) => (
          <p key={one.id} className={styles.hurt} data-health={one.health}>
            <HealthShape health={one.health} />
            <span className={styles.hurtName}>
              {one.name} <span className={styles.word}>{HEALTH_WORDS[one.health]}</span>
              {one.byHand && (
                <span className={styles.byHand}>
                  {' '}
                  by hand, until {formatTime(one.byHand.until, zone, { zoned: false })}: {one.byHand.reason}
                </span>
              )}
            </span>
            <span className={styles.hurtRate}>{one.rate === null ? '' : short(one.rate)}</span>
            <span className={styles.since}>
              {one.since === null ? '' : `since ${formatWhen(one.since, zone, now, { zoned: false })}`}
            </span>
          </p>
        ))}
        <p className={styles.second}>
          {hurt.length > lines && `${hurt.length - lines} more hurt · `}
          {businessServices - hurt.length} of {businessServices} business services healthy
        </p>
      </section>
    </>
  );
}

/** "€ 3,300–5,000"; null when both ends read the same. */
function spanWords(amount: Range & { currency: string }): string | null {
  const span = moneyBetween(amount, amount.currency);
  return span === null ? null : `${symbol(amount.currency)} ${span}`;
}

/** "Ireland West 11 of 14, Germany North 1 of 32". */
function regionWords(regions: NonNullable<BoardView['stores']>['hurtRegions']): string {
  const words = regions.slice(0, REGIONS).map(({ name, stores, total }) => `${name} ${stores} of ${total}`);
  const more = regions.length - words.length;
  return `${words.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** "2 SEV1, 3 SEV3". */
function severityWords(incidents: BoardView['incidents']): string {
  const counts = new Map<string, number>();
  for (const { severity } of incidents) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  return [...counts].map(([severity, count]) => `${count} ${severity}`).join(', ');
}

function short({ likely, high, currency, kind }: MoneyRateView): string {
  if (kind === 'unknown') return `≤ ${money(high, currency)}/min`;
  const text = loss(likely, currency);
  return text === 'none lost' ? text : `${text}/min`;
}

function Rate({ rate }: { rate: MoneyRateView }) {
  const span = spanWords(rate);
  if (rate.kind === 'unknown')
    return (
      <>
        <p className={styles.money}>cost unknown</p>
        <p className={styles.second}>at most {money(rate.high, rate.currency)} a minute</p>
      </>
    );
  const text = loss(rate.likely, rate.currency);
  return (
    <>
      <p className={styles.money}>{text === 'none lost' ? 'no money lost' : `${text}/min`}</p>
      <p className={styles.second}>
        {rate.kind}
        {span === null ? '' : `, ${span} a minute`}
      </p>
    </>
  );
}
