/**
 * Brings a catalog in: choose, look at what would change, apply. Invariant: nothing changes before the preview was seen,
 * what is applied is read again from the same paths, and every problem names its file, line and field.
 */
import { FileDown } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { DragEvent } from 'react';
import type { Problem } from '../../../shared/contract/common.ts';
import type { CatalogDiff, CatalogReport } from '../../../shared/contract/estate.ts';
import { useReady } from '../../app/ready.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { Quiet } from './cells.tsx';
import { Details, styles as details } from './Details.tsx';
import styles from './Import.module.css';

type What = CatalogDiff['what'];

const WORDS: Record<What, string> = { added: 'added', changed: 'changed', renamed: 'renamed', dropped: 'dropped' };
const ORDER: readonly What[] = ['dropped', 'renamed', 'changed', 'added'];

const COUNTED = ['added', 'changed', 'renamed', 'dropped', 'unchanged'] as const;

/** Plurals that are not made with an s. */
const MANY: Record<string, string> = { person: 'people', dependency: 'dependencies' };

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

export default function Import({ onLeave }: { onLeave(): void }) {
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [origin, setOrigin] = useState('');
  const [report, setReport] = useState<CatalogReport | null>(null);
  const [busy, setBusy] = useState<'preview' | 'import' | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const asked = useRef(0);
  useReady('estate', true);

  const run = async (what: 'preview' | 'import', chosen: readonly string[], label: string): Promise<void> => {
    const mine = ++asked.current;
    setBusy(what);
    setError(null);
    const input = { paths: [...chosen], ...(label.trim() === '' ? {} : { origin: label.trim() }) };
    const reply = what === 'preview' ? await call('catalog.preview', input) : await call('catalog.import', input);
    if (mine !== asked.current) return;
    setBusy(null);
    if (!reply.ok) {
      setError(reply.message);
      return;
    }
    setReport(reply.value);
    setOrigin(reply.value.origin);
  };
  const take = (chosen: readonly string[]): void => {
    if (chosen.length === 0) return;
    setPaths(chosen);
    setReport(null);
    setOrigin('');
    void run('preview', chosen, '');
  };
  const choose = async (purpose: 'catalog-files' | 'catalog-folder'): Promise<void> =>
    take(await bridge.choosePaths(purpose));
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const dropped = [...event.dataTransfer.files].map((file) => bridge.pathOf(file)).filter((path) => path !== '');
    if (dropped.length > 0) take(dropped);
    else setError('What was dropped is not a file or folder on this machine.');
  };
  useKeys('Import a catalog', [
    { keys: 'f', title: 'Choose files', run: () => void choose('catalog-files') },
    { keys: 'o', title: 'Choose a folder', run: () => void choose('catalog-folder') },
    { keys: 'Escape', title: 'Back to the estate', run: onLeave },
  ]);

  const changes = report === null ? 0 : report.diff.length;
  const errors = report?.problems.filter(({ severity }) => severity === 'error').length ?? 0;
  return (
    <div
      className={styles.screen}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      <header className={styles.head}>
        <h2 className={styles.title}>Import a catalog</h2>
        <span className={styles.actions}>
          <Button keys="f" onClick={() => void choose('catalog-files')}>
            Choose files
          </Button>
          <Button keys="o" onClick={() => void choose('catalog-folder')}>
            Choose a folder
          </Button>
          <Button variant="quiet" keys="Escape" onClick={onLeave}>
            Back
          </Button>
        </span>
      </header>
      <ErrorLine
        error={error}
        onRetry={error !== null && paths.length > 0 ? () => void run('preview', paths, origin) : undefined}
      />
      {paths.length === 0 || (report === null && busy === null) ? (
        <div className={styles.drop}>
          <FileDown size={32} strokeWidth={1.25} aria-hidden="true" />
          <p className={styles.lead}>Drop files or a folder here, or choose them.</p>
          <p className={styles.quiet}>
            Backstage descriptors (YAML, many documents in a file) and plain YAML for stores, regions, business services
            and sources. Nothing changes before you have seen what would.
          </p>
        </div>
      ) : report === null ? (
        busy !== null && (
          <>
            <p className={styles.reading}>Reading {paths.join(', ')}…</p>
            <Skeleton rows={8} />
          </>
        )
      ) : (
        <>
          <section className={styles.summary} aria-label="Summary">
            <p className={styles.lead}>
              {report.applied ? 'Imported: ' : ''}
              {changes === 0
                ? 'Nothing would change.'
                : COUNTED.filter((what) => report.counts[what] > 0)
                    .map((what) => `${report.counts[what].toLocaleString('en')} ${what}`)
                    .join(', ')}
            </p>
            <p className={styles.quiet}>
              {plural(report.files, 'file')}, {plural(report.documents, 'document')}:{' '}
              {Object.entries(report.entities)
                .map(([kind, count]) => plural(count, kind.replaceAll('-', ' '), MANY[kind]))
                .join(', ') || 'nothing that can be used'}
              {errors > 0 && !report.applied && '. What has an error is left out; everything else is good.'}
            </p>
            {report.applied ? (
              <p className={styles.apply}>
                <Button variant="primary" onClick={onLeave} autoFocus>
                  Show the estate
                </Button>
              </p>
            ) : (
              <form
                className={styles.apply}
                onSubmit={(event) => {
                  event.preventDefault();
                  if (busy === null && changes > 0) void run('import', paths, origin);
                }}
              >
                <TextField
                  label="Label"
                  className={styles.origin}
                  value={origin}
                  maxLength={100}
                  onChange={setOrigin}
                  onBlur={() => {
                    if (origin.trim() !== '' && origin.trim() !== report.origin) void run('preview', paths, origin);
                  }}
                  help="Kept together under this label; importing under it again drops what is gone."
                />
                <Button
                  type="submit"
                  variant="primary"
                  busy={busy === 'import'}
                  disabled={changes === 0 || busy === 'preview'}
                  autoFocus
                >
                  {report.counts.dropped > 0 ? `Import, dropping ${report.counts.dropped}` : 'Import'}
                </Button>
              </form>
            )}
          </section>
          <Report report={report} />
        </>
      )}
    </div>
  );
}

