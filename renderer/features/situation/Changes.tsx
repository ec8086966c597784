/** What changed lately: the obvious suspect is looked at first. */
import type { ChangeView } from '../../../shared/contract/estate.ts';
import { formatDay, formatTime, zoneName } from '../../../shared/domain/times.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { summary } from './Incidents.tsx';
import styles from './Changes.module.css';

export function Changes({ changes }: { changes: readonly ChangeView[] }) {
  const go = useNavigation((state) => state.go);
  const zone = useZone();
  const now = useNow(60_000);
  return (
    <Panel className={styles.panel} title="Changes" note={changes.length > 0 ? zoneName(now, zone) : undefined}>
      <List
        label="Changes"
        items={changes}
        keyOf={({ id }) => id}
        glow
        onOpen={(change) => {
          const service = change.services[0];
          if (service !== undefined) go('map', { service: service.id });
        }}
        render={(change) => (
          <div className={styles.row}>
            <time className={styles.time} dateTime={new Date(change.at).toISOString()}>
              {formatTime(change.at, zone, { zoned: false })}
              {formatDay(change.at, zone, now) !== '' && (
                <span className={styles.quiet}>{formatDay(change.at, zone, now)}</span>
              )}
            </time>
            <span className={styles.what}>
              {change.title}
              <span className={styles.quiet}>
                {[change.kind, summary(change.services.map(({ name }) => name)), change.by, change.source]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
          </div>
        )}
        empty={
          <EmptyState
            title="No change is known."
            text="Deployments, configuration and vendor work appear here as sources report them or somebody records them."
          />
        }
      />
    </Panel>
  );
}
