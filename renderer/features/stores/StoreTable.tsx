/** The same stores as a table: for sorting, and for whoever reads rows better than a picture. */
import { useMemo } from 'react';
import type { StoreCell } from '../../../shared/contract/stores.ts';
import { LOUDEST_SELLING } from '../../../shared/domain/selling.ts';
import type { PartState } from '../../../shared/domain/stores.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import { Age } from '../../ui/Age.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { SELLING_WORDS, type Block } from './model.ts';
import { SellingMark } from './SellingMark.tsx';
import styles from './StorePage.module.css';

const PART_HEALTH = { works: 'healthy', hindered: 'degraded', down: 'failing', unknown: 'unknown' } as const;
const RANK: Record<PartState, number> = { down: 0, hindered: 1, unknown: 2, works: 3 };
/** Age after which what was heard is drawn as stale, ms. */
const STALE = 60_000;

export default function StoreTable({
  blocks,
  selected,
  onOpen,
  onActive,
}: {
  blocks: readonly Block[];
  selected: string | null;
  onOpen(id: string): void;
  onActive(id: string): void;
}) {
  const now = useNow(10_000);
  const rows = useMemo(() => blocks.flatMap(({ stores }) => stores), [blocks]);
  const regions = useMemo(() => new Map(blocks.map(({ id, name }) => [id, name])), [blocks]);
  const columns = useMemo((): Column<StoreCell>[] => {
    const part = (id: 'wan' | 'pos' | 'edge', title: string): Column<StoreCell> => ({
      id,
      title,
      width: '104px',
      sort: (row) => RANK[row[id]],
      cell: (row) => (
        <span className={styles.marked}>
          <HealthMark health={PART_HEALTH[row[id]]} word={false} />
          {row[id]}
        </span>
      ),
    });
    return [
      {
        id: 'selling',
        title: 'Can sell',
        width: '204px',
        sort: (row) => LOUDEST_SELLING.indexOf(row.selling),
        cell: (row) => <SellingMark selling={row.selling} word={SELLING_WORDS[row.selling]} />,
      },
      { id: 'number', title: 'No.', width: '80px', sort: (row) => row.number, cell: (row) => row.number ?? '–' },
      {
        id: 'name',
        title: 'Store',
        width: 'minmax(140px, 2fr)',
        sort: (row) => row.name,
        cell: (row) => <strong title={row.name}>{row.name}</strong>,
      },
      {
        id: 'region',
        title: 'Region',
        width: 'minmax(96px, 1fr)',
        sort: (row) => regions.get(row.region ?? '') ?? null,
        cell: (row) => regions.get(row.region ?? '') ?? '–',
      },
      {
        id: 'open',
        title: 'Now',
        width: '72px',
        sort: (row) => (row.open === null ? null : Number(!row.open)),
        cell: (row) => (row.open === null ? '–' : row.open ? 'open' : 'closed'),
      },
      part('wan', 'Line'),
      part('pos', 'Tills'),
      part('edge', 'Server'),
      {
        id: 'buffered',
        title: 'Waiting',
        width: '84px',
        align: 'end',
        sort: (row) => row.buffered,
        cell: (row) => row.buffered?.toLocaleString('en') ?? '–',
      },
      {
        id: 'oldest',
        title: 'Oldest',
        width: '84px',
        align: 'end',
        sort: (row) => row.oldestAt,
        cell: (row) => (row.oldestAt === null ? '–' : formatDuration(Math.max(0, now - row.oldestAt))),
      },
      {
        id: 'heard',
        title: 'Heard',
        width: '112px',
        sort: (row) => row.heardAt,
        cell: (row) => <Age at={row.heardAt} limit={STALE} />,
      },
    ];
  }, [regions, now]);
  return (
    <DataTable
      label="Stores"
      columns={columns}
      rows={rows}
      keyOf={(row) => row.id}
      onOpen={(row) => onOpen(row.id)}
      onActive={(row) => onActive(row.id)}
      selected={selected}
      initialSort="selling"
      main
    />
  );
}
