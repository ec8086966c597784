/** The record about itself. It answers first: can it be trusted? Then: can it be brought back? */
import { useMemo, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { RecordActions } from '../export/RecordActions.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { Audit } from '../audit/Audit.tsx';
import { Retention } from '../retention/Retention.tsx';
import { Answer } from './Answer.tsx';
import { Backups } from './Backups.tsx';
import { Consoles } from './Consoles.tsx';
import { dismiss, useDismissed } from './dismissed.ts';
import { Findings } from './Findings.tsx';
import { Keys } from './Keys.tsx';
import { KeptOut } from './KeptOut.tsx';
import styles from './Record.module.css';
import { ReportLines } from './Report.tsx';
import { Restore } from './Restore.tsx';
import { Shared } from './Shared.tsx';
import { consoleNames } from '../../../shared/domain/record/words.ts';

type Shown = 'findings' | 'consoles' | 'kept-out' | 'audit' | 'retention';

export default function Record() {
  const { value: record, error, retry } = useQuery('record.show', {}, ['record', 'status']);
  const verify = useCommand('record.verify');
  const create = useCommand('backup.create');
  const [restore, setRestore] = useState<string | null>(null);
  const [restoring, setRestoring] = useState<{ file: string; before: number } | null>(null);
  const [shown, setShown] = useState<Shown | null>(null);
  const dismissed = useDismissed((state) => state.at);
  const nameOf = useMemo(() => (record === undefined ? (id: string) => id : consoleNames(record)), [record]);
  useReady('record', record !== undefined);

  const check = (): void => {
    if (record?.verifying === null) void verify.run({});
  };
  const back = (): void => {
    if (!create.busy) void create.run({});
  };
  useKeys('Record', [
    { keys: 'v', title: 'Verify the record', run: check },
    { keys: 'b', title: 'Back up now', run: back },
  ]);
  useCommands([
    { id: 'record.verify', title: 'Verify the record', hint: 'this screen', keys: 'v', run: check },
    { id: 'record.audit', title: 'Who did what', hint: 'this screen', run: () => setShown('audit') },
    {
      id: 'record.retention',
      title: 'What need not be kept any longer',
      hint: 'this screen',
      run: () => setShown('retention'),
    },
    { id: 'record.backup', title: 'Back up now', hint: 'this screen', keys: 'b', run: back },
    { id: 'record.file', title: 'Restore from a file', hint: 'such as one from a stick', run: () => setRestore('') },
  ]);

  if (record === undefined) {
    return error === null ? (
      <RecordSkeleton />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={error} onRetry={retry} />
      </div>
    );
  }
  const { restored, verified } = record;
  const found = verified?.findingCount ?? 0;
  const waiting = restoring !== null && (restored?.at ?? 0) <= restoring.before;
  return (
    <div className={styles.record}>
      {waiting && (
        <p className={styles.restoring} role="status">
          <span>
            <b>Restoring.</b> The data engine is starting again to put back <code>{restoring.file}</code>. What came of
            it will stand here.
          </span>
        </p>
      )}
      {restored !== null && restored.at > dismissed && (
        <section className={styles.report} aria-label="Report of the restoration">
          <div>
            <h2 className={styles.reportTitle}>
              Restored <TimeText at={restored.at} />
            </h2>
            <p>{restored.cause}</p>
            <ReportLines report={restored} done nameOf={nameOf} />
          </div>
          <Button onClick={() => dismiss(restored.at)}>Put this away</Button>
        </section>
      )}
      <Answer record={record} error={verify.error} onVerify={check} />
      <RecordActions />
      {error !== null && (
        <ErrorLine error={`What you see is older than this error: ${error.message}`} onRetry={retry} />
      )}
      <div className={styles.columns}>
        <Tabs<Shown>
          label="What was checked"
          className={styles.column}
          value={shown !== null && (shown !== 'findings' || found > 0) ? shown : found > 0 ? 'findings' : 'consoles'}
          onChange={setShown}
          tabs={[
            ...(verified === null || found === 0
              ? []
              : [
                  {
                    value: 'findings' as const,
                    label: 'What is wrong',
                    count: found,
                    panel: <Findings verified={verified} nameOf={nameOf} />,
                  },
                ]),
            {
              value: 'consoles',
              label: 'Consoles',
              count: record.consoles.length,
              panel: <Consoles record={record} />,
            },
            {
              value: 'kept-out',
              label: 'Kept out',
              count: record.quarantine.total,
              panel: <KeptOut quarantine={record.quarantine} nameOf={nameOf} />,
            },
            { value: 'audit', label: 'Who did what', panel: <Audit /> },
            { value: 'retention', label: 'Retention', panel: <Retention /> },
          ]}
        />
        <div className={styles.side}>
          <Backups backups={record.backups} create={create} onCreate={back} onRestore={setRestore} />
          <div className={styles.elsewhere}>
            <Button variant="quiet" onClick={() => setRestore('')}>
              Restore from a file…
            </Button>
          </div>
          <Shared />
          <Keys record={record} />
        </div>
      </div>
      {restore !== null && (
        <Restore
          record={record}
          path={restore}
          nameOf={nameOf}
          onClose={() => setRestore(null)}
          onStarted={(file) => {
            setRestore(null);
            setRestoring({ file, before: restored?.at ?? 0 });
          }}
        />
      )}
    </div>
  );
}

function RecordSkeleton() {
  return (
    <Skeleton>
      <Bar width={30} />
      <Bar width={60} height={28} />
      {[90, 70, 80, 60].map((width) => (
        <Bar key={width} width={width} />
      ))}
    </Skeleton>
  );
}