function Report({ report }: { report: CatalogReport }) {
  const [shown, setShown] = useState<'changes' | 'problems'>(
    report.problems.some(({ severity }) => severity === 'error') ? 'problems' : 'changes',
  );
  const [selected, setSelected] = useState<string | null>(null);
  const chosen = report.diff.find((one) => keyOf(one) === selected);
  return (
    <div className={styles.report}>
      <div className={styles.which}>
        <Choice<'changes' | 'problems'>
          label="Show"
          hideLabel
          value={shown}
          onChange={setShown}
          options={[
            { value: 'problems' as const, label: `Problems ${report.problems.length}` },
            { value: 'changes' as const, label: `Changes ${report.diff.length}` },
          ]}
        />
      </div>
      {shown === 'problems' ? (
        <Problems problems={report.problems} />
      ) : (
        <SplitPane
          id="catalog-diff"
          label={chosen?.name ?? 'the change'}
          initial={480}
          first={
            <DataTable
              label="Changes"
              main
              columns={CHANGE_COLUMNS}
              rows={report.diff}
              keyOf={keyOf}
              onOpen={(one) => setSelected(keyOf(one))}
              selected={selected}
              initialSort="what"
              empty={<p className={styles.none}>The files say what the estate already says.</p>}
            />
          }
          second={chosen && <Change change={chosen} onClose={() => setSelected(null)} />}
        />
      )}
    </div>
  );
}

const keyOf = ({ kind, id, what }: CatalogDiff): string => `${kind} ${id} ${what}`;

const CHANGE_COLUMNS: readonly Column<CatalogDiff>[] = [
  {
    id: 'what',
    title: 'What',
    width: '96px',
    sort: (row) => ORDER.indexOf(row.what),
    cell: (row) => (
      <span data-what={row.what} className={styles.what}>
        {WORDS[row.what]}
      </span>
    ),
  },
  {
    id: 'kind',
    title: 'Kind',
    width: '140px',
    sort: (row) => row.kind,
    cell: (row) => <Quiet>{row.kind.replaceAll('-', ' ')}</Quiet>,
  },
  {
    id: 'name',
    title: 'Name',
    width: 'minmax(160px, 1fr)',
    sort: (row) => row.name,
    cell: (row) => <strong title={row.id}>{row.name}</strong>,
  },
  {
    id: 'fields',
    title: 'Fields',
    width: 'minmax(200px, 2fr)',
    sort: (row) => row.fields.length,
    cell: (row) =>
      row.what === 'added' || row.what === 'dropped' ? (
        <Quiet>{row.id}</Quiet>
      ) : (
        row.fields.map(({ field, from, to }) => `${field}: ${from ?? '–'} → ${to ?? '–'}`).join('; ')
      ),
  },
];

function Change({ change, onClose }: { change: CatalogDiff; onClose(): void }) {
  return (
    <Details title={change.name} onClose={onClose}>
      <p className={details.quiet}>
        {change.kind.replaceAll('-', ' ')} {change.id}, {WORDS[change.what]}
      </p>
      {change.fields.length === 0 ? (
        <p className={details.quiet}>
          {change.what === 'dropped'
            ? 'The files no longer name it. Its history stays on the record.'
            : 'It comes with everything that the files say of it.'}
        </p>
      ) : (
        <Facts
          facts={change.fields.map(({ field, from, to }) => ({
            name: field,
            value: (
              <>
                {from !== null && <del className={styles.from}>{from}</del>}{' '}
                {to !== null && <ins className={styles.to}>{to}</ins>}
              </>
            ),
          }))}
        />
      )}
    </Details>
  );
}

/** Problems that are drawn at once. */
const SHOWN = 300;

function Problems({ problems }: { problems: readonly Problem[] }) {
  const [all, setAll] = useState(false);
  const sorted = useMemo(
    () =>
      problems.toSorted(
        (a, b) =>
          Number(b.severity === 'error') - Number(a.severity === 'error') ||
          a.file.localeCompare(b.file) ||
          a.line - b.line,
      ),
    [problems],
  );
  if (problems.length === 0) return <p className={styles.none}>No problem was found.</p>;
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  return (
    <div className={styles.problems} tabIndex={0} role="region" aria-label="Problems">
      <ul>
        {shown.map((problem, index) => (
          <li key={index} className={styles.problem} data-severity={problem.severity}>
            <span className={styles.severity}>{problem.severity}</span>
            <span className={styles.place}>
              {problem.file}
              {problem.line > 0 && `:${problem.line}`}
            </span>
            <span className={styles.field}>{problem.field}</span>
            <span className={styles.message}>{problem.message}</span>
          </li>
        ))}
      </ul>
      {shown.length < sorted.length && (
        <Button onClick={() => setAll(true)}>Show all {sorted.length.toLocaleString('en')}</Button>
      )}
    </div>
  );
}
