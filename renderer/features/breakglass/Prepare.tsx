/** A new sheet of sealed codes. Invariant: the codes go onto paper and are shown nowhere. */
import { useState } from 'react';
import type { GrantsView } from '../../../shared/contract/breakglass.ts';
import type { Capability } from '../../../shared/contract/spec.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './BreakGlass.module.css';
import { Capabilities } from './Capabilities.tsx';

export function Prepare({ limits, onClose }: { limits: GrantsView['limits']; onClose(): void }) {
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const [label, setLabel] = useState('');
  const [count, setCount] = useState('10');
  const [minutes, setMinutes] = useState(String(limits.usualMinutes));
  const [person, setPerson] = useState<string | null>(null);
  const [capabilities, setCapabilities] = useState<Capability[]>(limits.capabilities);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [path, setPath] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (busy) return;
    if (label.trim() === '') return setError('Say where the sheet will lie: “safe of store 12”.');
    const [to] = await bridge.choosePaths('record-folder');
    if (to === undefined) return;
    setBusy(true);
    setError(null);
    const reply = await call('breakglass.prepare', {
      ...{ to, label: label.trim(), count: Number(count), minutes: Number(minutes), capabilities },
      ...(person === null ? {} : { person }),
    });
    setBusy(false);
    if (reply.ok) setPath(reply.value.path);
    else setError(reply.message);
  };
  return (
    <Dialog open size="wide" title="Prepare sealed codes" onClose={onClose}>
      {path !== null ? (
        <div className={styles.form}>
          <p role="status" className={styles.lead}>
            The sheet is written. Print it, delete the file, and seal the paper: the codes are nowhere else.
          </p>
          <p>{path}</p>
          <p className={styles.buttons}>
            <Button variant="primary" autoFocus onClick={onClose}>
              Done
            </Button>
          </p>
        </div>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div className={styles.pair}>
            <TextField label="Where the sheet will lie" value={label} onChange={setLabel} autoFocus maxLength={200} />
            <Combobox
              label="Only proves that they are there"
              options={(people ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={person}
              onChange={setPerson}
              placeholder="Anybody: each opens by itself"
            />
          </div>
          <div className={styles.pair}>
            <TextField label="How many codes" inputMode="numeric" value={count} onChange={setCount} />
            <TextField
              label="Each opens for at most, minutes"
              inputMode="numeric"
              value={minutes}
              onChange={setMinutes}
              help={`The policy allows ${limits.longestMinutes}. The codes are good for ${limits.codesDays} days.`}
            />
          </div>
          <Capabilities
            label="What one of them may open"
            options={limits.capabilities}
            value={capabilities}
            onChange={setCapabilities}
          />
          <ErrorLine error={error} />
          <div className={styles.buttons}>
            <Button type="submit" variant="primary" keys="Enter" busy={busy}>
              Choose a folder and write the sheet
            </Button>
            <Button onClick={onClose}>Cancel</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
