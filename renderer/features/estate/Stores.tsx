/** Every store: whether it is open by its own clock, how its systems are, and the number to call. */
import { useMemo, useState } from 'react';
import type { StoreView } from '../../../shared/contract/estate.ts';
import { formatTime } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Select } from '../../ui/Select.tsx';
import {
  HEALTH_FILTER,
  healthColumns,
  orDash,
  passes,
  Phone,
  Quiet,
  seenColumn,
  whyColumn,
  type HealthFilter,
} from './cells.tsx';
import { fits, Listing } from './Listing.tsx';

const health = (row: StoreView) => row.health;

export function Stores({ stores, find = '' }: { stores: readonly StoreView[]; find?: string }) {
  const now = useNow(60_000);
  const [query, setQuery] = useState(find);
  const [filter, setFilter] = useState<HealthFilter>('any');
  const [region, setRegion] = useState('any');
  const regions = useMemo(
    () =>
      [...new Map(stores.flatMap(({ region: one }) => (one ? [[one.id, one.name] as const] : [])))].sort((a, b) =>
        a[1].localeCompare(b[1]),
      ),
    [stores],
  );
  const rows = useMemo(
    () =>
      stores.filter(
        (store) =>
          passes(filter, store.health) &&
          (region === 'any' || store.region?.id === region) &&
          fits(query, [store.name, store.id, store.region?.name, store.country, store.phone]),
      ),
    [stores, filter, region, query],
  );
  const columns = useMemo(() => columnsFor(now), [now]);
  return (
    <Listing
      label="Stores"
      searches="Name, region, country, phone"
      query={query}
      onQuery={setQuery}
      filters={
        <>
          <Select<HealthFilter> label="Health" hideLabel options={HEALTH_FILTER} value={filter} onChange={setFilter} />
          <Select
            label="Region"
            hideLabel
            options={[{ value: 'any', label: 'Any region' }, ...regions.map(([value, label]) => ({ value, label }))]}
            value={region}
            onChange={setRegion}
          />
        </>
      }
      columns={columns}
      rows={rows}
      total={stores.length}
      keyOf={(store) => store.id}
      initialSort="health"
      none="No store is known."
    />
  );
}

function columnsFor(now: number): Column<StoreView>[] {
  return [
    ...healthColumns(health),
    {
      id: 'name',
      title: 'Store',
      width: 'minmax(160px, 2fr)',
      sort: (row) => row.name,
      cell: (row) => <strong title={row.id}>{row.name}</strong>,
    },
    {
      id: 'region',
      title: 'Region',
      width: 'minmax(110px, 1fr)',
      sort: (row) => row.region?.name ?? null,
      cell: (row) => orDash(row.region?.name),
    },
    {
      id: 'open',
      title: 'Now',
      width: '92px',
      sort: (row) => (row.open === null ? null : row.open ? 0 : 1),
      cell: (row) => (row.open === null ? <Quiet>unknown</Quiet> : row.open ? 'open' : <Quiet>closed</Quiet>),
    },
    {
      id: 'clock',
      title: 'Its clock',
      width: '104px',
      sort: (row) => row.timezone,
      cell: (row) => <Quiet>{formatTime(now, row.timezone)}</Quiet>,
    },
    { id: 'phone', title: 'Phone', width: '152px', cell: (row) => <Phone number={row.phone} /> },
    {
      id: 'share',
      title: 'Share',
      width: '76px',
      align: 'end',
      sort: (row) => row.share,
      cell: (row) => (row.share === null ? <Quiet>–</Quiet> : `${(row.share * 100).toFixed(2)} %`),
    },
    whyColumn(health),
    seenColumn(health),
  ];
}
