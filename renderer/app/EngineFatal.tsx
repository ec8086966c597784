/** The data engine will not start: the sentence that says why, and what can be done. */
import { useState } from 'react';
import { bridge } from '../bridge/client.ts';
import { Button } from '../ui/Button.tsx';
import styles from './EngineFatal.module.css';

export function EngineFatal({ message }: { message: string | null }) {
  const [busy, setBusy] = useState(false);
  const again = async (): Promise<void> => {
    setBusy(true);
    await bridge.retryEngine();
    setBusy(false);
  };
  return (
    <main className={styles.page}>
      <h1 className={styles.title}>Holdfast cannot open its data</h1>
      <p className={styles.message} role="alert">
        {message ?? 'The data engine stopped and gave no reason.'}
      </p>
      <p className={styles.quiet}>
        The data folder was left as it is. Put the cause right, then start the data engine again.
      </p>
      <Button variant="primary" autoFocus busy={busy} onClick={() => void again()}>
        Start the data engine again
      </Button>
      <p className={styles.quiet}>
        Data folder: <code>{bridge.info.dataFolder}</code>
      </p>
    </main>
  );
}
