/** A dialog with fields that sends one command. */
import { useState } from 'react';
import type { Reply } from '../../../shared/contract/spec.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import styles from './Access.module.css';

export function Sending({
  title,
  confirm,
  ready,
  send,
  onClose,
  aside,
  children,
}: {
  title: string;
  confirm: string;
  ready: boolean;
  send(): Promise<Reply>;
  onClose(): void;
  /** Stands before the button that sends. */
  aside?: React.ReactNode;
  children: React.ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  return (
    <Dialog open title={title} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={async (event) => {
          event.preventDefault();
          if (!ready || busy) return;
          setBusy(true);
          setError(null);
          const reply = await send();
          setBusy(false);
          if (reply.ok) onClose();
          else setError(reply.message);
        }}
      >
        {children}
        <ErrorLine error={error} />
        <p className={styles.buttons}>
          {aside}
          <Button type="submit" variant="primary" busy={busy} disabled={!ready} keys="Enter">
            {confirm}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
