/** What customers and stores need, how it is, and what it hangs on. */
import { useMemo, useState } from 'react';
import type { BusinessImpact } from '../../../shared/contract/impact.ts';
import type { BusinessServiceView } from '../../../shared/contract/estate.ts';
import { useNavigation } from '../../state/navigation.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { HealthNote } from '../../ui/HealthNote.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useZone } from '../../state/zone.ts';
import { healthColumns, Missing, objective, orDash, Quiet, seenColumn } from './cells.tsx';
import { Clocks } from '../impact/Clocks.tsx';
import { Curve } from '../impact/Curve.tsx';
import { Inputs } from '../impact/Inputs.tsx';
import { LossNow } from '../impact/Money.tsx';
import { useImpact } from '../impact/useImpact.ts';
import { Details, styles } from './Details.tsx';
import { fits, Listing } from './Listing.tsx';

const health = (row: BusinessServiceView) => row.health;

const columnsFor = (impact: ReadonlyMap<string, BusinessImpact>): readonly Column<BusinessServiceView>[] => [
  ...healthColumns(health),
  {
    id: 'name',
    title: 'Business service',
    width: 'minmax(160px, 1fr)',
    sort: (row) => row.name,
    cell: (row) => <strong title={row.id}>{row.name}</strong>,
  },
  {
    id: 'loss',
    title: 'Loses',
    width: '124px',
    align: 'end',
    sort: (row) => impact.get(row.id)?.lossPerMinute?.likely ?? null,
    cell: (row) => {
      const one = impact.get(row.id);
      return one ? <LossNow impact={one} short /> : null;
    },
  },
  {
    id: 'criticality',
    title: 'Criticality',
    width: '100px',
    sort: (row) => row.criticality,
    cell: (row) => row.criticality,
  },
  {
    id: 'owner',
    title: 'Owner',
    width: 'minmax(120px, 1fr)',
    sort: (row) => row.owner?.name ?? null,
    cell: (row) => row.owner?.name ?? <Missing>nobody owns it</Missing>,
  },
  {
    id: 'hurt',
    title: 'Hurt by',
    width: 'minmax(160px, 2fr)',
    sort: (row) => row.hurtBy.length,
    cell: (row) => orDash(row.hurtBy.map(({ name }) => name).join(', ')),
  },
  seenColumn(health),
];

const SUMS = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const sum = (series: readonly (number | null)[] | null): number | null =>
  series?.reduce<number>((total, one) => total + (one ?? 0), 0) ?? null;

export function BusinessServices({
  list,
  selected,
}: {
  list: readonly BusinessServiceView[];
  selected: string | null;
}) {
  const replace = useNavigation((state) => state.replace);
  const [query, setQuery] = useState('');
  const rows = useMemo(
    () => list.filter((one) => fits(query, [one.name, one.id, one.owner?.name, ...one.domains])),
    [list, query],
  );
  const shown = list.find(({ id }) => id === selected);
  const { value } = useImpact();
  const impact = useMemo(() => new Map(value?.businessServices.map((one) => [one.id, one])), [value]);
  const columns = useMemo(() => columnsFor(impact), [impact]);
  return (
    <SplitPane
      id="business"
      label={shown?.name ?? 'the business service'}
      initial={420}
      first={
        <Listing
          label="Business services"
          searches="Name, owner, domain"
          query={query}
          onQuery={setQuery}
          columns={columns}
          rows={rows}
          total={list.length}
          keyOf={(one) => one.id}
          onOpen={(one) => replace({ tab: 'business', id: one.id })}
          selected={selected}
          initialSort="health"
          none="No business service is known."
        />
      }
      second={
        shown && (
          <Business business={shown} impact={impact.get(shown.id)} onClose={() => replace({ tab: 'business' })} />
        )
      }
    />
  );
}

