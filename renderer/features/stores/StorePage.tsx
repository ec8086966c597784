/**
 * One store, in the order in which it is told on the phone: which store, can it sell, what works and what does not, what
 * waits, whom to call, what to do. Invariant: every line says who says so and how old that is.
 */
import type { StorePage as Page, StoreState } from '../../../shared/contract/stores.ts';
import { money } from '../../../shared/domain/impact/money.ts';
import { formatDuration, formatTime, formatWhen, offset } from '../../../shared/domain/times.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { PaneHead } from '../../ui/PaneHead.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SELLING_WORDS } from './model.ts';
import { SellingMark } from './SellingMark.tsx';
import styles from './StorePage.module.css';

type Fact = StoreState['wan'] | StoreState['fallback'] | StoreState['buffered'];

/** Age after which a line is drawn as stale, ms. */
const STALE = 60_000;

const PARTS = { wan: 'Line to headquarters', pos: 'Tills', edge: 'Store server' } as const;
const PART_WORDS = { works: 'works', hindered: 'hindered', down: 'down', unknown: 'unknown' } as const;
const PART_HEALTH = { works: 'healthy', hindered: 'degraded', down: 'failing', unknown: 'unknown' } as const;

export function StorePage({
  store,
  refused,
  onClose,
  onReport,
  onWithdraw,
}: {
  store: string;
  /** Why the last report or withdrawal was refused. */
  refused: string | null;
  onClose(): void;
  onReport(page: Page): void;
  onWithdraw(page: Page): void;
}) {
  const { value: page, error, retry } = useQuery('store.show', { store }, ['estate', 'health', 'stores', 'runbooks']);
  useKeys('This store', [{ keys: 'Escape', title: 'Close the store', run: onClose }]);
  if (page === undefined) return error === null ? <Skeleton rows={8} /> : <ErrorLine error={error} onRetry={retry} />;
  const { state } = page;
  const reported = [state.wan, state.pos, state.edge, state.fallback, state.buffered].some(
    ({ from }) => from === 'report',
  );
  return (
    <article className={styles.page} data-store-page={page.id}>
      <PaneHead
        title={page.number === null ? page.name : `${page.number} · ${page.name}`}
        note={[page.region?.name, page.country].filter(Boolean).join(', ')}
        onClose={onClose}
      />
      <p className={styles.phone}>{page.phone ?? <span className={styles.missing}>no number is known</span>}</p>
      <p className={styles.answer}>
        <SellingMark selling={state.selling} word={SELLING_WORDS[state.selling]} />
        <span className={styles.why}>{state.why}</span>
      </p>
      <Opening page={page} />
      <section>
        <h3 className={styles.heading}>What works and what does not</h3>
        <dl className={styles.facts}>
          {(['wan', 'pos', 'edge'] as const).map((part) => {
            const fact = state[part];
            const value = fact.value ?? 'unknown';
            return (
              <Row key={part} name={PARTS[part]} fact={fact}>
                <span className={styles.marked}>
                  <HealthMark health={PART_HEALTH[value]} word={false} />
                  <span data-part={part}>{PART_WORDS[value]}</span>
                </span>
                {fact.value === null && fact.last !== null && (
                  <span className={styles.quiet}> (last {PART_WORDS[fact.last]})</span>
                )}
              </Row>
            );
          })}
          <Row name="Sells from its own server" fact={state.fallback}>
            {state.fallback.value === null ? (
              <Unknown last={state.fallback.last === null ? null : state.fallback.last ? 'yes' : 'no'} />
            ) : (
              <b data-part="fallback">{state.fallback.value ? 'yes' : 'no'}</b>
            )}
          </Row>
          <Row name="Waiting to be sent" fact={state.buffered}>
            <Waiting state={state} />
          </Row>
        </dl>
      </section>
      {page.alike.stores > 1 && (
        <p className={styles.alike}>
          {page.alike.stores} of {page.alike.total} stores of {page.region?.name ?? 'no region'} are like this: look for
          a cause that they share.
        </p>
      )}
      <section>
        <h3 className={styles.heading}>Who to call</h3>
        {page.call.length === 0 && <p className={styles.quiet}>Nobody owns what it sells with.</p>}
        <ul className={styles.list}>
          {page.call.map(({ team, phone, onCall }) => (
            <li key={team.id}>
              <span className={styles.person}>
                {team.name} <span className={styles.number}>{phone ?? ''}</span>
              </span>
              {onCall.map((person) => (
                <span key={person.id} className={styles.person}>
                  <b>{person.name}</b> <span className={styles.quiet}>on call</span>{' '}
                  <span className={styles.number}>{person.phone ?? 'no number'}</span>
                </span>
              ))}
            </li>
          ))}
        </ul>
      </section>
      <Runbooks page={page} />
      <section>
        <h3 className={styles.heading}>Reported by people</h3>
        <div className={styles.actions}>
          <Button keys="r" onClick={() => onReport(page)}>
            Report
          </Button>
          {reported && (
            <Button variant="quiet" onClick={() => onWithdraw(page)}>
              Withdraw the report
            </Button>
          )}
        </div>
        <ErrorLine error={refused} />
        <Reports page={page} />
      </section>
    </article>
  );
}

