/** Which updates are owed, in the room's first column: one line for each audience that waits, the most overdue first. */
import type { Audience } from '../../../shared/domain/words.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { List } from '../../ui/List.tsx';
import { dueWords } from './due.ts';
import styles from './Updates.module.css';

export function UpdatesDue({ incident, onOpen }: { incident: string; onOpen(audience: Audience | null): void }) {
  const { value } = useQuery('update.list', { incident }, ['incidents']);
  const now = useNow(1000);
  if (value === undefined) return null;
  const owed = value.audiences
    .filter(
      ({ dueAt, draft, sent }) =>
        dueAt !== null || draft !== null || sent.some((one) => one.delivery?.state === 'waiting'),
    )
    .toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
  return (
    <section className={styles.owed} aria-label="Updates due">
      <h4 className={styles.heading}>
        <span className={styles.grow}>Updates</span>
        <Button variant="quiet" keys="u" onClick={() => onOpen(null)}>
          Write
        </Button>
      </h4>
      <List
        label="Updates due"
        items={owed}
        keyOf={({ audience }) => audience}
        onOpen={({ audience }) => onOpen(audience)}
        empty={<p className={styles.none}>Nobody waits for word.</p>}
        render={(one) => (
          <span className={styles.line} data-over={(one.dueAt !== null && one.dueAt < now) || undefined}>
            <span className={styles.grow}>
              {one.name}
              {one.draft !== null && (
                <span className={styles.quiet}> · draft{one.draft.review?.current ? ', reviewed' : ''}</span>
              )}
            </span>
            <span className={styles.clock}>{dueWords(one, now)}</span>
          </span>
        )}
      />
    </section>
  );
}
