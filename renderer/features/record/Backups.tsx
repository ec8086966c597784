/** The copies of the record: when the last was made, whether the next will be, where they lie, and the way back to one. */
import { useState } from 'react';
import type { BackupView, RecordView } from '../../../shared/contract/record.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useNow } from '../../state/now.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { List } from '../../ui/List.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Backups.module.css';
import { Plan } from './Plan.tsx';
import { formatBytes, periodWords, reasonWords } from '../../../shared/domain/record/words.ts';

export interface BackupsProps {
  backups: RecordView['backups'];
  /** Making one now. */
  create: ReturnType<typeof useCommand<'backup.create'>>;
  onCreate(): void;
  onRestore(path: string): void;
}

export function Backups({ backups, create, onCreate, onRestore }: BackupsProps) {
  const [planning, setPlanning] = useState(false);
  const { list, directory, everyMinutes, lastSuccessAt, lastFailure } = backups;
  return (
    <Panel
      className={styles.backups}
      title="Backups"
      note={list.length > 0 ? String(list.length) : undefined}
      actions={
        <Button needs="manage-console" keys="b" busy={create.busy} onClick={onCreate}>
          Back up now
        </Button>
      }
    >
      <div className={styles.facts}>
        {lastFailure !== null && (
          <ErrorLine error={`The last try failed: ${lastFailure.message}`} action={<Age at={lastFailure.at} />} />
        )}
        <ErrorLine
          error={create.error !== null && create.error.message !== lastFailure?.message ? create.error : null}
        />
        <Facts
          facts={[
            {
              name: 'Last',
              value: (
                <Age at={lastSuccessAt} limit={everyMinutes > 0 ? everyMinutes * 2 * 60_000 + 3_600_000 : undefined} />
              ),
            },
            { name: 'Next', value: <Next at={backups.nextAt} everyMinutes={everyMinutes} /> },
            ...(planning
              ? []
              : [
                  { name: 'How often', value: periodWords(everyMinutes) },
                  { name: 'Where', value: <code>{directory}</code> },
                ]),
          ]}
        />
        {planning ? (
          <Plan directory={directory} everyMinutes={everyMinutes} onDone={() => setPlanning(false)} />
        ) : (
          <Button variant="quiet" className={styles.change} onClick={() => setPlanning(true)}>
            Change where and how often
          </Button>
        )}
      </div>
      <List
        label="Backups"
        main
        items={list}
        keyOf={({ path }) => path}
        glow
        onOpen={({ path }) => onRestore(path)}
        render={(backup) => <Row backup={backup} onRestore={() => onRestore(backup.path)} />}
        empty={
          <EmptyState
            title="There is no backup yet."
            text="Each holds the whole log, is read back after it was written, and remembers how long the log was."
          />
        }
      />
    </Panel>
  );
}

function Row({ backup, onRestore }: { backup: BackupView; onRestore(): void }) {
  const { at, ops, bytes, problem, path } = backup;
  return (
    <div className={styles.row} title={path}>
      <span className={styles.when}>
        <TimeText at={at} />
        <span className={styles.quiet}>
          <Age at={at} />, {reasonWords(backup)}
        </span>
        {problem !== null && <span className={styles.problem}>{problem}</span>}
      </span>
      <span className={styles.size}>
        {problem === null && `${ops.toLocaleString('en')} ops`}
        <span className={styles.quiet}>{formatBytes(bytes)}</span>
      </span>
      <Button variant="quiet" tabIndex={-1} onClick={onRestore}>
        Restore…
      </Button>
    </div>
  );
}

function Next({ at, everyMinutes }: { at: number | null; everyMinutes: number }) {
  const now = useNow();
  if (everyMinutes === 0) return <span className={styles.problem}>none: no schedule is set</span>;
  if (at === null) return <span className={styles.quiet}>when the console runs</span>;
  return <>{at <= now ? 'now' : `in ${formatDuration(at - now)}`}, if anything was written</>;
}
