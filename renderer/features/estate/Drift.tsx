/**
 * Where the estate and what traces see disagree, for somebody to settle one by one. Invariant: nothing enters or leaves the
 * estate but by a person's word; what was dismissed can be seen again.
 */
import { useState } from 'react';
import type { DriftView } from '../../../shared/contract/drift.ts';
import type { DependencyMode, DependencyStrength } from '../../../shared/domain/words.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Quiet } from './cells.tsx';
import { Details, styles } from './Details.tsx';
import { fits, Listing } from './Listing.tsx';

type Row =
  | ({ what: 'undeclared'; key: string } & DriftView['undeclared'][number])
  | ({ what: 'unseen'; key: string } & DriftView['unseen'][number])
  | ({ what: 'stranger'; key: string } & DriftView['strangers'][number]);

const WORDS: Record<Row['what'], string> = {
  undeclared: 'seen, not declared',
  unseen: 'declared, not seen',
  stranger: 'name of no service',
};

const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const rateOf = (row: Row): number | null => (row.what === 'unseen' ? null : row.rate);
const callerOf = (row: Row): string => (row.what === 'stranger' ? row.name : row.from.name);

const COLUMNS: readonly Column<Row>[] = [
  { id: 'what', title: 'Difference', width: '160px', sort: (row) => WORDS[row.what], cell: (row) => WORDS[row.what] },
  {
    id: 'from',
    title: 'Service',
    width: 'minmax(160px, 1fr)',
    sort: callerOf,
    cell: (row) => <strong title={callerOf(row)}>{callerOf(row)}</strong>,
  },
  {
    id: 'to',
    title: 'Needs',
    width: 'minmax(160px, 1fr)',
    sort: (row) => (row.what === 'stranger' ? null : row.to.name),
    cell: (row) =>
      row.what === 'stranger' ? (
        <Quiet>
          seen as {row.as === 'both' ? 'client and server' : row.as}, with {row.calls}
        </Quiet>
      ) : (
        <span title={row.to.id}>{row.to.name}</span>
      ),
  },
  {
    id: 'rate',
    title: 'Calls/s',
    width: '96px',
    align: 'end',
    sort: rateOf,
    cell: (row) => {
      const rate = rateOf(row);
      return rate === null ? <Quiet>none</Quiet> : figure.format(rate);
    },
  },
  {
    id: 'failed',
    title: 'Failed',
    width: '88px',
    align: 'end',
    sort: (row) => (row.what === 'undeclared' ? row.errorShare : null),
    cell: (row) =>
      row.what === 'undeclared' && row.errorShare !== null ? (
        `${figure.format(row.errorShare * 100)} %`
      ) : (
        <Quiet>–</Quiet>
      ),
  },
  {
    id: 'seen',
    title: 'Last seen',
    width: '112px',
    sort: (row) => (row.what === 'unseen' ? null : row.lastSeen),
    cell: (row) => (row.what === 'unseen' ? <Quiet>never</Quiet> : <Age at={row.lastSeen} />),
  },
];

export function Drift({ selected }: { selected: string | null }) {
  const replace = useNavigation((state) => state.replace);
  const [query, setQuery] = useState('');
  const [show, setShow] = useState<'open' | 'all'>('open');
  const { value, error } = useQuery('estate.drift', { all: show === 'all', limit: 2000 }, [
    'estate',
    'drift',
    'sources',
  ]);
  if (value === undefined) return error === null ? <Skeleton rows={10} /> : <ErrorLine error={error} />;
  const all = rowsOf(value);
  const rows = all.filter((row) =>
    fits(query, [
      WORDS[row.what],
      callerOf(row),
      ...(row.what === 'stranger' ? [] : [row.from.id, row.to.name, row.to.id]),
    ]),
  );
  const shown = all.find(({ key }) => key === selected);
  const { counts } = value;
  return (
    <SplitPane
      id="drift"
      label="the difference"
      initial={400}
      first={
        <Listing
          label="Drift"
          searches="Service, difference"
          query={query}
          onQuery={setQuery}
          filters={
            <>
              <Select<'open' | 'all'>
                label="Dismissed"
                hideLabel
                options={[
                  { value: 'open', label: 'Not settled' },
                  { value: 'all', label: `With ${counts.dismissed} dismissed` },
                ]}
                value={show}
                onChange={setShow}
              />
              <Quiet>{counts.confirmed.toLocaleString('en')} declared and seen</Quiet>
              {value.cut !== undefined && value.cut.length > 0 && (
                <Quiet>
                  {value.cut.map(({ name }) => name).join(', ')} tells only the busiest calls: what it does not see is
                  not listed
                </Quiet>
              )}
            </>
          }
          columns={COLUMNS}
          rows={rows}
          total={counts.undeclared + counts.unseen + counts.strangers}
          keyOf={(row) => row.key}
          onOpen={(row) => replace({ tab: 'drift', id: row.key })}
          selected={selected}
          none={
            value.sources.length === 0
              ? 'No source learns calls between services. Say yes to "Learn dependencies" in a Prometheus source that has service-graph series.'
              : 'What is declared and what is seen agree.'
          }
        />
      }
      second={shown && <One key={shown.key} row={shown} onClose={() => replace({ tab: 'drift' })} />}
    />
  );
}

