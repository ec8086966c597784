/** Where backups go and how often. Another disk is the point of them, so that is what the form asks for first. */
import { useState } from 'react';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './Plan.module.css';
import { PERIODS, periodWords } from '../../../shared/domain/record/words.ts';

export function Plan({ directory, everyMinutes, onDone }: { directory: string; everyMinutes: number; onDone(): void }) {
  const [folder, setFolder] = useState(directory);
  const [minutes, setMinutes] = useState(everyMinutes);
  const { run, busy, error } = useCommand('backup.plan');
  const periods = PERIODS.some((period) => period.minutes === everyMinutes)
    ? PERIODS
    : [{ minutes: everyMinutes, words: periodWords(everyMinutes) }, ...PERIODS];

  const choose = async (): Promise<void> => {
    const [chosen] = await bridge.choosePaths('backup-folder');
    if (chosen !== undefined) setFolder(chosen);
  };
  const save = async (): Promise<void> => {
    const reply = await run({
      ...(folder.trim() === directory ? {} : { directory: folder.trim() === '' ? null : folder.trim() }),
      everyMinutes: minutes,
    });
    if (reply.ok) onDone();
  };

  return (
    <form
      className={styles.plan}
      aria-label="Where and how often"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onDone();
      }}
    >
      <div className={styles.folder}>
        <TextField
          label="Folder"
          className={styles.grow}
          mono
          autoFocus
          value={folder}
          onChange={setFolder}
          placeholder="The data folder’s own"
          help="A second disk or a share: a disk that dies takes what lies on it. Empty means the data folder’s own."
        />
        <Button className={styles.choose} onClick={() => void choose()}>
          Choose…
        </Button>
      </div>
      <Select
        label="How often"
        value={String(minutes)}
        onChange={(next) => setMinutes(Number(next))}
        options={periods.map(({ minutes: value, words }) => ({ value: String(value), label: words }))}
      />
      <ErrorLine error={error} />
      <div className={styles.foot}>
        <Button onClick={onDone}>Cancel</Button>
        <Button variant="primary" type="submit" busy={busy}>
          Save
        </Button>
      </div>
    </form>
  );
}
