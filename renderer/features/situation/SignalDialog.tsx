/** The signals behind a count: what, about what, since when, who says so. */
import type { ListedSignal } from '../../../shared/contract/board.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './SignalDialog.module.css';
import { TIER_HEALTH, TIER_WORDS, type Opened } from './tiers.ts';

export default function SignalDialog({ opened, onClose }: { opened: Opened; onClose(): void }) {
  const go = useNavigation((state) => state.go);
  const { value, error } = useQuery('signals', opened, ['health', 'estate']);
  const title = opened.tier === undefined ? 'Signals that match no service' : `Signals: ${TIER_WORDS[opened.tier]}`;
  const open = ({ about }: ListedSignal): void => {
    if (about === null) return;
    onClose();
    if (about.kind === 'service') go('map', { service: about.id });
    else go('estate', { tab: 'business', id: about.id });
  };
  return (
    <Dialog open size="wide" title={title} onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      {value === undefined ? (
        error === null ? (
          <Skeleton rows={6} />
        ) : (
          <ErrorLine error={error} />
        )
      ) : (
        <div className={styles.list}>
          <List
            label={title}
            items={value.signals}
            keyOf={({ id }) => id}
            onOpen={open}
            render={(signal) => (
              <div className={styles.row}>
                <HealthMark health={TIER_HEALTH[signal.tier]} word={false} />
                <span className={styles.what}>
                  <b>{signal.about?.name ?? 'matches no service'}</b> {signal.title}
                  <span className={styles.quiet}>
                    {[signal.text, `${signal.kind}, ${signal.source}`].filter(Boolean).join(' · ')}
                  </span>
                </span>
                <span className={styles.when}>
                  {signal.since !== null && <TimeText at={signal.since} />}
                  <span className={styles.quiet}>
                    seen <Age at={signal.observedAt} limit={60_000} />
                  </span>
                </span>
              </div>
            )}
            empty={<p className={styles.quiet}>Nothing of this kind is signalled now.</p>}
          />
        </div>
      )}
    </Dialog>
  );
}
