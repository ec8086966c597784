/** Writes the catalog back as files, into a folder that a person chooses. */
import { useState } from 'react';
import type { Output } from '../../../shared/contract/table.ts';
import { useReady } from '../../app/ready.ts';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import styles from './Import.module.css';

export default function Export({ onLeave }: { onLeave(): void }) {
  const { run, busy, error } = useCommand('catalog.export');
  const [done, setDone] = useState<Output<'catalog.export'> | null>(null);
  useReady('estate', true);
  const choose = async (): Promise<void> => {
    const [directory] = await bridge.choosePaths('export-folder');
    if (directory === undefined) return;
    setDone(null);
    const reply = await run({ directory });
    if (reply.ok) setDone(reply.value);
  };
  useKeys('Export the catalog', [
    { keys: 'o', title: 'Choose a folder', run: () => void choose() },
    { keys: 'Escape', title: 'Back to the estate', run: onLeave },
  ]);
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h2 className={styles.title}>Export the catalog</h2>
        <span className={styles.actions}>
          <Button variant="quiet" keys="Escape" onClick={onLeave}>
            Back
          </Button>
        </span>
      </header>
      <ErrorLine error={error} />
      <div className={styles.drop}>
        {done === null ? (
          <>
            <p className={styles.lead}>Everything in the estate as YAML, ready to be imported again.</p>
            <p className={styles.quiet}>
              Backstage descriptors for services, teams and people; plain YAML for stores, regions, business services
              and sources. No credential is written.
            </p>
            <Button variant="primary" busy={busy} keys="o" autoFocus onClick={() => void choose()}>
              Choose a folder
            </Button>
          </>
        ) : (
          <>
            <p className={styles.lead}>
              {done.entities.toLocaleString('en')} entities in {done.files.length} files.
            </p>
            <p className={styles.quiet}>{done.directory}</p>
            <ul className={styles.quiet}>
              {done.files.map((file) => (
                <li key={file}>{file}</li>
              ))}
            </ul>
            <Button autoFocus onClick={onLeave}>
              Back to the estate
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
