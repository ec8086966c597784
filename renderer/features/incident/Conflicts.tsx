/** What is contested in this incident, above everything else, until somebody keeps one answer of each. */
import { useQuery } from '../../bridge/useQuery.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { ConflictList } from '../conflicts/ConflictList.tsx';
import styles from './Conflicts.module.css';
import { useRoom } from './room.ts';

export function Conflicts() {
  const { incident } = useRoom();
  const { value } = useQuery('conflicts', incident.conflicts === 0 ? null : { incident: incident.id, limit: 1000 }, [
    `incident:${incident.id}`,
  ]);
  if (incident.conflicts === 0 || value === undefined || value.conflicts.length === 0) return null;
  return (
    <section className={styles.band} aria-label="Conflicts">
      <p className={styles.hint}>
        <Kbd keys="c" /> goes there, a number keeps that answer
      </p>
      <ConflictList conflicts={value.conflicts} />
    </section>
  );
}
