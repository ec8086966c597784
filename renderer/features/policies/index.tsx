/** The policies: read as tables, edited with every mistake named by its line, compared with what ships, and reset. */
import { useEffect, useRef, useState } from 'react';
import type { PolicyLint, PolicyLite, PolicyTableView, PolicyView } from '../../../shared/contract/policy.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { call } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextArea, TextField } from '../../ui/Field.tsx';
import { List } from '../../ui/List.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { condensed, diffLines } from './diff.ts';
import styles from './Policies.module.css';

export default function Policies() {
  const { value: policies, error, retry } = useQuery('policy.list', {}, ['policies', 'estate']);
  const { params, replace, back } = useNavigation();
  const selected = params['policy'] ?? policies?.[0]?.id;
  const { value: shown, error: showError } = useQuery(
    'policy.show',
    selected === undefined ? null : { policy: selected },
    ['policies', 'estate'],
  );
  useReady('policies', policies !== undefined && (shown !== undefined || showError !== null));
  useKeys('Policies', [{ keys: 'Escape', title: 'Back', run: back }]);
  useCommands(
    (policies ?? []).map(({ id, title }) => ({
      id: `policy.${id}`,
      title: `Read the policy: ${title}`,
      run: () => replace({ policy: id }),
    })),
  );
  if (policies === undefined) {
    return error === null ? (
      <Skeleton rows={6} />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={error} onRetry={retry} />
      </div>
    );
  }
  return (
    <SplitPane
      id="policies"
      label="the policy"
      initial={860}
      min={480}
      max={1400}
      first={
        <List
          label="Policies"
          main
          items={policies}
          keyOf={({ id }) => id}
          selected={selected ?? null}
          onOpen={({ id }) => replace({ policy: id })}
          render={(policy) => <Row policy={policy} />}
          empty={<EmptyState size="page" title="This console has no policies." />}
        />
      }
      second={
        showError !== null ? (
          <div className={styles.failed}>
            <ErrorLine error={showError} />
          </div>
        ) : shown === undefined ? (
          <Skeleton rows={8} />
        ) : (
          <Reading key={shown.id} policy={shown} />
        )
      }
    />
  );
}

function Row({ policy }: { policy: PolicyLite }) {
  return (
    <div className={styles.row}>
      <span className={styles.title}>{policy.title}</span>
      <span className={styles.quiet}>{policy.summary}</span>
      <span className={styles.quiet}>
        {policy.from === 'shipped' ? 'As shipped' : `Version ${policy.version}, by ${policy.by?.name ?? 'somebody'}`}
      </span>
      {policy.warning !== null && <span className={styles.warning}>{policy.warning}</span>}
    </div>
  );
}

type Tab = 'read' | 'edit' | 'compare' | 'history';

function Reading({ policy }: { policy: PolicyView }) {
  const zone = useZone();
  const [tab, setTab] = useState<Tab>('read');
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <article className={styles.reading}>
      <h2 className={styles.heading}>{policy.title}</h2>
      <p className={styles.quiet}>
        {policy.from === 'shipped' || policy.at === null ? (
          'As shipped.'
        ) : (
          <>
            Version {policy.version}, by {policy.by?.name}, <TimeText at={policy.at} zone={zone} />: {policy.reason}
          </>
        )}
      </p>
      {policy.warning !== null && <p className={styles.warning}>{policy.warning}</p>}
      <Tabs<Tab>
        label="Policy"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: 'read', label: 'Read', panel: <Tables tables={policy.tables} /> },
          {
            value: 'edit',
            label: draft === null ? 'Change' : 'Change (not saved)',
            panel: (
              <Editor
                policy={policy}
                text={draft ?? policy.text}
                onChange={(next) => setDraft(next === policy.text ? null : next)}
                onSaved={() => {
                  setDraft(null);
                  setTab('read');
                }}
              />
            ),
          },
          {
            value: 'compare',
            label: 'Compare with what ships',
            panel: (
              <div className={styles.panel}>
                <Difference older={policy.shipped} newer={draft ?? policy.text} />
                {policy.from === 'record' && <Reset policy={policy} />}
              </div>
            ),
          },
          {
            value: 'history',
            label: 'History',
            count: policy.history.length,
            panel: <History policy={policy} onTake={setDraft} onTab={setTab} />,
          },
        ]}
      />
    </article>
  );
}

