/**
 * Actual against usual, with what was changed and decided meanwhile. Invariant: everything that the drawing shows can be read as
 * words and as a table; the drawing itself is loaded when it is first wanted.
 */
import { lazy, Suspense, useState } from 'react';
import type { CurveView } from '../../../shared/contract/impact.ts';
import { compact, scaleOf } from '../../../shared/domain/impact/money.ts';
import { formatDuration, formatTime } from '../../../shared/domain/times.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useZone } from '../../state/zone.ts';
import { Age } from '../../ui/Age.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import styles from './Curve.module.css';

const Chart = lazy(() => import('./CurveChart.tsx'));

export interface CurveProps {
  businessService: string;
  /** How far back, hours. */
  hours?: number;
  /** Pixels. */
  height?: number;
  /** Draws without the list of marks and the table, where the screen has no room. */
  bare?: boolean;
}

const MARK_WORDS = {
  change: 'change',
  decision: 'decision',
  declared: 'declared',
  resolved: 'resolved',
  correction: 'correction',
} as const;

export function Curve({ businessService, hours = 3, height = 200, bare = false }: CurveProps) {
  const { value, error } = useQuery('impact.curve', { businessService, hours }, [
    'health',
    'changes',
    'incidents',
    'estate',
  ]);
  const [table, setTable] = useState(false);
  const zone = useZone();
  if (value === undefined) return error === null ? <Skeleton rows={4} /> : <ErrorLine error={error} />;
  return (
    <figure className={styles.figure} aria-label={`${value.name}, actual against usual`}>
      <figcaption className={styles.caption}>
        <span className={styles.grow}>{inWords(value)}</span>
        {value.lastAt !== null && <Age at={value.lastAt} limit={60_000} />}
        {!bare && (
          <button type="button" className={styles.toggle} aria-pressed={table} onClick={() => setTable(!table)}>
            Table
          </button>
        )}
      </figcaption>
      {table ? (
        <Table curve={value} zone={zone} />
      ) : (
        <div aria-hidden="true" style={{ height }}>
          <Suspense fallback={<Skeleton rows={4} />}>
            <Chart curve={value} zone={zone} height={height} />
          </Suspense>
        </div>
      )}
      {!table && (
        <p className={styles.key}>
          <span className={styles.actual} /> actual <span className={styles.expected} /> usual{' '}
          <span className={styles.band} /> within the noise
        </p>
      )}
      {!bare && value.marks.length > 0 && (
        <ol className={styles.marks} aria-label="Marks">
          {value.marks.map((mark, index) => (
            <li key={`${mark.at} ${mark.kind} ${mark.id}`}>
              <span className={styles.number}>{index + 1}</span>
              <span className={styles.at}>{formatTime(mark.at, zone)}</span>
              <span>
                <span className={styles.kind}>{MARK_WORDS[mark.kind]}</span> {mark.title}
              </span>
            </li>
          ))}
        </ol>
      )}
      {!bare &&
        value.problems.map((problem) => (
          <p key={problem} className={styles.problem}>
            {problem}
          </p>
        ))}
    </figure>
  );
}

/** "Orders a minute, last 3 h: 28 now, usually 62 (54–70)." */
export function inWords(curve: CurveView): string {
  const { points, unit, from, to } = curve;
  const shown = (value: number) => compact(value / scaleOf(curve));
  const last = points.findLast(({ actual }) => actual !== null);
  const hours = Math.round((to - from) / 3_600_000);
  const usual = points.at(-1);
  const normally =
    usual?.expected == null
      ? 'no baseline'
      : `usually ${shown(usual.expected)} (${shown(usual.low ?? 0)}–${shown(usual.high ?? 0)})`;
  const now = last?.actual == null ? 'not measured' : `${shown(last.actual)} at last`;
  return `${unit} a minute, last ${hours < 1 ? formatDuration(to - from) : `${hours} h`}: ${now}, ${normally}`;
}

const ROWS = 36;

function Table({ curve, zone }: { curve: CurveView; zone: string }) {
  const every = Math.max(1, Math.ceil(curve.points.length / ROWS));
  const rows = curve.points.filter((_, index) => (curve.points.length - 1 - index) % every === 0).toReversed();
  const shown = (value: number) => compact(value / scaleOf(curve));
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${curve.name} as a table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Actual</th>
            <th scope="col">Usual</th>
            <th scope="col">Within the noise</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.at}>
              <th scope="row">{formatTime(point.at, zone)}</th>
              <td>{point.actual === null ? 'not measured' : shown(point.actual)}</td>
              <td>{point.expected === null ? '–' : shown(point.expected)}</td>
              <td>{point.low === null || point.high === null ? '–' : `${shown(point.low)}–${shown(point.high)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
