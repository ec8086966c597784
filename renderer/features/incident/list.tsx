/** Every incident: those that are running first, then what was resolved, with the filters that a review needs. */
import { useMemo, useState } from 'react';
import type { CurrencyTotal } from '../../../shared/contract/impact.ts';
import type { IncidentLite } from '../../../shared/contract/incident.ts';
import { isOver, SEVERITIES, STATUSES } from '../../../shared/domain/orders.ts';
import type { Severity } from '../../../shared/domain/words.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { openDeclare } from '../../state/dialogs.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Duration, TimeText } from '../../ui/TimeText.tsx';
import { STATUS_WORDS } from '../../ui/words.ts';
import { MoneySoFar } from '../impact/Money.tsx';
import { useAllImpact } from '../impact/useImpact.ts';
import styles from './list.module.css';

type Which = 'running' | 'resolved' | 'all';

const matches = (incident: IncidentLite, query: string): boolean => {
  const text = [
    incident.label,
    incident.title,
    incident.commander?.name ?? '',
    ...incident.services.map(({ name }) => name),
    ...incident.businessServices.map(({ name }) => name),
  ]
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

const isRunning = ({ status }: IncidentLite): boolean => !isOver(status);

export default function IncidentsScreen() {
  const { value, error } = useQuery('incident.list', { all: true }, ['incidents', 'estate']);
  const go = useNavigation((state) => state.go);
  const zone = useZone();
  const [which, setWhich] = useState<Which>('running');
  const [severity, setSeverity] = useState<Severity | 'any'>('any');
  const [query, setQuery] = useState('');
  useReady('incidents', value !== undefined);
  const focusSearch = (): void => document.querySelector<HTMLElement>('[data-incident-search] input')?.focus();
  useKeys('Incidents', [{ keys: '/', title: 'Find an incident', run: focusSearch }]);
  useCommands([
    { id: 'incidents.running', title: 'Show running incidents', run: () => setWhich('running') },
    { id: 'incidents.resolved', title: 'Show resolved incidents', run: () => setWhich('resolved') },
  ]);

  const rows = useMemo(
    () =>
      (value ?? []).filter(
        (incident) =>
          (which === 'all' || (which === 'running') === isRunning(incident)) &&
          (severity === 'any' || incident.severity === severity) &&
          matches(incident, query),
      ),
    [value, which, severity, query],
  );
  const impact = useAllImpact().value?.incidents;
  const columns = useMemo(() => {
    const all = columnsFor(zone, new Map(impact?.map((one) => [one.id, one.totals])));
    // How long it lasts tells when it began, and the room goes to what is said of it.
    return which === 'running' ? all.filter(({ id }) => id !== 'started') : all;
  }, [zone, impact, which]);
  const all = value?.length ?? 0;
  const running = value?.filter(isRunning).length ?? 0;
  const filtered = severity !== 'any' || query.trim() !== '';

  return (
    <div className={styles.screen}>
      {all > 0 && (
        <header className={styles.head}>
          <Choice<Which>
            label="Which"
            hideLabel
            value={which}
            onChange={setWhich}
            options={[
              { value: 'running', label: `Running ${running}` },
              { value: 'resolved', label: `Resolved ${all - running}` },
              { value: 'all', label: `All ${all}` },
            ]}
          />
          <Select<Severity | 'any'>
            label="Severity"
            hideLabel
            value={severity}
            onChange={setSeverity}
            options={[
              { value: 'any', label: 'Any severity' },
              ...SEVERITIES.map((one) => ({ value: one, label: one })),
            ]}
          />
          <div className={styles.search} data-incident-search="">
            <TextField
              label="Find an incident"
              hideLabel
              placeholder="Title, number, service, commander"
              value={query}
              onChange={setQuery}
            />
          </div>
          <span className={styles.actions}>
            <Button keys="mod+shift+i" onClick={() => openDeclare()}>
              Declare
            </Button>
          </span>
        </header>
      )}
      {error !== null && <ErrorLine error={error} />}
      {value === undefined ? (
        error === null && <Skeleton rows={8} />
      ) : all === 0 ? (
        <EmptyState
          size="page"
          title="No incident was ever declared here."
          text="Declaring takes five seconds and can be undone by resolving it."
          action={
            <Button variant="primary" keys="mod+shift+i" onClick={() => openDeclare()}>
              Declare an incident
            </Button>
          }
        />
      ) : (
        <DataTable
          key={which}
          label="Incidents"
          main
          initialSort={which === 'resolved' ? '-started' : undefined}
          columns={columns}
          rows={rows}
          keyOf={(incident) => incident.id}
          onOpen={(incident) => go('incident', { incident: incident.id })}
          empty={
            <EmptyState
              title={
                filtered
                  ? 'No incident fits.'
                  : which === 'running'
                    ? 'Nothing is on fire.'
                    : 'Nothing was resolved yet.'
              }
              text={which === 'running' && !filtered ? `${all - running} resolved.` : undefined}
              action={
                filtered ? (
                  <Button
                    onClick={() => {
                      setQuery('');
                      setSeverity('any');
                      setWhich('all');
                    }}
                  >
                    Show all
                  </Button>
                ) : undefined
              }
            />
          }
        />
      )}
    </div>
  );
}

function columnsFor(zone: string, money: ReadonlyMap<string, readonly CurrencyTotal[]>): Column<IncidentLite>[] {
  return [
    {
      id: 'severity',
      title: 'Severity',
      width: '84px',
      sort: (row) => row.severity,
      cell: (row) => <SeverityMark severity={row.severity} />,
    },
    {
      id: 'label',
      title: 'Number',
      width: '100px',
      sort: (row) => row.label,
      cell: (row) => <span className={styles.quiet}>{row.label}</span>,
    },
    {
      id: 'title',
      title: 'Title',
      width: 'minmax(200px, 4fr)',
      sort: (row) => row.title,
      cell: (row) => <strong title={row.title}>{row.title}</strong>,
    },
    {
      id: 'status',
      title: 'State',
      width: 'minmax(150px, 1fr)',
      sort: (row) => STATUSES.indexOf(row.status),
      cell: (row) => (
        <>
          {STATUS_WORDS[row.status]}
          {(row.openCleanup ?? 0) > 0 && (
            <span className={isRunning(row) ? styles.quiet : styles.over}>, {row.openCleanup} to clean up</span>
          )}
        </>
      ),
    },
    {
      id: 'commander',
      title: 'Commander',
      width: 'minmax(120px, 1fr)',
      sort: (row) => row.commander?.name ?? null,
      cell: (row) =>
        (row.disputed?.commander &&
          [row.commander, ...row.disputed.commander].map((one) => one?.name ?? 'nobody').join(' or ')) ??
        row.commander?.name ??
        (isRunning(row) ? <span className={styles.missing}>nobody</span> : <span className={styles.quiet}>–</span>),
    },
    {
      id: 'hurt',
      title: 'Hurts',
      width: 'minmax(104px, 1.5fr)',
      sort: (row) => row.businessServices.length * 1000 + row.services.length,
      cell: (row) => {
        const names = [...row.businessServices, ...row.services].map(({ name }) => name);
        return names.length === 0 ? (
          <span className={styles.quiet}>–</span>
        ) : (
          <span title={names.join(', ')}>{names.join(', ')}</span>
        );
      },
    },
    {
      id: 'cost',
      title: 'Lost so far',
      width: '104px',
      align: 'end',
      sort: (row) => money.get(row.id)?.[0]?.soFar?.likely ?? null,
      cell: (row) => {
        const totals = money.get(row.id) ?? [];
        return totals.length === 0 ? (
          <span className={styles.quiet}>–</span>
        ) : (
          totals.map(({ currency, soFar }) => <MoneySoFar key={currency} sum={soFar} short />)
        );
      },
    },
    {
      id: 'asks',
      title: 'Asks',
      width: 'minmax(136px, 1fr)',
      sort: (row) => row.overdueAsks * 1000 + row.openAsks,
      cell: (row) => (
        <>
          {row.openAsks === 0 ? <span className={styles.quiet}>–</span> : `${row.openAsks} open`}
          {row.overdueAsks > 0 && <span className={styles.over}>, {row.overdueAsks} late</span>}
          {row.conflicts > 0 && <span className={styles.missing}> · conflict</span>}
        </>
      ),
    },
    {
      id: 'started',
      title: 'Began',
      width: '160px',
      sort: (row) => row.startedAt,
      cell: (row) => <TimeText at={row.startedAt} zone={zone} />,
    },
    {
      id: 'length',
      title: 'Lasted',
      width: '92px',
      align: 'end',
      sort: (row) => (row.resolvedAt ?? Date.now()) - row.startedAt,
      cell: (row) => <Duration from={row.startedAt} to={row.resolvedAt} />,
    },
  ];
}
