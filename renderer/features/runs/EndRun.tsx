/** Ends a run that nobody goes on with. */
import { useState } from 'react';
import type { RunView } from '../../../shared/contract/incident.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Runs.module.css';

export function EndRun({ run, landing }: { run: RunView; landing(): HTMLElement | null }) {
  const { incident } = useRoom();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const end = useCommand('incident.run.end');
  const submit = async (): Promise<void> => {
    const reply = await end.run({ incident: incident.id, run: run.id, reason });
    if (reply.ok) setAsking(false);
  };
  return (
    <>
      <Button variant="quiet" onClick={() => setAsking(true)}>
        End this runbook
      </Button>
      {asking && (
        <Dialog open title="End this runbook: why?" landing={landing} onClose={() => setAsking(false)}>
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim() !== '') void submit();
            }}
          >
            <p className={styles.quiet}>Its steps stay as they are and can be read; nothing is done in it any more.</p>
            <TextField label="Reason" value={reason} onChange={setReason} autoFocus maxLength={2000} />
            <p className={styles.buttons}>
              <Button type="submit" variant="primary" busy={end.busy} disabled={reason.trim() === ''} keys="Enter">
                End it
              </Button>
            </p>
            <ErrorLine error={end.error} />
          </form>
        </Dialog>
      )}
    </>
  );
}
