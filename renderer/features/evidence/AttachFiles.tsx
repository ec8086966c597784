/** Files that were dropped onto the room, shown once more before they are attached: what is attached stays in the record. */
import { useState } from 'react';
import { MAX_EVIDENCE } from '../../../shared/domain/evidence.ts';
import { sizeWords } from '../../../shared/domain/link/words.ts';
import { call } from '../../bridge/client.ts';
import type { DroppedFile } from '../../state/drops.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './Evidence.module.css';

interface Props {
  incident: string;
  label: string;
  files: readonly DroppedFile[];
  refused: readonly string[];
  onClose(): void;
}

export default function AttachFiles({ incident, label, files, refused, onClose }: Props) {
  const [text, setText] = useState('');
  const [left, setLeft] = useState(files);
  const [failed, setFailed] = useState<readonly string[]>([]);
  const [at, setAt] = useState<number | null>(null);
  const count = left.length === 1 ? 'the file' : `${left.length.toLocaleString('en')} files`;
  const attach = async (): Promise<void> => {
    if (at !== null || left.length === 0) return;
    const again: DroppedFile[] = [];
    const why: string[] = [];
    for (const [index, file] of left.entries()) {
      setAt(index);
      const said = text.trim();
      const reply = await call('evidence.add', { incident, path: file.path, ...(said === '' ? {} : { text: said }) });
      if (reply.ok) continue;
      again.push(file);
      why.push(reply.message.replace(/^path: /, ''));
    }
    setAt(null);
    setLeft(again);
    setFailed(why);
    if (again.length === 0) onClose();
  };
  return (
    <Dialog
      open
      title={`Attach to ${label}`}
      size="wide"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{left.length === 0 ? 'Close' : 'Attach nothing'}</Button>
          {left.length > 0 && (
            <Button variant="primary" needs="declare" busy={at !== null} onClick={() => void attach()}>
              {at !== null
                ? `${(at + 1).toLocaleString('en')} of ${left.length.toLocaleString('en')}…`
                : failed.length > 0
                  ? `Try ${count} again`
                  : `Attach ${count}`}
            </Button>
          )}
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void attach();
        }}
      >
        {refused.map((one) => (
          <ErrorLine key={one} error={one} />
        ))}
        {left.length > 0 && (
          <>
            <ul className={styles.dropped} aria-label="To be attached">
              {left.map(({ path, name, size }) => (
                <li key={path}>
                  <bdi dir="ltr" className={styles.name}>
                    {name}
                  </bdi>
                  <span className={styles.quiet}>{sizeWords(size)}</span>
                </li>
              ))}
            </ul>
            <TextField
              label="What it shows"
              help={`May stay empty; it is written beside each. A file has at most ${sizeWords(MAX_EVIDENCE)}.`}
              value={text}
              onChange={setText}
              autoFocus
            />
          </>
        )}
        {failed.map((one) => (
          <ErrorLine key={one} error={one} />
        ))}
      </form>
    </Dialog>
  );
}
