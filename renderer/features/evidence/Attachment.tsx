/** The file of a timeline entry: where it is, and the one thing to do with it. Nothing is opened here: what it holds is anybody's. */
import { useState } from 'react';
import type { EvidenceView } from '../../../shared/contract/evidence.ts';
import { evidenceWords } from '../../../shared/domain/evidence.ts';
import { sizeWords } from '../../../shared/domain/link/words.ts';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import styles from './Attachment.module.css';

export function Attachment({ incident, entry }: { incident: string; entry: string }) {
  const { value: all, error } = useQuery('evidence.list', { incident }, [`incident:${incident}`]);
  const found = all?.find((one) => one.entry === entry);
  return found ? <File incident={incident} file={found} /> : <ErrorLine error={error} />;
}

function File({ incident, file }: { incident: string; file: EvidenceView }) {
  const fetch = useCommand('evidence.fetch');
  const save = useCommand('evidence.save');
  const [saved, setSaved] = useState<string | null>(null);
  const take = async (): Promise<void> => {
    const [to] = await bridge.choosePaths('evidence-folder');
    if (to === undefined) return;
    setSaved(null);
    const reply = await save.run({ incident, file: file.sha256, to });
    if (reply.ok) setSaved(reply.value.path);
  };
  return (
    <div className={styles.attachment}>
      <span className={styles.words}>{evidenceWords(file)}</span>
      {file.state === 'here' ? (
        <Button variant="quiet" busy={save.busy} aria-label={`Save ${file.name}`} onClick={() => void take()}>
          Save …
        </Button>
      ) : (
        file.state === 'elsewhere' && (
          <Button
            variant="quiet"
            busy={fetch.busy}
            aria-label={`Fetch ${file.name}, ${sizeWords(file.size)}, from ${file.console.name}`}
            onClick={() => void fetch.run({ incident, file: file.sha256 })}
          >
            Fetch
          </Button>
        )
      )}
      {saved !== null && (
        <span className={styles.words} role="status">
          Saved as {saved}
        </span>
      )}
      {file.problem !== null && <p className={styles.problem}>{file.problem}</p>}
      <ErrorLine error={fetch.error ?? save.error} />
    </div>
  );
}
