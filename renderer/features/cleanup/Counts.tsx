/** Counts an item down: so many reconciled, so many written off, and why. */
import { useState } from 'react';
import type { CleanupItemView } from '../../../shared/contract/cleanup.ts';
import { call } from '../../bridge/client.ts';
import { TextField } from '../../ui/Field.tsx';
import { SendDialog } from '../../ui/SendDialog.tsx';
import styles from './Cleanup.module.css';

const whole = (text: string): number | null => (/^\d{1,12}$/.test(text.trim()) ? Number(text.trim()) : null);

export function Counts({ incident, item, onClose }: { incident: string; item: CleanupItemView; onClose(): void }) {
  const [reconciled, setReconciled] = useState(String(item.count - item.writtenOff));
  const [writtenOff, setWrittenOff] = useState(String(item.writtenOff));
  const [reason, setReason] = useState('');
  const [done, gone] = [whole(reconciled), whole(writtenOff)];
  const left = done === null || gone === null ? null : item.count - done - gone;
  const wrong =
    left === null ? 'Write whole numbers.' : left < 0 ? `There are ${item.count} ${item.unit} in all.` : null;
  return (
    <SendDialog
      title="How much of it is put right?"
      confirm={left === 0 ? 'Reconciled' : 'Write it down'}
      ready={wrong === null}
      send={() =>
        call('cleanup.done', {
          ...{ incident, item: item.id, reconciled: done!, writtenOff: gone! },
          ...(reason.trim() === '' ? {} : { reason }),
        })
      }
      onClose={onClose}
    >
      <p className={styles.quiet}>
        {item.title}: {item.count.toLocaleString('en')} {item.unit}
      </p>
      <div className={styles.pair}>
        <TextField
          label="Reconciled"
          value={reconciled}
          onChange={setReconciled}
          autoFocus
          inputMode="numeric"
          onFocus={(event) => event.target.select()}
          error={wrong}
          help={
            left === null || left < 0 ? undefined : left === 0 ? 'nothing is left' : `${left.toLocaleString('en')} left`
          }
        />
        <TextField label="Written off" value={writtenOff} onChange={setWrittenOff} inputMode="numeric" />
      </div>
      <TextField
        label={gone === 0 ? 'How (may stay empty)' : 'Why it is written off'}
        value={reason}
        onChange={setReason}
        maxLength={2000}
      />
    </SendDialog>
  );
}