function Business({
  business,
  impact,
  onClose,
}: {
  business: BusinessServiceView;
  impact: BusinessImpact | undefined;
  onClose(): void;
}) {
  const [open, setOpen] = useState(false);
  const zone = useZone();
  const go = useNavigation((state) => state.go);
  const { baseline } = business;
  const weekly = [
    [sum(baseline?.orders ?? null), 'orders'],
    [sum(baseline?.transactions ?? null), 'transactions'],
  ] as const;
  const revenue = sum(baseline?.revenueMinor ?? null);
  return (
    <Details title={business.name} onClose={onClose}>
      <p>
        <HealthMark health={business.health.health} /> <HealthNote health={business.health} /> {business.health.reason}
      </p>
      {business.description !== '' && <p>{business.description}</p>}
      <p>
        <Button onClick={() => openDeclare({ title: `${business.name}: `, businessServices: [business.id] })}>
          Declare an incident
        </Button>
      </p>
      {impact && (
        <>
          <h3 className={styles.heading}>Loses now</h3>
          <p>
            <LossNow impact={impact} />{' '}
            <button type="button" className={styles.link} onClick={() => setOpen(true)}>
              How this figure is made
            </button>
          </p>
          <Clocks clocks={impact.clocks} />
          <Inputs open={open} onClose={() => setOpen(false)} businessServices={[impact]} />
        </>
      )}
      <Curve businessService={business.id} />
      {impact && impact.calendar.length > 0 && (
        <>
          <h3 className={styles.heading}>Not an ordinary week</h3>
          <ul className={styles.list}>
            {impact.calendar.map((entry) => (
              <li key={`${entry.title} ${entry.from}`}>
                {entry.title || 'Calendar'}: × {Number(entry.multiplier.toFixed(2))}{' '}
                <Quiet>
                  <TimeText at={entry.from} zone={zone} /> to <TimeText at={entry.to} zone={zone} />
                </Quiet>
              </li>
            ))}
          </ul>
        </>
      )}
      <Facts
        facts={[
          { name: 'Owner', value: business.owner?.name ?? <Missing>nobody owns it</Missing> },
          { name: 'Criticality', value: business.criticality },
          { name: 'Domains', value: orDash(business.domains.join(', ')) },
          { name: 'Recover within', value: orDash(objective(business.rtoMinutes)) },
          { name: 'Lose at most', value: orDash(objective(business.rpoMinutes)) },
          {
            name: 'In a usual week',
            value:
              baseline === null ? (
                <Quiet>no baseline</Quiet>
              ) : (
                [
                  ...weekly.flatMap(([total, unit]) => (total === null ? [] : [`${SUMS.format(total)} ${unit}`])),
                  ...(revenue === null ? [] : [`${business.currency} ${SUMS.format(revenue / 100)}`]),
                ].join(', ')
              ),
          },
          {
            name: 'Measured by',
            value:
              business.throughput.length === 0 ? (
                <Quiet>nothing: health is estimated</Quiet>
              ) : (
                business.throughput.map(({ name }) => name).join(', ')
              ),
          },
        ]}
      />
      <h3 className={styles.heading}>Hurt by</h3>
      {business.hurtBy.length === 0 ? (
        <p className={styles.quiet}>Nothing on its hard path is hurt.</p>
      ) : (
        <ul className={styles.list}>
          {business.hurtBy.map((one) => (
            <li key={one.id}>
              <HealthMark health={one.health.health} />{' '}
              <button type="button" className={styles.link} onClick={() => go('map', { service: one.id })}>
                {one.name}
              </button>{' '}
              <Quiet>{one.health.reason}</Quiet>
            </li>
          ))}
        </ul>
      )}
      <h3 className={styles.heading}>Hard path starts at</h3>
      <ul className={styles.list}>
        {business.services.map((one) => (
          <li key={one.id}>
            <button type="button" className={styles.link} onClick={() => go('map', { service: one.id })}>
              {one.name}
            </button>
          </li>
        ))}
      </ul>
    </Details>
  );
}
