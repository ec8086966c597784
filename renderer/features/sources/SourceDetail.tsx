/** One source: what it is, when it was heard, when it is asked again, and what can be done with it. */
import { useState } from 'react';
import type { SourceType, SourceView, TestReport } from '../../../shared/contract/sources.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { SourceMark } from '../../ui/SourceMark.tsx';
import { shownValue } from './config.ts';
import { NextTry } from './NextTry.tsx';
import styles from './Sources.module.css';
import { TestResult } from './TestResult.tsx';

export function SourceDetail({
  source,
  type,
  onEdit,
  onRemoved,
}: {
  source: SourceView;
  type: SourceType | undefined;
  onEdit(): void;
  onRemoved(): void;
}) {
  const [report, setReport] = useState<TestReport | null>(null);
  const [sure, setSure] = useState(false);
  const test = useCommand('sources.test');
  const change = useCommand('sources.change');
  const remove = useCommand('sources.remove');

  const tryOut = async (): Promise<void> => {
    setReport(null);
    const reply = await test.run({ source: source.id });
    if (reply.ok) setReport(reply.value);
  };
  const drop = async (): Promise<void> => {
    const reply = await remove.run({ source: source.id });
    if (reply.ok) onRemoved();
  };

  const fields =
    type?.fields.filter(({ secret }) => !secret) ?? Object.keys(source.config).map((name) => ({ name, title: name }));
  return (
    <div className={styles.detail}>
      <h2 className={styles.formTitle}>{source.title}</h2>
      <p className={styles.state}>
        <SourceMark state={source.state} />
        <span>{source.message}</span>
      </p>
      <Facts
        facts={[
          { name: 'Kind', value: type?.title ?? source.type },
          { name: 'Id', value: <code>{source.id}</code> },
          { name: 'Last heard', value: <Age at={source.lastSuccessAt} /> },
          { name: 'Last asked', value: <Age at={source.lastTryAt} /> },
          { name: 'Next try', value: <NextTry source={source} /> },
          { name: 'Failures in a row', value: source.failures },
          { name: 'Signals held', value: source.signals.toLocaleString('en') },
          ...fields.map(({ name, title }) => ({
            name: title,
            value:
              shownValue(source.config[name]) === '' ? (
                <span className={styles.quiet}>not set</span>
              ) : (
                <code>{shownValue(source.config[name])}</code>
              ),
          })),
          { name: 'Credential', value: source.credential ? 'kept on this machine, never shown' : 'none' },
        ]}
      />
      <div className={styles.formFoot}>
        <Button variant="primary" onClick={onEdit} disabled={type === undefined}>
          Change
        </Button>
        <Button busy={test.busy} onClick={() => void tryOut()}>
          Test connection
        </Button>
        <Button busy={change.busy} onClick={() => void change.run({ source: source.id, enabled: !source.enabled })}>
          {source.enabled ? 'Switch off' : 'Switch on'}
        </Button>
        {!sure && (
          <Button variant="quiet" className={styles.remove} onClick={() => setSure(true)}>
            Remove
          </Button>
        )}
      </div>
      {sure && (
        <div className={styles.sure} role="group" aria-label="Remove this source">
          <p>
            Remove {source.title}? It is not asked any more, its credential is forgotten, and what only it knew becomes
            unknown. What it reported stays in the log.
          </p>
          <div className={styles.formFoot}>
            <Button autoFocus onClick={() => setSure(false)}>
              Keep it
            </Button>
            <Button variant="danger" busy={remove.busy} onClick={() => void drop()}>
              Remove
            </Button>
          </div>
        </div>
      )}
      {report !== null && <TestResult report={report} />}
      <ErrorLine error={test.error ?? change.error ?? remove.error} />
    </div>
  );
}
