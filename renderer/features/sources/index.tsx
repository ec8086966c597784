/** Where signals come from, and whether they do. It answers first: which sources are silent, and since when? */
import { useMemo } from 'react';
import type { SourceView } from '../../../shared/contract/sources.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SourceMark } from '../../ui/SourceMark.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { NextTry } from './NextTry.tsx';
import { SourceDetail } from './SourceDetail.tsx';
import { SourceForm } from './SourceForm.tsx';
import styles from './Sources.module.css';

const URGENCY = { down: 0, late: 1, never: 2, live: 3, off: 4 } as const;

const COLUMNS: readonly Column<SourceView>[] = [
  {
    id: 'state',
    title: 'State',
    width: '128px',
    sort: ({ state }) => URGENCY[state],
    cell: ({ state }) => <SourceMark state={state} />,
  },
  {
    id: 'title',
    title: 'Source',
    width: 'minmax(112px, 1.2fr)',
    sort: ({ title }) => title,
    cell: ({ title }) => <b>{title}</b>,
  },
  { id: 'type', title: 'Kind', width: '108px', sort: ({ type }) => type, cell: ({ type }) => type },
  {
    id: 'heard',
    title: 'Last heard',
    width: '100px',
    sort: ({ lastSuccessAt }) => lastSuccessAt,
    cell: ({ lastSuccessAt }) => <Age at={lastSuccessAt} />,
  },
  {
    id: 'next',
    title: 'Next try',
    width: '88px',
    sort: ({ nextTryAt }) => nextTryAt,
    cell: (source) => <NextTry source={source} />,
  },
  {
    id: 'signals',
    title: 'Signals',
    width: '76px',
    align: 'end',
    sort: ({ signals }) => signals,
    cell: ({ signals }) => signals.toLocaleString('en'),
  },
  {
    id: 'message',
    title: 'What it says',
    width: 'minmax(104px, 2fr)',
    cell: ({ message }) => <span title={message}>{message}</span>,
  },
];

/** What is left of them beside an open source. */
const NARROW = COLUMNS.filter(({ id }) => !['type', 'next', 'signals'].includes(id));

export default function Sources() {
  const { value: sources, error, retry } = useQuery('sources.list', {}, ['sources']);
  const { value: types, error: typesError } = useQuery('sources.types', {}, []);
  const params = useNavigation((state) => state.params);
  const replace = useNavigation((state) => state.replace);
  const back = useNavigation((state) => state.back);
  useReady('sources', sources !== undefined && types !== undefined);

  const adding = params['do'] === 'add';
  const selected = sources?.find(({ id }) => id === params['source']);
  const editing = params['do'] === 'edit' && selected !== undefined;
  const byType = useMemo(() => new Map((types ?? []).map((type) => [type.type, type])), [types]);

  useKeys('Sources', [
    { keys: 'a', title: 'Add a source', run: () => replace({ do: 'add' }) },
    ...(selected === undefined
      ? []
      : [{ keys: 'e', title: 'Change the source', run: () => replace({ source: selected.id, do: 'edit' }) }]),
    { keys: 'Escape', title: 'Back', run: () => (params['source'] !== undefined || adding ? replace({}) : back()) },
  ]);
  useCommands(
    (sources ?? []).map((source) => ({
      id: `source.${source.id}`,
      title: `Show ${source.title}`,
      hint: source.state,
      run: () => replace({ source: source.id }),
    })),
  );

  if (sources === undefined || types === undefined) {
    const failed = error ?? typesError;
    return failed === null ? (
      <Skeleton rows={6} />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={failed} onRetry={retry} />
      </div>
    );
  }

  const paneOpen = adding || selected !== undefined;
  const list = (
    <div className={styles.list}>
      <header className={styles.head}>
        <span className={styles.quiet}>{sources.length === 1 ? '1 source' : `${sources.length} sources`}</span>
        <Button
          needs="manage-console"
          variant={sources.length === 0 ? 'primary' : 'plain'}
          keys="a"
          onClick={() => replace({ do: 'add' })}
        >
          Add a source
        </Button>
      </header>
      {error !== null && <ErrorLine error={error} onRetry={retry} />}
      {sources.length === 0 ? (
        <EmptyState
          title="No source is configured, so every health is unknown."
          text="A source is a server that Holdfast asks: Prometheus for metrics, Alertmanager for alerts. Each shows here with its state, its age and when it is asked next."
        />
      ) : (
        <DataTable
          label="Sources"
          main
          columns={paneOpen ? NARROW : COLUMNS}
          rows={sources}
          keyOf={({ id }) => id}
          selected={selected?.id ?? null}
          initialSort="state"
          onOpen={({ id }) => replace({ source: id })}
        />
      )}
    </div>
  );

  return (
    <SplitPane
      id="sources"
      label="the source"
      initial={440}
      first={list}
      second={
        adding ? (
          <SourceForm key="add" types={types} onDone={(source) => replace({ source })} onCancel={() => replace({})} />
        ) : editing ? (
          <SourceForm
            key={`edit ${selected.id}`}
            types={types}
            source={selected}
            onDone={(source) => replace({ source })}
            onCancel={() => replace({ source: selected.id })}
          />
        ) : selected !== undefined ? (
          <SourceDetail
            key={selected.id}
            source={selected}
            type={byType.get(selected.type)}
            onEdit={() => replace({ source: selected.id, do: 'edit' })}
            onRemoved={() => replace({})}
          />
        ) : undefined
      }
    />
  );
}
