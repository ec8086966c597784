/** What nothing is known of, and since when: as loud as what is degraded. */
import type { Situation } from '../../../shared/contract/console.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import styles from './Unknown.module.css';

type Thing = Situation['unknown']['list'][number];

export function Unknown({ unknown }: { unknown: Situation['unknown'] }) {
  const { go } = useNavigation.getState();
  const zone = useZone();
  const now = useNow(60_000);
  const open = ({ kind, id }: Thing): void => {
    if (kind === 'service') go('map', { service: id });
    else if (kind === 'business-service') go('estate', { tab: 'business', id });
    else if (kind === 'stores') go('stores', { region: id, show: 'unknown' });
    else go('sources', { source: id });
  };
  // Business services that are not known stand in their own list, with since when.
  const list = unknown.list.filter(({ kind }) => kind !== 'business-service');
  if (list.length === 0) return null;
  return (
    <Panel
      className={styles.panel}
      title="Unknown"
      note={(unknown.total - (unknown.list.length - list.length)).toLocaleString('en')}
    >
      <List
        label="Unknown"
        items={list}
        keyOf={({ kind, id }) => `${kind} ${id}`}
        onOpen={open}
        render={({ name, since, reason }) => (
          <div className={styles.row} title={reason}>
            <HealthMark health="unknown" word={false} />
            <span className={styles.name}>{name}</span>
            <span className={styles.since}>
              {since === null ? 'never heard' : `since ${formatWhen(since, zone, now, { zoned: false })}`}
            </span>
          </div>
        )}
      />
    </Panel>
  );
}
