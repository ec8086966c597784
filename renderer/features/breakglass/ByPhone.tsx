/** Approving what somebody reads out on the phone. Invariant: what is asked for is shown in words before the answer is. */
import { useState } from 'react';
import type { ChallengeView } from '../../../shared/contract/breakglass.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './BreakGlass.module.css';
import { capabilityWords } from './words.ts';

export function ByPhone({ onClose }: { onClose(): void }) {
  const [challenge, setChallenge] = useState('');
  const [heard, setHeard] = useState<ChallengeView | null>(null);
  const [reason, setReason] = useState('');
  const [response, setResponse] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    if (heard === null) {
      const reply = await call('breakglass.read', { challenge });
      if (reply.ok) setHeard(reply.value);
      else setError(reply.message);
    } else {
      const reply = await call('breakglass.phone', {
        challenge,
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      });
      if (reply.ok) setResponse(reply.value.response);
      else setError(reply.message);
    }
    setBusy(false);
  };
  return (
    <Dialog open size="wide" title="Approve by phone" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (response === null) void submit();
          else onClose();
        }}
      >
        {heard === null ? (
          <TextField
            className={styles.code}
            label="What is read out to you"
            mono
            autoFocus
            value={challenge}
            onChange={setChallenge}
            maxLength={60}
            help="23 characters, in groups of four. Make sure that you know the voice."
          />
        ) : (
          <Facts
            facts={[
              { name: 'Console', value: heard.console.name },
              { name: 'Holder', value: heard.holder.name },
              { name: 'May', value: capabilityWords(heard.capabilities) },
              { name: 'In', value: heard.incident ?? 'no incident' },
              { name: 'For', value: `${heard.minutes} min` },
            ]}
          />
        )}
        {heard !== null && response === null && (
          <TextField label="Note (may stay empty)" value={reason} onChange={setReason} autoFocus maxLength={2000} />
        )}
        {response !== null && (
          <>
            <p className={styles.lead}>Read this back:</p>
            <p className={styles.spoken} aria-label="To be read back">
              {response}
            </p>
          </>
        )}
        <ErrorLine error={error} />
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" keys="Enter" busy={busy}>
            {heard === null ? 'Look at it' : response === null ? 'Approve, and show the answer' : 'Done'}
          </Button>
          {response === null && <Button onClick={onClose}>Cancel</Button>}
        </div>
      </form>
    </Dialog>
  );
}
