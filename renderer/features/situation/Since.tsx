/** How long a health has been so. Unknown says since when nothing was heard, and what it last was. */
import type { HealthView } from '../../../shared/contract/common.ts';
import { formatDuration, formatWhen } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { HEALTH_WORDS } from '../../ui/words.ts';
import styles from './Since.module.css';

export function Since({ health }: { health: HealthView }) {
  const now = useNow();
  const zone = useZone();
  if (health.health === 'unknown') {
    const from = health.observedAt ?? health.since;
    return (
      <span
        className={styles.unknown}
        title={health.last === null ? undefined : `It was ${HEALTH_WORDS[health.last]} when it was last heard of.`}
      >
        {from === null ? 'never heard of' : `unknown since ${formatWhen(health.since ?? from, zone, now)}`}
      </span>
    );
  }
  if (health.health === 'healthy' || health.since === null) return null;
  return (
    <span
      className={styles.since}
      title={`${HEALTH_WORDS[health.health]} since ${formatWhen(health.since, zone, now, { seconds: true })}`}
    >
      {formatDuration(Math.max(0, now - health.since))}
    </span>
  );
}
