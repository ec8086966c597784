/** Announced work: what is being done, what will be, what was; planned here, moved and ended. */
import { useMemo, useRef, useState } from 'react';
import type { MaintenanceView } from '../../../shared/contract/health.ts';
import type { ServiceLite } from '../../../shared/contract/estate.ts';
import { formatDuration, parseAhead } from '../../../shared/domain/times.ts';
import { useCommands } from '../../app/commands.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { Select } from '../../ui/Select.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { PlanMaintenance } from '../health/PlanMaintenance.tsx';
import { Quiet } from './cells.tsx';
import { Details, styles } from './Details.tsx';
import { fits, Listing } from './Listing.tsx';

const WORDS: Record<MaintenanceView['state'], string> = { open: 'going on', planned: 'planned', over: 'over' };
const ORDER: readonly MaintenanceView['state'][] = ['open', 'planned', 'over'];

const namesOf = ({ services }: MaintenanceView): string => services.map(({ name }) => name).join(', ');

const COLUMNS: readonly Column<MaintenanceView>[] = [
  {
    id: 'state',
    title: 'State',
    width: '104px',
    sort: (row) => ORDER.indexOf(row.state),
    cell: (row) => (row.state === 'over' ? <Quiet>{WORDS.over}</Quiet> : WORDS[row.state]),
  },
  {
    id: 'title',
    title: 'What is done',
    width: 'minmax(160px, 2fr)',
    sort: (row) => row.title,
    cell: (row) => <strong title={row.title}>{row.title}</strong>,
  },
  {
    id: 'services',
    title: 'Services',
    width: 'minmax(160px, 2fr)',
    sort: (row) => row.services.length,
    cell: (row) => <span title={namesOf(row)}>{namesOf(row)}</span>,
  },
  { id: 'from', title: 'From', width: '168px', sort: (row) => row.from, cell: (row) => <TimeText at={row.from} /> },
  {
    id: 'to',
    title: 'To',
    width: '168px',
    sort: (row) => row.to,
    cell: (row) => <TimeText at={row.to} />,
  },
  {
    id: 'by',
    title: 'Announced by',
    width: 'minmax(120px, 1fr)',
    sort: (row) => row.by.name,
    cell: (row) => row.by.name,
  },
];

export function Maintenance({
  windows,
  services,
  selected,
}: {
  windows: readonly MaintenanceView[];
  services: readonly ServiceLite[];
  selected: string | null;
}) {
  const replace = useNavigation((state) => state.replace);
  const [query, setQuery] = useState('');
  const [show, setShow] = useState<'going' | 'all'>('all');
  const [planning, setPlanning] = useState(false);
  const rows = useMemo(
    () =>
      windows.filter(
        (one) =>
          (show === 'all' || one.state !== 'over') &&
          fits(query, [
            one.title,
            one.by.name,
            WORDS[one.state],
            ...one.services.flatMap(({ id, name }) => [id, name]),
          ]),
      ),
    [windows, query, show],
  );
  const shown = windows.find(({ id }) => id === selected);
  const ask = (): void => setPlanning(true);
  useKeys('Maintenance', [{ keys: 'p', title: 'Plan maintenance', run: ask }]);
  useCommands([{ id: 'maintenance.plan', title: 'Plan maintenance', hint: 'Estate', keys: 'p', run: ask }]);
  return (
    <>
      <SplitPane
        id="maintenance"
        label={shown?.title ?? 'the maintenance'}
        initial={400}
        first={
          <Listing
            label="Maintenance"
            searches="What, service, who"
            query={query}
            onQuery={setQuery}
            filters={
              <>
                <Select<'going' | 'all'>
                  label="Which"
                  hideLabel
                  options={[
                    { value: 'all', label: 'With what is over' },
                    { value: 'going', label: 'Going on and planned' },
                  ]}
                  value={show}
                  onChange={setShow}
                />
                <Button keys="p" onClick={ask}>
                  Plan maintenance
                </Button>
              </>
            }
            columns={COLUMNS}
            rows={rows}
            total={windows.length}
            keyOf={(one) => one.id}
            onOpen={(one) => replace({ tab: 'maintenance', id: one.id })}
            selected={selected}
            none="No work is announced."
            noneText="Work that is announced does not count as sickness; what customers feel still does."
          />
        }
        second={shown && <Window key={shown.id} window={shown} onClose={() => replace({ tab: 'maintenance' })} />}
      />
      {planning && (
        <Plan
          services={services}
          onClose={() => setPlanning(false)}
          onPlanned={(id) => {
            setPlanning(false);
            replace({ tab: 'maintenance', id });
          }}
        />
      )}
    </>
  );
}

