/** Asked for: waiting for another console, with what to read out on the phone meanwhile. */
import { useState } from 'react';
import { formatClock } from '../../../shared/domain/times.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './BreakGlass.module.css';

export function Waiting({ grant, challenge }: { grant: string; challenge: string | null }) {
  const { value, readAt } = useQuery('breakglass.list', {}, ['grants', 'incidents']);
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const now = useNow();
  const [approver, setApprover] = useState<string | null>(null);
  const [response, setResponse] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const shown = value?.grants.find(({ id }) => id === grant);
  const approved = shown?.state === 'approved';
  const refused = shown?.answers.find(({ answer }) => answer === 'refused');
  const left = shown?.remainingMs == null ? null : shown.remainingMs - Math.max(0, now - (readAt ?? now));
  const open = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const reply = await call('breakglass.open', {
      grant,
      ...(approved ? {} : { response, ...(approver === null ? {} : { approver }) }),
    });
    setBusy(false);
    if (reply.ok) closeDialog();
    else setError(reply.message);
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <p className={styles.lead} role="status">
        {approved
          ? `Approved by ${shown.answers[0]!.by.name}. Open it when you need it.`
          : refused
            ? `Refused by ${refused.by.name}${refused.reason === null ? '.' : `: ${refused.reason}`}`
            : 'Asked for. It stands under "Needs you" at every console that can be reached; whoever may grant access approves it there.'}
      </p>
      {left !== null && left > 0 && !refused && (
        <p className={styles.quiet}>
          {approved ? 'To be opened within' : 'Waits for'} {formatClock(left)}
        </p>
      )}
      {!approved && !refused && challenge !== null && (
        <>
          <p>
            Nobody can be reached but by phone? Read this out to somebody who may grant access, at an enrolled console:
            there it is typed under &ldquo;Approve by phone&rdquo;, and the answer is read back.
          </p>
          <p className={styles.spoken} aria-label="To be read out">
            {challenge}
          </p>
          <div className={styles.pair}>
            <Combobox
              label="Who approved it"
              options={(people ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={approver}
              onChange={setApprover}
              placeholder="Type a name"
            />
            <TextField
              className={styles.code}
              label="The answer"
              mono
              value={response}
              onChange={setResponse}
              placeholder="XXXX-XXXX-XXXX"
              maxLength={30}
            />
          </div>
        </>
      )}
      <ErrorLine error={error} />
      <div className={styles.buttons}>
        {!refused && (approved || challenge !== null) && (
          <Button type="submit" variant="danger" keys="Enter" busy={busy}>
            Open emergency access
          </Button>
        )}
        <Button onClick={closeDialog}>Close</Button>
      </div>
    </form>
  );
}
