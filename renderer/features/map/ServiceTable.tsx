/** The map as a table: the same services, the same filters, the same panel, for the keyboard and for screen readers. */
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import type { ServiceLite } from '../../../shared/contract/estate.ts';
import { Age } from '../../ui/Age.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { HealthNote } from '../../ui/HealthNote.tsx';
import { DOMAIN_WORDS, HEALTH_ORDER, KIND_WORDS } from '../../ui/words.ts';
import { type Graph, HEALTHY, UNKNOWN } from './model/graph.ts';
import styles from './ServiceTable.module.css';

interface Row {
  service: ServiceLite;
  needs: number;
  needsHurt: number;
  neededBy: number;
  neededByHurt: number;
  /** Of both, those that lead to no service. */
  needsNothing: number;
  neededByNothing: number;
  /** What is said of it besides its health: a cause, a change. */
  remark: string;
}

export interface ServiceTableProps {
  graph: Graph;
  /** Shown services that match the search, in the order to show at first. */
  services: readonly number[];
  /** What is said of services besides their health, by id. */
  remarks: ReadonlyMap<string, string>;
  selected: string | null;
  onOpen(service: string): void;
  empty: ReactNode;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    id: 'health',
    title: 'Health',
    width: '136px',
    cell: ({ service }) => <HealthMark health={service.health.health} />,
    sort: ({ service }) => HEALTH_ORDER.indexOf(service.health.health),
  },
  {
    id: 'name',
    title: 'Service',
    width: 'minmax(170px, 2fr)',
    cell: ({ service }) => <b>{service.name}</b>,
    sort: ({ service }) => service.name,
  },
  {
    id: 'tier',
    title: 'Tier',
    width: '52px',
    align: 'end',
    cell: ({ service }) => service.tier ?? '–',
    sort: ({ service }) => service.tier,
  },
  {
    id: 'kind',
    title: 'Kind',
    width: 'minmax(104px, 1fr)',
    cell: ({ service }) => KIND_WORDS[service.kind],
    sort: ({ service }) => KIND_WORDS[service.kind],
  },
  {
    id: 'domain',
    title: 'Domain',
    width: 'minmax(108px, 1fr)',
    cell: ({ service }) => (service.domain === null ? '–' : DOMAIN_WORDS[service.domain]),
    sort: ({ service }) => (service.domain === null ? null : DOMAIN_WORDS[service.domain]),
  },
  {
    id: 'owner',
    title: 'Owner',
    width: 'minmax(104px, 1fr)',
    cell: ({ service }) => service.owner?.name ?? 'nobody',
    sort: ({ service }) => service.owner?.name ?? null,
  },
  {
    id: 'needs',
    title: 'Needs',
    width: '92px',
    align: 'end',
    cell: ({ needs, needsHurt, needsNothing }) => <Count all={needs} hurt={needsHurt} nowhere={needsNothing} />,
    sort: ({ needs, needsNothing }) => needs + needsNothing,
  },
  {
    id: 'neededBy',
    title: 'Needed by',
    width: '96px',
    align: 'end',
    cell: ({ neededBy, neededByHurt, neededByNothing }) => (
      <Count all={neededBy} hurt={neededByHurt} nowhere={neededByNothing} />
    ),
    sort: ({ neededBy, neededByNothing }) => neededBy + neededByNothing,
  },
  {
    id: 'since',
    title: 'Since',
    width: '84px',
    align: 'end',
    cell: ({ service }) => <Age at={service.health.since} suffix="" />,
    sort: ({ service }) => service.health.since,
  },
  {
    id: 'reason',
    title: 'Reason',
    width: 'minmax(220px, 4fr)',
    cell: ({ service, remark }) => (
      <span className={styles.reason} title={[remark, service.health.reason].filter(Boolean).join(' · ')}>
        {remark !== '' && <b>{remark} </b>}
        <HealthNote health={service.health} short /> {service.health.reason}
      </span>
    ),
    sort: ({ service, remark }) => remark || service.health.reason || null,
  },
];

/** Of what nobody hears from, nobody can say that it is hurt. */
const isHurt = (health: number): boolean => health !== HEALTHY && health !== UNKNOWN;

function Count({ all, hurt, nowhere }: { all: number; hurt: number; nowhere: number }) {
  return (
    <>
      {all + nowhere}
      {hurt > 0 && <span className={styles.hurt}> · {hurt} hurt</span>}
      {nowhere > 0 && <span title="Led to no service when the catalog was read"> · {nowhere} ?</span>}
    </>
  );
}

export function ServiceTable({ graph, services, remarks, selected, onOpen, empty }: ServiceTableProps) {
  const nowhere = useMemo(
    () => ({
      needs: Map.groupBy(graph.loose, ({ from }) => from),
      neededBy: Map.groupBy(graph.loose, ({ to }) => to),
    }),
    [graph],
  );
  const rows = useMemo(
    () =>
      services.map((v): Row => {
        const count = (side: Graph['needs']): [number, number] => {
          let hurt = 0;
          for (let i = side.start[v]!; i < side.start[v + 1]!; i++) if (isHurt(graph.health[side.other[i]!]!)) hurt++;
          return [side.start[v + 1]! - side.start[v]!, hurt];
        };
        const [needs, needsHurt] = count(graph.needs);
        const [neededBy, neededByHurt] = count(graph.neededBy);
        const service = graph.services[v]!;
        return {
          ...{ service, needs, needsHurt, neededBy, neededByHurt, remark: remarks.get(service.id) ?? '' },
          needsNothing: nowhere.needs.get(service.id)?.length ?? 0,
          neededByNothing: nowhere.neededBy.get(service.id)?.length ?? 0,
        };
      }),
    [graph, services, remarks, nowhere],
  );
  return (
    <DataTable
      label="Services"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ service }) => service.id}
      onOpen={({ service }) => onOpen(service.id)}
      selected={selected}
      initialSort="health"
      main
      empty={empty}
    />
  );
}
