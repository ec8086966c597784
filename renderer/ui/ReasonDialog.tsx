/** Asks for a reason and does what was asked for with it. What is refused stays beside the reason. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Reply } from '../../shared/contract/spec.ts';
import { TextField } from './Field.tsx';
import { SendDialog, type SendDialogProps } from './SendDialog.tsx';
import styles from './ReasonDialog.module.css';

export interface Reasoned extends Pick<SendDialogProps, 'title' | 'confirm'> {
  /** What it is about. */
  quote?: ReactNode;
  label?: string;
  /** Whether it may stay empty. */
  optional?: boolean;
  run(reason: string): Promise<Reply>;
}

export function ReasonDialog({
  quote,
  label = 'Reason',
  optional = false,
  run,
  ...dialog
}: Reasoned & Pick<SendDialogProps, 'landing' | 'onClose'>) {
  const [reason, setReason] = useState('');
  return (
    <SendDialog {...dialog} ready={optional || reason.trim() !== ''} send={() => run(reason.trim())}>
      {quote !== undefined && <p className={styles.quote}>{quote}</p>}
      <TextField label={label} value={reason} onChange={setReason} autoFocus maxLength={2000} />
    </SendDialog>
  );
}
