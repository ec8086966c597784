/** Going back to a backup. Invariant: what would come of it is shown before it is asked for, and the question names the backup. */
import { useRef, useState } from 'react';
import type { RecordView } from '../../../shared/contract/record.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import styles from './Restore.module.css';
import { ReportLines } from './Report.tsx';
import { count } from '../../../shared/domain/record/lost.ts';

export interface RestoreProps {
  record: RecordView;
  /** Path of a listed backup; empty: a file that a person names. */
  path: string;
  nameOf(console: string): string;
  onClose(): void;
  /** The engine starts again to do it. */
  onStarted(file: string): void;
}

export function Restore({ record, path, nameOf, onClose, onStarted }: RestoreProps) {
  const [named, setNamed] = useState(path);
  const [typed, setTyped] = useState('');
  const cancel = useRef<HTMLButtonElement>(null);
  const zone = useZone();
  const now = useNow(60_000);
  const { value: preview, error } = useQuery('backup.preview', named === '' ? null : { backup: named }, []);
  const { run, busy, error: refused } = useCommand('backup.restore');
  const listed = record.backups.list.find((backup) => backup.path === named);
  const file = listed?.file ?? named;
  const when = listed === undefined ? '' : ` of ${formatWhen(listed.at, zone, now, { seconds: true })}`;

  const restore = async (): Promise<void> => {
    const reply = await run({ backup: named });
    if (reply.ok) onStarted(file);
  };
  return (
    <Dialog
      open
      size="wide"
      title={path === '' ? 'Restore from a file' : `Restore from the backup${when}`}
      initialFocus={path === '' ? undefined : cancel}
      onClose={onClose}
      footer={
        <>
          <Button ref={cancel} onClick={onClose}>
            Cancel
          </Button>
          {preview !== undefined && (
            <Button needs="manage-console" variant="danger" busy={busy} onClick={() => void restore()}>
              {listed === undefined ? 'Restore from this file' : `Restore the backup${when}`}
            </Button>
          )}
        </>
      }
    >
      {path === '' && (
        <form
          className={styles.file}
          onSubmit={(event) => {
            event.preventDefault();
            setNamed(typed.trim());
          }}
        >
          <TextField
            label="File"
            className={styles.grow}
            mono
            autoFocus
            value={typed}
            onChange={(value) => {
              setTyped(value);
              setNamed('');
            }}
            placeholder="/media/stick/holdfast-….db"
          />
          <Button
            type="submit"
            variant={preview === undefined ? 'primary' : 'plain'}
            disabled={typed.trim() === ''}
            className={styles.look}
          >
            Look at it
          </Button>
        </form>
      )}
      {named !== '' && <code className={styles.path}>{file}</code>}
      <ErrorLine error={error ?? refused} />
      {named !== '' && preview === undefined && error === null && (
        <div>
          <p className={styles.quiet}>Reading all of it, and what is still readable in the present files.</p>
          <Skeleton rows={4} />
        </div>
      )}
      {preview !== undefined && (
        <>
          <ReportLines report={preview} done={false} nameOf={nameOf} />
          {preview.ops < record.ops && (
            <p className={styles.less}>That is {count(record.ops - preview.ops, 'op')} fewer than the log holds now.</p>
          )}
          <p className={styles.quiet}>
            The data engine starts again to do it; that takes some seconds, in which nothing can be saved. The present
            files are moved aside, not deleted.
          </p>
        </>
      )}
    </Dialog>
  );
}
