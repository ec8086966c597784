/** What has to stand beside a health wherever it shows: that it is a person's word, and that work was announced. */
import type { HealthView } from '../../shared/contract/common.ts';
import styles from './HealthNote.module.css';
import { TimeText } from './TimeText.tsx';

export interface HealthNoteProps {
  health: Pick<HealthView, 'byHand' | 'maintenance'>;
  /** Without names and times, for narrow cells. */
  short?: boolean;
}

/** Nothing when neither is so. */
export function HealthNote({ health: { byHand, maintenance }, short = false }: HealthNoteProps) {
  if (!byHand && !maintenance) return null;
  return (
    <span className={styles.notes}>
      {byHand && (
        <span className={styles.note} title={`${byHand.by.name}: ${byHand.reason}`}>
          by hand
          {!short && (
            <>
              , {byHand.by.name}, until <TimeText at={byHand.until} />
            </>
          )}
        </span>
      )}
      {maintenance && (
        <span
          className={styles.note}
          title={
            maintenance.hides
              ? `${maintenance.title}: what it reports meanwhile is expected`
              : `${maintenance.title}: customers may feel it, so it counts`
          }
        >
          {maintenance.hides ? 'in maintenance' : 'in maintenance, and counts'}
          {!short && (
            <>
              {' '}
              until <TimeText at={maintenance.until} />
            </>
          )}
        </span>
      )}
    </span>
  );
}
