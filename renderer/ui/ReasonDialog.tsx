/** Asks for a reason and does what was asked for with it. What is refused stays beside the reason. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Reply } from '../../shared/contract/spec.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';
import { ErrorLine } from './ErrorLine.tsx';
import { TextField } from './Field.tsx';
import styles from './ReasonDialog.module.css';

export interface Reasoned {
  title: string;
  /** What it is about. */
  quote?: ReactNode;
  label?: string;
  confirm: string;
  /** Whether it may stay empty. */
  optional?: boolean;
  run(reason: string): Promise<Reply>;
}

export function ReasonDialog({
  title,
  quote,
  label = 'Reason',
  confirm,
  optional = false,
  run,
  onClose,
}: Reasoned & { onClose(): void }) {
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const ready = optional || reason.trim() !== '';
  return (
    <Dialog open title={title} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={async (event) => {
          event.preventDefault();
          if (!ready || busy) return;
          setBusy(true);
          setError(null);
          const reply = await run(reason.trim());
          setBusy(false);
          if (reply.ok) onClose();
          else setError(reply.message);
        }}
      >
        {quote !== undefined && <p className={styles.quote}>{quote}</p>}
        <TextField label={label} value={reason} onChange={setReason} autoFocus maxLength={2000} />
        <ErrorLine error={error} />
        <p className={styles.buttons}>
          <Button type="submit" variant="primary" busy={busy} disabled={!ready} keys="Enter">
            {confirm}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
