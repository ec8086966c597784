/** What the person must know about the console itself before trusting the screen: a full line, not a toast. */
import { useEngine } from '../bridge/useEngine.ts';
import { useQuery } from '../bridge/useQuery.ts';
import { MendedNotice } from '../features/record/MendedNotice.tsx';
import { TimeText } from '../ui/TimeText.tsx';
import styles from './Notices.module.css';

export function Notices() {
  const engine = useEngine();
  const { value: status, readAt } = useQuery('status', {}, ['status', 'sources', 'estate', 'settings']);
  const warnings = status?.warnings ?? [];
  return (
    <div className={styles.notices}>
      {engine.state === 'restarting' && (
        <p className={styles.notice} role="status">
          <b>Data engine restarting.</b> Nothing that was confirmed is lost. What you see
          {readAt === null ? (
            ' may be old'
          ) : (
            <>
              {' '}
              was read at <TimeText at={readAt} seconds />
            </>
          )}
          ; commands work again in a moment.
        </p>
      )}
      {status?.access.ended != null && (
        <p className={styles.notice} role="status">
          {status.access.ended}
        </p>
      )}
      {warnings.map((warning) => (
        <p key={warning} className={styles.notice}>
          {warning}
        </p>
      ))}
      <MendedNotice className={styles.notice} />
    </div>
  );
}
