/**
 * The encrypted data folder waits for its passphrase, before anything of it is known. Invariant: what was typed is in no state but
 * this field's, and is gone when it was sent.
 */
import { useEffect, useRef, useState } from 'react';
import { RESCUE } from '../../../shared/domain/record/at-rest.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { tellPainted } from '../../app/ready.ts';
import { bridge } from '../../bridge/client.ts';
import { useEngine } from '../../bridge/useEngine.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './Rest.module.css';

export default function FolderLocked() {
  const { message, until, since } = useEngine();
  const now = useNow();
  const [passphrase, setPassphrase] = useState('');
  /** Of which question this was the answer. */
  const [sent, setSent] = useState<number | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const waits = until != null && until > now;
  const busy = sent === since;
  useEffect(() => {
    document.documentElement.dataset.ready = 'folder-locked';
    tellPainted();
    return () => {
      delete document.documentElement.dataset.ready;
    };
  }, []);
  const send = (): void => {
    if (passphrase === '' || busy || waits) return;
    setSent(since);
    setPassphrase('');
    void bridge.openFolder(passphrase);
    field.current?.focus();
  };
  return (
    <main className={styles.locked} aria-label="The data folder is locked">
      <h1 className={styles.title}>Holdfast is locked</h1>
      <p>Its data folder is encrypted. The passphrase of the folder opens it; then everything is as it was.</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <TextField
          ref={field}
          label="Passphrase of the data folder"
          type="password"
          autoFocus
          value={passphrase}
          onChange={setPassphrase}
        />
        <Button type="submit" variant="primary" busy={busy} disabled={waits}>
          {waits ? `Wait ${formatDuration(until - now)}` : 'Open'}
        </Button>
      </form>
      <ErrorLine error={busy ? null : message} />
      <p className={styles.quiet}>Is the passphrase lost? {RESCUE}</p>
      <p className={styles.quiet}>
        Data folder: <code>{bridge.info.dataFolder}</code>
      </p>
    </main>
  );
}