function Tables({ tables }: { tables: readonly PolicyTableView[] }) {
  return (
    <div className={styles.panel}>
      {tables.map(({ title, note, columns, rows }) => (
        <section key={title} aria-label={title}>
          <h3 className={styles.tableTitle}>{title}</h3>
          {note !== '' && <p className={styles.quiet}>{note}</p>}
          <div className={styles.scroll} tabIndex={0} role="group" aria-label={title}>
            <table className={styles.table}>
              <thead>
                <tr>
                  {columns.map((column) => (
                    <th key={column} scope="col">
                      {column}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ line, cells }) => (
                  <tr key={`${line} ${cells.join(' ')}`}>
                    {cells.map((cell, index) => (
                      <td key={columns[index]}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ))}
    </div>
  );
}

/** How long a text rests before it is checked, ms. */
const REST_MS = 150;

function Editor({
  policy,
  text,
  onChange,
  onSaved,
}: {
  policy: PolicyView;
  text: string;
  onChange(text: string): void;
  onSaved(): void;
}) {
  const [lint, setLint] = useState<PolicyLint | null>(null);
  const [reason, setReason] = useState('');
  const save = useCommand('policy.set');
  const box = useRef<HTMLTextAreaElement>(null);
  const changed = text !== policy.text;
  useEffect(() => {
    let late = false;
    const timer = setTimeout(() => {
      void call('policy.lint', { policy: policy.id, text }).then((reply) => {
        if (!late && reply.ok) setLint(reply.value);
      });
    }, REST_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [policy.id, text]);
  const ready = changed && lint?.ok === true && reason.trim() !== '';
  const submit = async (): Promise<void> => {
    if (!ready) return;
    const reply = await save.run({ policy: policy.id, text, reason: reason.trim() });
    if (reply.ok) onSaved();
  };
  const toLine = (line: number): void => {
    const at =
      text
        .split('\n')
        .slice(0, Math.max(0, line - 1))
        .join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('\n', at);
    box.current?.focus();
    box.current?.setSelectionRange(at, end < 0 ? text.length : end);
  };
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <TextArea
        ref={box}
        className={styles.editor}
        label={`Text of ${policy.file}`}
        mono
        value={text}
        onChange={onChange}
      />
      <ul className={styles.problems} aria-label="Problems" aria-live="polite">
        {lint?.problems.map(({ severity, line, field, message }) => (
          <li key={`${line} ${field} ${message}`}>
            <button type="button" className={styles.problem} onClick={() => toLine(line)}>
              <span className={severity === 'error' ? styles.error : styles.warning}>
                {severity === 'error' ? 'Error' : 'Warning'} in line {line}
              </span>{' '}
              {field !== '' && `${field}: `}
              {message}
            </button>
          </li>
        ))}
        {lint?.problems.length === 0 && <li className={styles.quiet}>No gap, no contradiction.</li>}
      </ul>
      <div className={styles.buttons}>
        <TextField
          className={styles.reason}
          label="Why it is changed"
          value={reason}
          maxLength={2000}
          onChange={setReason}
        />
        <Button needs={needsOf(policy.id)} type="submit" variant="primary" busy={save.busy} disabled={!ready}>
          Put in force
        </Button>
        {changed && (
          <Button variant="quiet" onClick={() => onChange(policy.text)}>
            Discard
          </Button>
        )}
      </div>
      <ErrorLine error={save.error} />
    </form>
  );
}

function Difference({ older, newer }: { older: string; newer: string }) {
  if (older === newer) return <p className={styles.quiet}>It is what ships.</p>;
  return (
    <pre className={styles.diff} aria-label="Differences" tabIndex={0}>
      {condensed(diffLines(older, newer)).map((line, index) => (
        <span key={index} data-mark={line?.mark}>
          {line === null ? '⋯' : `${line.mark} ${String(line.line ?? '').padStart(4)}  ${line.text}`}
        </span>
      ))}
    </pre>
  );
}

function Reset({ policy }: { policy: PolicyView }) {
  const [reason, setReason] = useState('');
  const reset = useCommand('policy.reset');
  return (
    <form
      className={styles.panel}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '') void reset.run({ policy: policy.id, reason: reason.trim() });
      }}
    >
      <div className={styles.buttons}>
        <TextField
          className={styles.reason}
          label="Why it is reset"
          value={reason}
          maxLength={2000}
          onChange={setReason}
        />
        <Button needs={needsOf(policy.id)} type="submit" busy={reset.busy} disabled={reason.trim() === ''}>
          Reset to what ships
        </Button>
      </div>
      <ErrorLine error={reset.error} />
    </form>
  );
}

function History({
  policy,
  onTake,
  onTab,
}: {
  policy: PolicyView;
  onTake(text: string | null): void;
  onTab(tab: Tab): void;
}) {
  const zone = useZone();
  if (policy.history.length === 0)
    return <p className={styles.quiet}>Nobody has changed it. What is put in force stands here, with who and why.</p>;
  return (
    <ol className={styles.history}>
      {policy.history.map(({ op, version, by, at, reason, inForce, text }) => (
        <li key={op}>
          <strong>{text === null ? 'Reset to what ships' : `Version ${version}`}</strong>
          {inForce && ' (in force)'}{' '}
          <span className={styles.quiet}>
            {by.name}, <TimeText at={at} zone={zone} />: {reason}
          </span>{' '}
          {text !== null && !inForce && (
            <Button
              variant="quiet"
              onClick={() => {
                onTake(text);
                onTab('edit');
              }}
            >
              Look at it
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}

/** Who may do and approve what is changed by whoever may grant access. */
function needsOf(policy: string): 'grant-access' | 'edit-estate' {
  return policy === 'access' || policy === 'authority' ? 'grant-access' : 'edit-estate';
}
