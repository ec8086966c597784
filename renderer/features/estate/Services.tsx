/** Every technical service: how it is, who owns it, what it is. */
import { useMemo, useState } from 'react';
import type { ServiceLite } from '../../../shared/contract/estate.ts';
import type { Domain } from '../../../shared/domain/words.ts';
import { useNavigation } from '../../state/navigation.ts';
import type { Column } from '../../ui/DataTable.tsx';
import { Select } from '../../ui/Select.tsx';
import { DOMAIN_WORDS, KIND_WORDS } from '../../ui/words.ts';
import {
  HEALTH_FILTER,
  healthColumns,
  Missing,
  orDash,
  passes,
  seenColumn,
  whyColumn,
  type HealthFilter,
} from './cells.tsx';
import { fits, Listing } from './Listing.tsx';

const health = (row: ServiceLite) => row.health;

const COLUMNS: readonly Column<ServiceLite>[] = [
  ...healthColumns(health),
  {
    id: 'name',
    title: 'Service',
    width: 'minmax(160px, 2fr)',
    sort: (row) => row.name,
    cell: (row) => <strong title={row.id}>{row.name}</strong>,
  },
  {
    id: 'kind',
    title: 'Kind',
    width: '128px',
    sort: (row) => KIND_WORDS[row.kind],
    cell: (row) => KIND_WORDS[row.kind],
  },
  { id: 'tier', title: 'Tier', width: '64px', sort: (row) => row.tier, cell: (row) => orDash(row.tier?.toString()) },
  {
    id: 'owner',
    title: 'Owner',
    width: 'minmax(120px, 1fr)',
    sort: (row) => row.owner?.name ?? null,
    cell: (row) => row.owner?.name ?? <Missing>nobody owns it</Missing>,
  },
  {
    id: 'domain',
    title: 'Domain',
    width: 'minmax(112px, 1fr)',
    sort: (row) => row.domain,
    cell: (row) => orDash(row.domain && DOMAIN_WORDS[row.domain]),
  },
  whyColumn(health),
  seenColumn(health),
];

const REGION: Column<ServiceLite> = {
  id: 'region',
  title: 'Region',
  width: '96px',
  sort: (row) => row.region,
  cell: (row) => orDash(row.region),
};

/** Behind every tier. */
const LEAST = 99;
const { compare } = new Intl.Collator('en');
/** Among equals what matters most stands first, and can be found by its name. */
const byWeight = (a: ServiceLite, b: ServiceLite): number =>
  (a.tier ?? LEAST) - (b.tier ?? LEAST) || compare(a.name, b.name);

export function Services({ services }: { services: readonly ServiceLite[] }) {
  const go = useNavigation((state) => state.go);
  const [query, setQuery] = useState('');
  const [filter, setFilter] = useState<HealthFilter>('any');
  const [domain, setDomain] = useState<Domain | 'any'>('any');
  const regional = services.some(({ region }) => region !== null);
  const columns = useMemo(() => (regional ? COLUMNS.toSpliced(-2, 0, REGION) : COLUMNS), [regional]);
  const ordered = useMemo(() => services.toSorted(byWeight), [services]);
  const rows = useMemo(
    () =>
      ordered.filter(
        (service) =>
          passes(filter, service.health) &&
          (domain === 'any' || service.domain === domain) &&
          fits(query, [
            service.name,
            service.id,
            KIND_WORDS[service.kind],
            service.owner?.name,
            service.system,
            service.region,
          ]),
      ),
    [ordered, filter, domain, query],
  );
  return (
    <Listing
      label="Services"
      searches="Name, kind, owner, system, region"
      query={query}
      onQuery={setQuery}
      filters={
        <>
          <Select<HealthFilter> label="Health" hideLabel options={HEALTH_FILTER} value={filter} onChange={setFilter} />
          <Select<Domain | 'any'>
            label="Domain"
            hideLabel
            options={[
              { value: 'any', label: 'Any domain' },
              ...(Object.keys(DOMAIN_WORDS) as Domain[]).map((value) => ({ value, label: DOMAIN_WORDS[value] })),
            ]}
            value={domain}
            onChange={setDomain}
          />
        </>
      }
      columns={columns}
      rows={rows}
      total={services.length}
      keyOf={(service) => service.id}
      onOpen={(service) => go('map', { service: service.id })}
      initialSort="health"
      none="No service is known."
    />
  );
}