function Plan({
  services,
  onClose,
  onPlanned,
}: {
  services: readonly ServiceLite[];
  onClose(): void;
  onPlanned(id: string): void;
}) {
  const plan = useCommand('maintenance.plan');
  const first = useRef<HTMLInputElement>(null);
  const options = useMemo(
    () =>
      services.map(({ id, name, health }) => ({
        ...{ value: id, label: name, hint: id },
        mark: <HealthMark health={health.health} word={false} />,
      })),
    [services],
  );
  return (
    <Dialog
      open
      title="Plan maintenance"
      onClose={onClose}
      initialFocus={first}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="plan-maintenance" busy={plan.busy}>
            Plan maintenance
          </Button>
        </>
      }
    >
      <PlanMaintenance
        id="plan-maintenance"
        services={{ choose: options }}
        plan={plan}
        inputRef={first}
        onPlanned={onPlanned}
      />
    </Dialog>
  );
}

function Window({ window, onClose }: { window: MaintenanceView; onClose(): void }) {
  const go = useNavigation((state) => state.go);
  const zone = useZone();
  const now = useNow(10_000);
  const move = useCommand('maintenance.move');
  const end = useCommand('maintenance.end');
  const [until, setUntil] = useState('');
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const { id, title, state, from, to, endedEarly, by, services } = window;
  const over = state === 'over';
  const stop = (): void => void end.run({ window: id, ...(reason.trim() === '' ? {} : { reason }) });
  const shift = async (): Promise<void> => {
    const when = parseAhead(until, zone, Date.now());
    if (until.trim() === '' || !when.ok)
      return setWrong(when.ok ? 'Say when it ends, such as 30m or 22:00.' : when.message);
    setWrong(null);
    const reply = await move.run({ window: id, to: when.at });
    if (reply.ok) setUntil('');
  };
  useKeys(
    'Maintenance',
    over ? [] : [{ keys: 'e', title: state === 'open' ? 'End it now' : 'Call it off', run: stop }],
  );
  return (
    <Details title={title} onClose={onClose}>
      <Facts
        facts={[
          {
            name: 'State',
            value:
              state === 'open'
                ? `going on, ${formatDuration(Math.max(0, to - now))} left`
                : state === 'planned'
                  ? `planned, begins in ${formatDuration(Math.max(0, from - now))}`
                  : endedEarly
                    ? 'over, ended before it was planned to'
                    : 'over',
          },
          { name: 'From', value: <TimeText at={from} zone={zone} /> },
          { name: 'To', value: <TimeText at={to} zone={zone} /> },
          { name: 'Announced by', value: by.name },
          ...(window.reason === null ? [] : [{ name: 'Because', value: window.reason }]),
        ]}
      />
      <h3 className={styles.heading}>Services</h3>
      <ul className={styles.list}>
        {services.map((service) => (
          <li key={service.id}>
            <HealthMark health={service.health} />{' '}
            <button type="button" className={styles.link} onClick={() => go('map', { service: service.id })}>
              {service.name}
            </button>{' '}
            {state === 'open' && service.health !== 'healthy' && (
              <Quiet>{service.hides ? 'expected, does not count' : 'counts: a customer may feel it'}</Quiet>
            )}
          </li>
        ))}
      </ul>
      {!over && (
        <>
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              void shift();
            }}
          >
            <TextField label="Ends instead" placeholder="30m from now, 22:00" value={until} onChange={setUntil} />
            <Button type="submit" busy={move.busy}>
              Move its end
            </Button>
          </form>
          <TextField label="Why it ends now (optional)" value={reason} onChange={setReason} />
          <p>
            <Button keys="e" busy={end.busy} onClick={stop}>
              {state === 'open' ? 'End it now' : 'Call it off'}
            </Button>
          </p>
          <ErrorLine error={wrong ?? move.error ?? end.error} />
        </>
      )}
    </Details>
  );
}
