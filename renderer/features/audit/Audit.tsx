/** Who did what, when, with whose approval, under which grant. What is shown is what the log holds; a filter says what is left out. */
import { useState } from 'react';
import type { AuditLine } from '../../../shared/contract/audit.ts';
import { ENTRY_KINDS, type EntryKind } from '../../../shared/domain/timeline.ts';
import { parseWhen } from '../../../shared/domain/times.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNow } from '../../state/now.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Audit.module.css';

const PAGE = 200;
type Show = 'all' | 'approvals' | 'grants' | EntryKind;
const SHOWS: readonly { value: Show; label: string }[] = [
  { value: 'all', label: 'Everything people did' },
  { value: 'approvals', label: 'Approvals' },
  { value: 'grants', label: 'Under emergency access' },
  ...ENTRY_KINDS.map((kind) => ({ value: kind, label: `${kind[0]!.toUpperCase()}${kind.slice(1)}` })),
];

export function Audit() {
  const zone = useZone();
  const go = useNavigation((state) => state.go);
  const [show, setShow] = useState<Show>('all');
  const [person, setPerson] = useState('');
  const [incident, setIncident] = useState('');
  const [since, setSince] = useState('');
  const [older, setOlder] = useState<number[]>([]);
  const [said, setSaid] = useState<{ ok: boolean; text: string } | null>(null);
  const people = useQuery('estate.people', {}, ['estate']).value ?? [];
  const incidents = useQuery('incident.list', { all: true }, ['incidents']).value ?? [];
  const now = useNow(60_000);
  const from = since.trim() === '' ? null : parseWhen(since, zone, now);
  const filter = {
    ...(person === '' ? {} : { person }),
    ...(incident === '' ? {} : { incident }),
    ...(show === 'approvals'
      ? { approvals: true }
      : show === 'grants'
        ? { grant: 'any' }
        : show === 'all'
          ? {}
          : { kinds: [show] }),
    ...(from?.ok ? { since: from.at } : {}),
  };
  const before = older.at(-1);
  const { value, error } = useQuery(
    'audit.list',
    { ...filter, limit: PAGE, ...(before === undefined ? {} : { before }) },
    ['incidents', 'estate', 'record'],
  );
  const choose =
    <T,>(set: (value: T) => void) =>
    (to: T): void => {
      set(to);
      setOlder([]);
    };
  const save = async (): Promise<void> => {
    setSaid(null);
    const [to] = await bridge.choosePaths('record-folder');
    if (to === undefined) return;
    const reply = await call('audit.export', { ...filter, to, replace: false });
    setSaid(
      reply.ok
        ? { ok: true, text: `${reply.value.path}: ${reply.value.lines} lines, signed.` }
        : { ok: false, text: reply.message },
    );
  };
  return (
    <section className={styles.audit} aria-label="Who did what">
      <div className={styles.bar}>
        <Select<Show> label="What" hideLabel options={SHOWS} value={show} onChange={choose(setShow)} />
        <Select<string>
          label="Who"
          hideLabel
          options={[{ value: '', label: 'Anybody' }, ...people.map(({ id, name }) => ({ value: id, label: name }))]}
          value={person}
          onChange={choose(setPerson)}
        />
        <Select<string>
          label="Incident"
          hideLabel
          options={[{ value: '', label: 'Everywhere' }, ...incidents.map(({ id, label }) => ({ value: id, label }))]}
          value={incident}
          onChange={choose(setIncident)}
        />
        <TextField
          label="Since"
          hideLabel
          placeholder="Since: 14:05, yesterday"
          value={since}
          onChange={choose(setSince)}
        />
        <Button onClick={() => void save()}>Export, signed</Button>
      </div>
      {from && !from.ok && <ErrorLine error={from.message} />}
      {error !== null && <ErrorLine error={error} />}
      {said && (said.ok ? <p role="status">{said.text}</p> : <ErrorLine error={said.text} />)}
      <div className={styles.table}>
        <DataTable
          label="Who did what"
          columns={COLUMNS}
          rows={value?.lines ?? []}
          keyOf={({ id }) => id}
          onOpen={(line) => line.incident && go('incident', { incident: line.incident.id })}
          empty={<EmptyState title={value === undefined ? 'Reading …' : 'Nothing fits.'} />}
        />
      </div>
      <div className={styles.pages}>
        {older.length > 0 && <Button onClick={() => setOlder(older.slice(0, -1))}>Newer</Button>}
        {value?.next != null && <Button onClick={() => setOlder([...older, value.next!])}>Older</Button>}
      </div>
    </section>
  );
}

const COLUMNS: readonly Column<AuditLine>[] = [
  { id: 'at', title: 'When', width: '152px', sort: ({ at }) => at, cell: ({ at }) => <TimeText at={at} /> },
  {
    id: 'who',
    title: 'Who',
    width: 'minmax(104px, 1fr)',
    sort: ({ who }) => who.name,
    cell: ({ who }) => <span title={who.name}>{who.name}</span>,
  },
  {
    id: 'what',
    title: 'What',
    width: 'minmax(220px, 3fr)',
    cell: ({ summary, text }) => <span title={text === null ? summary : `${summary}\n${text}`}>{summary}</span>,
  },
  {
    id: 'incident',
    title: 'Incident',
    width: '88px',
    sort: ({ incident }) => incident?.label ?? null,
    cell: ({ incident }) => incident?.label ?? '–',
  },
  {
    id: 'approved',
    title: 'Approved by',
    width: 'minmax(96px, 1fr)',
    cell: ({ approvedBy }) => approvedBy.map(({ name }) => name).join(', ') || '–',
  },
  {
    id: 'grant',
    title: 'Under',
    width: '64px',
    sort: ({ grant }) => grant?.label ?? null,
    cell: ({ grant }) => grant?.label ?? '–',
  },
];