function rowsOf({ undeclared, unseen, strangers }: DriftView): Row[] {
  return [
    ...undeclared.map((row): Row => ({ ...row, what: 'undeclared', key: `undeclared ${row.from.id} ${row.to.id}` })),
    ...unseen.map((row): Row => ({ ...row, what: 'unseen', key: `unseen ${row.from.id} ${row.to.id}` })),
    ...strangers.map((row): Row => ({ ...row, what: 'stranger', key: `stranger ${row.name}` })),
  ];
}

function One({ row, onClose }: { row: Row; onClose(): void }) {
  if (row.what === 'stranger') {
    return (
      <Details title={row.name} onClose={onClose}>
        <p>
          Traces know this name, and no service of the estate is called so. If it is one, list the name with that
          service (annotation <code>holdfast.dev/trace-names</code>); if it is missing, add it to the catalog.
        </p>
        <p>
          Last seen <Age at={row.lastSeen} />.
        </p>
      </Details>
    );
  }
  return <Difference row={row} onClose={onClose} />;
}

function Difference({ row, onClose }: { row: Exclude<Row, { what: 'stranger' }>; onClose(): void }) {
  const go = useNavigation((state) => state.go);
  const accept = useCommand('estate.drift.accept');
  const dismiss = useCommand('estate.drift.dismiss');
  const [strength, setStrength] = useState<DependencyStrength>(row.strength);
  const [mode, setMode] = useState<DependencyMode>(row.mode);
  const [reason, setReason] = useState('');
  const ends = { from: row.from.id, to: row.to.id };
  const take = async (): Promise<void> => {
    const reply = await accept.run(row.what === 'undeclared' ? { ...ends, strength, mode } : ends);
    if (reply.ok) onClose();
  };
  const drop = async (): Promise<void> => {
    const reply = await dismiss.run({ ...ends, ...(reason.trim() === '' ? {} : { reason }) });
    if (reply.ok) onClose();
  };
  const verb = row.what === 'undeclared' ? 'Write it into the estate' : 'Take it out of the estate';
  useKeys('Drift', [
    { keys: 'a', title: verb, run: () => void take() },
    { keys: 'd', title: 'Dismiss', run: () => void drop() },
  ]);
  return (
    <Details title={`${row.from.name} → ${row.to.name}`} onClose={onClose}>
      {row.what === 'undeclared' ? (
        <>
          <p>
            Seen since <TimeText at={row.since} />, last <Age at={row.lastSeen} />
            {row.connections.length > 0 && <>, by {row.connections.join(', ').replaceAll('_', ' ')}</>}; the estate does
            not say so.
          </p>
          <p>
            {row.rate === null ? (
              'No calls in the last 15 minutes.'
            ) : (
              <>
                <strong>{figure.format(row.rate)}</strong> calls/s, {figure.format((row.errorShare ?? 0) * 100)} %
                failed
              </>
            )}
          </p>
          <Choice
            label="Without it, the caller"
            options={[
              { value: 'hard', label: 'fails (hard)' },
              { value: 'soft', label: 'gets by (soft)' },
            ]}
            value={strength}
            onChange={setStrength}
          />
          <Choice
            label="How it needs it"
            options={[
              { value: 'sync', label: 'sync' },
              { value: 'async', label: 'async' },
              { value: 'batch', label: 'batch' },
            ]}
            value={mode}
            onChange={setMode}
          />
        </>
      ) : (
        <p>
          Declared as {row.strength}, {row.mode}. {row.reason}, since <TimeText at={row.watchedSince} />.
        </p>
      )}
      {row.dismissed !== null && (
        <p>
          Dismissed by {row.dismissed.by.name}
          {row.dismissed.reason !== null && <>: {row.dismissed.reason}</>}.
        </p>
      )}
      <p className={styles.actions}>
        <Button variant="primary" keys="a" busy={accept.busy} onClick={() => void take()}>
          {verb}
        </Button>
        <Button onClick={() => go('map', { service: row.from.id })}>Show on the map</Button>
      </p>
      {row.dismissed === null && (
        <>
          <TextField label="Or why it is as it should be" value={reason} onChange={setReason} />
          <p>
            <Button keys="d" busy={dismiss.busy} onClick={() => void drop()}>
              Dismiss
            </Button>
          </p>
        </>
      )}
      <ErrorLine error={accept.error ?? dismiss.error} />
    </Details>
  );
}
