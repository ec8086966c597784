/** A question with fields that sends one command. Invariant: it is sent once; what is refused stays beside the fields. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Reply } from '../../shared/contract/spec.ts';
import { Button } from './Button.tsx';
import { Dialog, type DialogProps } from './Dialog.tsx';
import { ErrorLine } from './ErrorLine.tsx';
import styles from './SendDialog.module.css';

export interface SendDialogProps extends Pick<DialogProps, 'title' | 'size' | 'landing' | 'onClose'> {
  /** On the button that sends. */
  confirm: string;
  danger?: boolean;
  /** Whether the button can be pressed. */
  ready?: boolean;
  /** What is still to be filled in, told when the button is pressed. */
  missing?(): string | null;
  send(): Promise<Reply>;
  /** Stands before the button that sends. */
  aside?: ReactNode;
  children: ReactNode;
}

export function SendDialog({
  confirm,
  danger = false,
  ready = true,
  missing,
  send,
  aside,
  children,
  ...dialog
}: SendDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (!ready || busy) return;
    const gap = missing?.() ?? null;
    setError(gap);
    if (gap !== null) return;
    setBusy(true);
    const reply = await send();
    setBusy(false);
    if (reply.ok) dialog.onClose();
    else setError(reply.message);
  };
  return (
    <Dialog open {...dialog}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
        <ErrorLine error={error} />
        <p className={styles.buttons}>
          {aside}
          <Button type="submit" variant={danger ? 'danger' : 'primary'} busy={busy} disabled={!ready} keys="Enter">
            {confirm}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
