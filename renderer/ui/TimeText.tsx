/** A time of day with its zone, always. */
import { formatClock, formatDuration, formatTime, formatWhen, zoneName } from '../../shared/domain/times.ts';
import { useNow } from '../state/now.ts';
import { useZone } from '../state/zone.ts';
import { classes } from './classes.ts';
import styles from './Time.module.css';

export interface TimeTextProps {
  /** ms since 1970 UTC. */
  at: number;
  /** IANA zone; headquarters' when absent. */
  zone?: string;
  seconds?: boolean;
  className?: string;
}

/** "14:05 CET", with the day when it is not today. */
export function TimeText({ at, zone, seconds = false, className }: TimeTextProps) {
  const now = useNow(60_000);
  const headquarters = useZone();
  return (
    <time className={classes(styles.time, className)} dateTime={new Date(at).toISOString()}>
      {formatWhen(at, zone ?? headquarters, now, { seconds })}
    </time>
  );
}

/** The time it is now in a zone: "HQ 14:07 CET". */
export function Clock({ zone, label, seconds = false }: { zone: string; label?: string; seconds?: boolean }) {
  const now = useNow();
  return (
    <span className={styles.clock}>
      {label !== undefined && <span className={styles.quiet}>{label} </span>}
      <time dateTime={new Date(now).toISOString()} title={zone}>
        {formatTime(now, zone, { seconds, zoned: false })}
      </time>
      <span className={styles.quiet}> {zoneName(now, zone)}</span>
    </span>
  );
}

/** A length of time: fixed (`ms`), or running from an instant until another or now. */
export function Duration({
  ms,
  from,
  to,
  running = false,
}: {
  ms?: number;
  from?: number;
  to?: number | null;
  running?: boolean;
}) {
  const now = useNow();
  const value = ms ?? (to ?? now) - (from ?? now);
  return <span className={styles.clock}>{running ? formatClock(value) : formatDuration(Math.max(0, value))}</span>;
}
