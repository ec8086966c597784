/** How long ago something was last true. Past its limit it turns hatched: stale is drawn, not only said. */
import { formatDuration, formatWhen } from '../../shared/domain/times.ts';
import { useNow } from '../state/now.ts';
import { useZone } from '../state/zone.ts';
import { classes } from './classes.ts';
import styles from './Time.module.css';

export interface AgeProps {
  /** ms since 1970 UTC; null when it never was. */
  at: number | null;
  /** ms after which it counts as stale. */
  limit?: number;
  /** What stands after the age; "ago" unless told. */
  suffix?: string;
  className?: string;
}

export function Age({ at, limit, suffix = 'ago', className }: AgeProps) {
  const now = useNow();
  const zone = useZone();
  if (at === null) return <span className={classes(styles.quiet, className)}>never</span>;
  const age = now - at;
  const stale = limit !== undefined && age > limit;
  return (
    <time
      className={classes(styles.quiet, stale && styles.stale, className)}
      dateTime={new Date(at).toISOString()}
      title={formatWhen(at, zone, now, { seconds: true })}
    >
      {age < 1000 ? 'now' : `${formatDuration(age)} ${suffix}`.trim()}
    </time>
  );
}
