/** Cells that several lists of the estate share. */
import { Age } from '../../ui/Age.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { HealthNote } from '../../ui/HealthNote.tsx';
import { HEALTH_ORDER, HEALTH_WORDS } from '../../ui/words.ts';
import type { HealthView } from '../../../shared/contract/common.ts';
import type { Health } from '../../../shared/domain/words.ts';
import type { Column } from '../../ui/DataTable.tsx';
import styles from './cells.module.css';

/** Age after which a health is drawn as stale, ms. */
const STALE = 5 * 60_000;

export const Quiet = ({ children }: { children: React.ReactNode }) => <span className={styles.quiet}>{children}</span>;

/** What is missing and should not be. */
export const Missing = ({ children }: { children: React.ReactNode }) => (
  <span className={styles.missing}>{children}</span>
);

export function orDash(text: string | null | undefined) {
  return text === null || text === undefined || text === '' ? <Quiet>–</Quiet> : <span title={text}>{text}</span>;
}

/** A number to call, so that it can be read aloud and copied. */
export function Phone({ number }: { number: string | null }) {
  return number === null ? <Missing>no number</Missing> : <span className={styles.phone}>{number}</span>;
}

/** Health, then why, then how old that is. */
export function healthColumns<T>(of: (row: T) => HealthView): Column<T>[] {
  return [
    {
      id: 'health',
      title: 'Health',
      width: '132px',
      sort: (row) => HEALTH_ORDER.indexOf(of(row).health),
      cell: (row) => <HealthMark health={of(row).health} />,
    },
  ];
}

export function whyColumn<T>(of: (row: T) => HealthView): Column<T> {
  return {
    id: 'why',
    title: 'Why',
    width: 'minmax(160px, 2fr)',
    cell: (row) => {
      const health = of(row);
      return (
        <span title={health.reason}>
          <HealthNote health={health} short /> {health.reason}
          {health.last !== null && <Quiet> (last {HEALTH_WORDS[health.last]})</Quiet>}
        </span>
      );
    },
  };
}

export function seenColumn<T>(of: (row: T) => HealthView): Column<T> {
  return {
    id: 'seen',
    title: 'Seen',
    width: '104px',
    sort: (row) => of(row).observedAt,
    cell: (row) => <Age at={of(row).observedAt} limit={STALE} />,
  };
}

/** The filter for a column of healths. */
export const HEALTH_FILTER: readonly { value: Health | 'any' | 'hurt'; label: string }[] = [
  { value: 'any', label: 'Any health' },
  { value: 'hurt', label: 'Not healthy' },
  ...HEALTH_ORDER.map((health) => ({ value: health, label: HEALTH_WORDS[health] })),
];
export type HealthFilter = (typeof HEALTH_FILTER)[number]['value'];

export function passes(filter: HealthFilter, { health, maintenance }: HealthView): boolean {
  return filter === 'any' || (filter === 'hurt' ? health !== 'healthy' && !maintenance?.hides : health === filter);
}

/** "15 min", "4 h", "2 d". */
export function objective(minutes: number | null): string | null {
  if (minutes === null) return null;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${Math.round((minutes / 60) * 10) / 10} h` : `${Math.round((minutes / 1440) * 10) / 10} d`;
}
