/** Who can still sell, by region: one mark per store, the hurt ones first. The shapes are those of the Stores screen. */
import type { Situation } from '../../../shared/contract/console.ts';
import { closedWords, LOUDEST_SELLING } from '../../../shared/domain/selling.ts';
import type { Selling } from '../../../shared/domain/stores.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SELLING_WORDS } from '../stores/model.ts';
import { SellingShape } from '../stores/SellingMark.tsx';
import styles from './Stores.module.css';

type Region = Situation['stores'][number];

/** Above this many stores in a region marks would be too small: a bar with true proportions takes their place. */
const MOST_MARKS = 160;

export function Stores({ answer, regions }: { answer: string; regions: readonly Region[] }) {
  const go = useNavigation((state) => state.go);
  const loud = (region: Region): number =>
    region.cannot * 1e6 +
    (region.hindered + region.unknown) * 1e3 +
    region.fallback +
    region.closedHurt +
    region.closedUnknown;
  const sorted = regions.toSorted((a, b) => loud(b) - loud(a) || a.region.name.localeCompare(b.region.name));
  return (
    <Panel
      className={styles.panel}
      title="Stores"
      note={
        regions.length > 0 ? (
          <span className={styles.answer} title={answer}>
            {answer}
          </span>
        ) : undefined
      }
    >
      <List
        label="Stores by region"
        items={sorted}
        keyOf={({ region }) => region.id}
        onOpen={({ region }) => go('stores', { region: region.id })}
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
  const parts = LOUDEST_SELLING.filter((selling) => region[selling] > 0);
  const hurt = parts.filter((selling) => selling !== 'sells');
  const said = hurt.map(
    (selling) => `${region[selling]} ${selling === 'fallback' ? 'on their own' : SELLING_WORDS[selling]}`,
  );
  if (region.closed > 0) said.push(closedWords(region));
  return (
    <div className={styles.row}>
      <span className={styles.name} title={region.region.name}>
        {region.region.name}
      </span>
      <span className={styles.marks} aria-hidden="true">
        {region.total <= MOST_MARKS
          ? parts.flatMap((selling) =>
              Array.from({ length: region[selling] }, (_, index) => (
                <SellingShape key={`${selling}${index}`} selling={selling} />
              )),
            )
          : parts.map((selling) => <Bar key={selling} selling={selling} count={region[selling]} />)}
        {region.total <= MOST_MARKS &&
          Array.from({ length: region.closed }, (_, index) => (
            <i
              key={index}
              className={styles.closed}
              data-hurt={index < region.closedHurt || undefined}
              data-unknown={index >= region.closed - region.closedUnknown || undefined}
            />
          ))}
      </span>
      <span className={styles.said} title={said.join(', ')}>
        {said.length === 0 ? `all ${region.total} sell` : said.join(', ')}
      </span>
    </div>
  );
}

function Bar({ selling, count }: { selling: Selling; count: number }) {
  return <b data-selling={selling} style={{ flexGrow: count }} />;
}
