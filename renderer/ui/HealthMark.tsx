/** Health as shape, word and colour. Healthy is quiet; unknown is hatched and as visible as degraded. */
import type { Health } from '../../shared/domain/words.ts';
import { classes } from './classes.ts';
import styles from './HealthMark.module.css';
import { HEALTH_WORDS } from './words.ts';

export interface HealthMarkProps {
  health: Health;
  /** Without the word the shape alone shows; the word is then read to screen readers. */
  word?: boolean;
  size?: 'text' | 'large';
  className?: string;
}

export function HealthMark({ health, word = true, size = 'text', className }: HealthMarkProps) {
  return (
    <span className={classes(styles.mark, className)} data-health={health} data-size={size}>
      <HealthShape health={health} />
      <span className={word ? styles.word : 'visually-hidden'}>{HEALTH_WORDS[health]}</span>
    </span>
  );
}

/** The shape alone, in the current colour of its surroundings' `data-health`; say the word beside it. */
export function HealthShape({ health }: { health: Health }) {
  return (
    <svg className={styles.shape} viewBox="0 0 12 12" aria-hidden="true" data-health={health}>
      {health === 'healthy' && <circle cx="6" cy="6" r="3.5" fill="currentColor" />}
      {health === 'early-warning' && (
        <>
          <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M6 1.25a4.75 4.75 0 0 0 0 9.5z" fill="currentColor" />
        </>
      )}
      {health === 'degraded' && <path d="M6 .8 11.6 11H.4z" fill="currentColor" />}
      {health === 'failing' && <rect x="1" y="1" width="10" height="10" fill="currentColor" />}
      {health === 'unknown' && (
        <>
          <path
            d="M3.1 4a2.9 2.9 0 1 1 4.3 2.55C6.4 7.1 6 7.6 6 8.5"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.9"
          />
          <circle cx="6" cy="11" r="1.15" fill="currentColor" />
        </>
      )}
    </svg>
  );
}
