/** What probably started it, in three lines: the whole of it is on the incident and on the map. */
import type { CauseView } from '../../../shared/contract/cause.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import styles from './Cause.module.css';

const SHOWN = 3;
/** One more is asked for: where that is another fault, it is of more use than a third guess at the first one. */
const ASKED = SHOWN + 1;
const LEAD: Record<CauseView['lead'], string> = { clear: 'clear', likely: 'likely', open: 'possible' };

function chosen(candidates: readonly CauseView[]): CauseView[] {
  const shown = candidates.slice(0, SHOWN);
  const [first] = shown;
  const next = candidates[SHOWN];
  if (!first || !next || next.fault === first.fault || shown.some(({ fault }) => fault !== first.fault)) return shown;
  return [...shown.slice(0, -1), next];
}

export function Cause() {
  const go = useNavigation((state) => state.go);
  const now = useNow(10_000);
  const { value, error } = useQuery('cause', { limit: ASKED }, ['health', 'changes', 'estate']);
  if (value === undefined && error === null) return null;
  return (
    <Panel
      className={styles.panel}
      title="Probable cause"
      note={value?.candidates.length === 0 ? undefined : 'a suggestion; a person decides'}
    >
      <ErrorLine error={error} />
      {value !== undefined && (
        <List
          label="Probable cause"
          items={chosen(value.candidates)}
          keyOf={({ service }) => service.id}
          onOpen={({ service }) => go('map', { service: service.id })}
          render={({ service, health, lead, fault, onset, share, reasons, change }) => (
            <div className={styles.row}>
              <HealthMark health={health.health} word={false} />
              <span className={styles.what}>
                <b className={styles.name} title={service.name}>
                  {service.name}
                </b>
                <span className={styles.quiet}>
                  {fault > 1 && 'another fault, '}
                  {LEAD[lead]}
                  {onset !== null && `, for ${formatDuration(Math.max(0, now - onset))}`}, explains{' '}
                  {Math.round(share * 100)} %
                </span>
                <span className={styles.why}>{change?.title ?? reasons[0]?.text}</span>
              </span>
            </div>
          )}
          empty={<p className={styles.none}>{value.summary}</p>}
        />
      )}
    </Panel>
  );
}