function Opening({ page }: { page: Page }) {
  const now = useNow(60_000);
  const zone = useZone();
  const { open, openUntil } = page.state;
  const local = formatTime(now, page.timezone);
  const here = offset(now, page.timezone) === offset(now, zone) ? '' : ` (${formatTime(now, zone)} at headquarters)`;
  const words =
    open === null
      ? 'opening hours are not known'
      : open
        ? `open${openUntil === null ? ' around the clock' : ` until ${openUntil}`}`
        : `closed${openUntil === null ? '' : ` until ${openUntil}`}`;
  return (
    <p data-opening="">
      <b>{words}</b>
      <span className={styles.quiet}>
        {' '}
        · there it is {local}
        {here}
      </span>
    </p>
  );
}

function Row({ name, fact, children }: { name: string; fact: Fact; children: React.ReactNode }) {
  const zone = useZone();
  const now = useNow();
  return (
    <div className={styles.fact}>
      <dt className={styles.term}>{name}</dt>
      <dd className={styles.value}>
        <span>
          {children}
          {fact.since !== null && fact.value !== 'works' && fact.value !== false && typeof fact.value !== 'number' && (
            <span className={styles.since}> since {formatWhen(fact.since, zone, now)}</span>
          )}
        </span>
        <span className={styles.source}>
          {fact.from === 'report' && (
            <b>
              reported by {fact.by}: {fact.reason}
            </b>
          )}
          {fact.from === 'store' && <>measured at the store, {fact.source}</>}
          {fact.from === 'shared' && <>taken from {fact.reason}</>}
          {fact.from === 'none' && fact.reason}
          {fact.at !== null && (
            <>
              {' '}
              · <Age at={fact.at} limit={fact.from === 'report' ? undefined : STALE} />
            </>
          )}
          {fact.from === 'report' && fact.until !== null && <> · counts {left(fact.until, now)}</>}
        </span>
      </dd>
    </div>
  );
}

const left = (until: number, now: number): string =>
  until > now ? `for ${formatDuration(until - now)} more` : 'no more';

function Unknown({ last }: { last: string | null }) {
  return (
    <>
      <HealthMark health="unknown" />
      {last !== null && <span className={styles.quiet}> (last {last})</span>}
    </>
  );
}

function Waiting({ state }: { state: StoreState }) {
  const now = useNow();
  const { buffered, bufferedMinor, oldestAt, currency } = state;
  if (buffered.value === null) return <Unknown last={buffered.last === null ? null : String(buffered.last)} />;
  if (buffered.value === 0) return <>nothing</>;
  return (
    <>
      <b data-part="buffered">{buffered.value.toLocaleString('en')}</b>{' '}
      {buffered.value === 1 ? 'transaction' : 'transactions'}
      {bufferedMinor.value !== null && <>, {money(bufferedMinor.value, currency)}</>}
      {oldestAt.value !== null && <>, the oldest {formatDuration(Math.max(0, now - oldestAt.value))} old</>}
    </>
  );
}

function Runbooks({ page }: { page: Page }) {
  const go = useNavigation((navigation) => navigation.go);
  return (
    <section>
      <h3 className={styles.heading}>What to do</h3>
      {page.runbooks.length === 0 && <p className={styles.quiet}>No runbook is named for what it sells with.</p>}
      <ul className={styles.list}>
        {page.runbooks.map((runbook) => (
          <li key={runbook.id}>
            <button type="button" className={styles.link} onClick={() => go('runbooks', { runbook: runbook.id })}>
              {runbook.name}
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.services}>
        {page.services.map((service) => (
          <button
            key={service.id}
            type="button"
            className={styles.link}
            title={service.health.reason}
            onClick={() => go('map', { service: service.id })}
          >
            <HealthMark health={service.health.health} word={false} /> {service.name}
          </button>
        ))}
      </p>
    </section>
  );
}

function Reports({ page }: { page: Page }) {
  const zone = useZone();
  const now = useNow(60_000);
  if (page.reports.length === 0) return <p className={styles.quiet}>Nobody has reported anything on this store.</p>;
  return (
    <ul className={styles.list} aria-label="Reports">
      {page.reports.map((report) => (
        <li key={`${report.at} ${report.text}`}>
          <span className={styles.quiet}>
            {formatWhen(report.at, zone, now)} {report.by.name}
          </span>{' '}
          {report.text}
        </li>
      ))}
    </ul>
  );
}
