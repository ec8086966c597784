/**
 * Whom trouble at a service reaches: how many, who, and on request why. Invariant: the counts are of the whole estate,
 * whatever the lists show; certain and weakened are never added up; each thing leads to where it is shown.
 */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { BlastView, PathStep, Reached } from '../../../shared/contract/blast.ts';
import type { Health } from '../../../shared/domain/words.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation, type Place } from '../../state/navigation.ts';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import styles from './Reaches.module.css';

/** Rows of a list before the rest is asked for. */
const FIRST = 5;

export function Reaches({ service, onOpen }: { service: string; onOpen(service: string): void }) {
  const { value, error } = useQuery('blast', { services: [service], limit: 200 }, ['estate', 'health']);
  if (error !== null) return <ErrorLine error={error} />;
  if (value === undefined) return <p className={styles.quiet}>Following the dependencies…</p>;
  return <Lists key={service} view={value} onOpen={onOpen} />;
}

function Lists({ view, onOpen }: { view: BlastView; onOpen(service: string): void }) {
  const go = useNavigation((state) => state.go);
  const { counts } = view;
  const none =
    counts.services.certain + counts.services.weakened + counts.businessServices.certain + counts.stores.certain;
  if (none + counts.businessServices.weakened + counts.stores.weakened + counts.stopped === 0)
    return <p className={styles.quiet}>Nothing that is known depends on it.</p>;
  return (
    <>
      <p className={styles.sum}>
        <b>{count(counts.services.certain, 'service')}</b> for certain ({counts.services.direct} directly)
        {counts.services.weakened > 0 && <>, {counts.services.weakened} weakened by soft dependencies</>}
      </p>
      <List
        title="Business services"
        rows={view.businessServices}
        counts={counts.businessServices}
        to={({ id }) => go('estate', { tab: 'business', id })}
        mark={({ health }) => health}
      />
      <List
        title="Channels"
        rows={view.channels}
        counts={counts.channels}
        to={({ id }) => onOpen(id)}
        mark={({ health }) => health}
      />
      <List
        title={`Stores (of ${counts.stores.total.toLocaleString('en')})`}
        rows={view.stores}
        counts={counts.stores}
        to={({ id }) => go(...storePlace(id))}
        aside={({ region }) => region?.name}
      />
      {view.regions.length > 0 && (
        <p className={styles.sum}>
          <span className={styles.quiet}>Regions</span>{' '}
          {view.regions
            .map(({ name, stores, storesTotal }) =>
              storesTotal === 0 ? name : `${name} (${stores} of ${storesTotal} stores)`,
            )
            .join(', ')}
        </p>
      )}
      <List
        title="Services"
        rows={view.reached}
        counts={counts.services}
        to={({ id }) => onOpen(id)}
        mark={({ health }) => health}
      />
      {counts.stopped > 0 && (
        <details className={styles.stopped}>
          <summary>Stopped by a boundary: {counts.stopped.toLocaleString('en')}</summary>
          <ul>
            {view.stopped.slice(0, 50).map((stop) => (
              <li key={`${stop.kind} ${stop.id}`}>
                {stop.name} <span className={styles.quiet}>{stop.reason}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

const storePlace = (id: string): [Place['screen'], Place['params']] => ['stores', { store: id }];

function List<T extends Reached>({
  title,
  rows,
  counts,
  to,
  mark,
  aside,
}: {
  title: string;
  rows: readonly T[];
  counts: { certain: number; weakened: number };
  to(row: T): void;
  mark?(row: T): Health;
  aside?(row: T): ReactNode;
}) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const total = counts.certain + counts.weakened;
  if (total === 0) return null;
  const shown = all ? rows : rows.slice(0, FIRST);
  return (
    <section className={styles.list} aria-label={`Reaches: ${title}`}>
      <h4 className={styles.title}>
        {title} <b>{counts.certain.toLocaleString('en')}</b> certain
        {counts.weakened > 0 && <>, {counts.weakened.toLocaleString('en')} weakened</>}
      </h4>
      <ul>
        {shown.map((row) => (
          <li key={row.id}>
            <div className={styles.row}>
              <button type="button" className={styles.go} onClick={() => to(row)}>
                {mark && <HealthMark health={mark(row)} word={false} />}
                <span className={styles.name}>{row.name}</span>
              </button>
              <span className={styles.quiet}>
                {aside?.(row)} {row.certain ? 'certain' : 'weakened'}
                {row.onlyFor.length > 0 && <>, for {row.onlyFor.join('; ')} only</>}
              </span>
              <button
                type="button"
                className={styles.why}
                aria-expanded={open === row.id}
                aria-label={`Why ${row.name} is reached`}
                onClick={() => setOpen(open === row.id ? null : row.id)}
              >
                why
              </button>
            </div>
            {open === row.id && <Path path={row.path} />}
          </li>
        ))}
      </ul>
      {rows.length > FIRST && (
        <button type="button" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all
            ? 'Show fewer'
            : `Show ${rows.length < total ? `${rows.length} of ` : ''}all ${total.toLocaleString('en')}`}
        </button>
      )}
    </section>
  );
}

function Path({ path }: { path: readonly PathStep[] }) {
  return (
    <ol className={styles.path}>
      {path.map(({ id, name, needs }) => (
        <li key={id}>
          {name}
          {needs !== null && (
            <span className={styles.quiet}>
              {' '}
              needs ({needs.strength}, {needs.mode})
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

const count = (n: number, noun: string): string => `${n.toLocaleString('en')} ${n === 1 ? noun : `${noun}s`}`;
