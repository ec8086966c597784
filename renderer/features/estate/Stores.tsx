/** Every store: whether it is open by its own clock, how its systems are, and the number to call. */
import { useMemo, useState } from 'react';
import type { StoreView } from '../../../shared/contract/estate.ts';
import { formatTime, offset } from '../../../shared/domain/times.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { Select } from '../../ui/Select.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import {
  HEALTH_FILTER,
  healthColumns,
  Missing,
  orDash,
  passes,
  Phone,
  Quiet,
  seenColumn,
  whyColumn,
  type HealthFilter,
} from './cells.tsx';
import { Details, styles } from './Details.tsx';
import { fits, Listing } from './Listing.tsx';

const health = (row: StoreView) => row.health;

export function Stores({
  stores,
  selected,
  find = '',
}: {
  stores: readonly StoreView[];
  selected: string | null;
  find?: string;
}) {
  const replace = useNavigation((state) => state.replace);
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
  const shown = stores.find(({ id }) => id === selected);
  return (
    <SplitPane
      id="stores"
      label={shown?.name ?? 'the store'}
      initial={400}
      first={
        <Listing
          label="Stores"
          searches="Name, region, country, phone"
          query={query}
          onQuery={setQuery}
          filters={
            <>
              <Select<HealthFilter>
                label="Health"
                hideLabel
                options={HEALTH_FILTER}
                value={filter}
                onChange={setFilter}
              />
              <Select
                label="Region"
                hideLabel
                options={[
                  { value: 'any', label: 'Any region' },
                  ...regions.map(([value, label]) => ({ value, label })),
                ]}
                value={region}
                onChange={setRegion}
              />
            </>
          }
          columns={columns}
          rows={rows}
          total={stores.length}
          keyOf={(store) => store.id}
          onOpen={(store) => replace({ tab: 'stores', id: store.id })}
          selected={selected}
          initialSort="health"
          none="No store is known."
        />
      }
      second={shown && <Store store={shown} now={now} onClose={() => replace({ tab: 'stores' })} />}
    />
  );
}

/** The time in a store, and at headquarters where clocks show another. */
function clocks(now: number, there: string, here: string): string {
  const its = formatTime(now, there);
  return offset(now, there) === offset(now, here) ? its : `${its} (${formatTime(now, here)} at headquarters)`;
}

const DAYS = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
] as const;

function Store({ store, now, onClose }: { store: StoreView; now: number; onClose(): void }) {
  const go = useNavigation((state) => state.go);
  const zone = useZone();
  return (
    <Details title={store.name} onClose={onClose}>
      <p>
        <HealthMark health={store.health.health} /> {store.health.reason}
      </p>
      <p className={styles.phone}>{store.phone ?? <Missing>no number</Missing>}</p>
      <Facts
        facts={[
          { name: 'Region', value: orDash(store.region?.name) },
          { name: 'Country', value: orDash(store.country) },
          {
            name: 'Now',
            value: `${clocks(now, store.timezone, zone)}, ${store.open === null ? 'hours unknown' : store.open ? 'open' : 'closed'}`,
          },
          ...DAYS.filter(([day]) => store.hours[day] !== undefined).map(([day, name]) => ({
            name,
            value: store.hours[day]!.join(', ') || 'closed',
          })),
        ]}
      />
      <h3 className={styles.heading}>Sells with</h3>
      {store.services.length === 0 ? (
        <p className={styles.quiet}>No service is mapped to it, so nothing is known of its health.</p>
      ) : (
        <ul className={styles.list}>
          {store.services.map((service) => (
            <li key={service.id}>
              <button type="button" className={styles.link} onClick={() => go('map', { service: service.id })}>
                {service.name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Details>
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
      width: '128px',
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
