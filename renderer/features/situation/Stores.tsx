/** Who can still sell: one mark per store, by region, the hurt ones first. */
import type { Situation } from '../../../shared/contract/console.ts';
import type { Health } from '../../../shared/domain/words.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import styles from './Stores.module.css';

type Region = Situation['stores'][number];
type Count = 'failing' | 'degraded' | 'unknown' | 'healthy';

const ORDER: readonly Count[] = ['failing', 'degraded', 'unknown', 'healthy'];
const WORDS: Record<Count, string> = {
  failing: 'cannot sell',
  degraded: 'hindered',
  unknown: 'unknown',
  healthy: 'sell',
};
/** Above this many stores in a region marks would be too small: a bar with true proportions takes their place. */
const MOST_MARKS = 160;

export function Stores({ regions }: { regions: readonly Region[] }) {
  const go = useNavigation((state) => state.go);
  const sum = (count: Count): number => regions.reduce((total, region) => total + region[count], 0);
  const sorted = regions.toSorted(
    (a, b) =>
      b.failing - a.failing ||
      b.degraded - a.degraded ||
      b.unknown - a.unknown ||
      a.region.name.localeCompare(b.region.name),
  );
  return (
    <Panel
      className={styles.panel}
      title="Stores"
      note={
        regions.length > 0 ? (
          <span className={styles.counts}>
            {ORDER.toReversed()
              .filter((count) => sum(count) > 0)
              .map((count) => (
                <span key={count} className={styles.count}>
                  <HealthMark health={count} word={false} />
                  {sum(count)} <span className={styles.word}>{WORDS[count]}</span>
                </span>
              ))}
          </span>
        ) : undefined
      }
    >
      <List
        label="Stores by region"
        items={sorted}
        keyOf={({ region }) => region.id}
        onOpen={({ region }) => go('estate', { tab: 'stores', find: region.name })}
        render={(region) => <Row region={region} />}
        empty={
          <EmptyState
            title="No stores are known."
            text="They come with the catalog, each with its region, hours and store edge."
            action={<Button onClick={() => go('estate', { do: 'import' })}>Import catalog</Button>}
          />
        }
      />
    </Panel>
  );
}

function Row({ region }: { region: Region }) {
  const parts = ORDER.filter((count) => region[count] > 0);
  const hurt = parts.filter((count) => count !== 'healthy');
  return (
    <div className={styles.row}>
      <span className={styles.name} title={region.region.name}>
        {region.region.name}
      </span>
      <span className="visually-hidden">{hurt.map((count) => `${region[count]} ${WORDS[count]}`).join(', ')}</span>
      <span className={styles.marks} aria-hidden="true">
        {region.total <= MOST_MARKS
          ? parts.flatMap((count) =>
              Array.from({ length: region[count] }, (_, index) => (
                <i key={`${count}${index}`} data-health={count satisfies Health} />
              )),
            )
          : parts.map((count) => <b key={count} data-health={count} style={{ flexGrow: region[count] }} />)}
      </span>
      <span className={styles.said} title={hurt.map((count) => `${region[count]} ${WORDS[count]}`).join(', ')}>
        {hurt.length === 0 ? `all ${region.total} sell` : `${region.healthy} of ${region.total} sell`}
      </span>
    </div>
  );
}
