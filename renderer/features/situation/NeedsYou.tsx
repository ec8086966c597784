/** What waits for a person, the most urgent first. The number beside each is its key. */
import type { NeedsYou as Need } from '../../../shared/contract/console.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import styles from './NeedsYou.module.css';

/** Goes to where a need can be met. */
export function openNeed(need: Need): void {
  const { go } = useNavigation.getState();
  if (need.kind === 'digest') go('digest');
  else if (need.kind === 'conflict') go('conflicts', { key: need.id });
  else if (need.kind.startsWith('grant'))
    go('breakglass', need.id.startsWith('grant:') ? { grant: need.id.slice(6) } : {});
  else if (need.incident !== null) go('incident', { incident: need.incident });
  else if (need.kind === 'source-down') go('sources');
  else if (need.kind === 'console') go('link');
  else if (need.kind === 'unowned') go('estate', { tab: 'services' });
  else go('incidents');
}

export function NeedsYou({ needs }: { needs: readonly Need[] }) {
  const now = useNow();
  return (
    <Panel
      className={styles.panel}
      title="Needs you"
      note={needs.length > 0 ? needs.length.toLocaleString('en') : undefined}
    >
      <List
        label="Needs you"
        items={needs}
        keyOf={({ id }) => id}
        glow
        onOpen={openNeed}
        render={(need) => {
          const index = needs.indexOf(need);
          return (
            <div className={styles.row}>
              <span className={styles.number}>{index < 9 ? <Kbd keys={String(index + 1)} /> : null}</span>
              <span className={styles.text}>{need.text}</span>
              {need.at !== null && (
                <span className={styles.when} data-over={need.at < now || undefined}>
                  {need.at < now ? `${formatDuration(now - need.at)} ago` : `in ${formatDuration(need.at - now)}`}
                </span>
              )}
            </div>
          );
        }}
        empty={<p className={styles.none}>Nothing waits for you.</p>}
      />
    </Panel>
  );
}
