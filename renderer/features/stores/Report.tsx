/** What somebody says of a store by phone. Invariant: what was not asked stays as it is known; it counts for a time that is chosen. */
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { PartState } from '../../../shared/domain/stores.ts';
import { parseDuration } from '../../../shared/domain/times.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import styles from './Report.module.css';

type Part = PartState | 'as-is';

const PARTS = [
  { value: 'as-is', label: 'not said' },
  { value: 'works', label: 'works' },
  { value: 'hindered', label: 'hindered' },
  { value: 'down', label: 'down' },
] as const satisfies readonly { value: Part; label: string }[];

/** The tills are asked first: whether they take money is the question. */
const firstChoice = {
  get current(): HTMLElement | null {
    return document.querySelector<HTMLElement>('#store-report input:checked');
  },
};

export function Report({ store, name, onClose }: { store: string; name: string; onClose(): void }) {
  const { run, busy, error } = useCommand('store.report');
  const [pos, setPos] = useState<Part>('as-is');
  const [wan, setWan] = useState<Part>('as-is');
  const [edge, setEdge] = useState<Part>('as-is');
  const [fallback, setFallback] = useState<'as-is' | 'yes' | 'no'>('as-is');
  const [buffered, setBuffered] = useState('');
  const [oldest, setOldest] = useState('');
  const [reason, setReason] = useState('');
  const [by, setBy] = useState('');
  const [minutes, setMinutes] = useState<'30' | '60' | '240' | '720'>('60');
  const [missing, setMissing] = useState<string | null>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const count = buffered.trim() === '' ? undefined : Number(buffered.replaceAll(/[\s,.]/g, ''));
    if (count !== undefined && !(Number.isInteger(count) && count >= 0))
      return setMissing('How many transactions wait is a whole number.');
    const age = oldest.trim() === '' ? undefined : parseDuration(oldest);
    if (age === null) return setMissing('The age of the oldest is a length of time such as 25m or 1h30.');
    if (reason.trim() === '') return setMissing('Say in a few words what was heard, so that others can judge it.');
    setMissing(null);
    const part = (value: Part): PartState | undefined => (value === 'as-is' ? undefined : value);
    const reply = await run({
      store,
      reason,
      minutes: Number(minutes),
      ...(part(pos) ? { pos: part(pos) } : {}),
      ...(part(wan) ? { wan: part(wan) } : {}),
      ...(part(edge) ? { edge: part(edge) } : {}),
      ...(fallback === 'as-is' ? {} : { fallback: fallback === 'yes' }),
      ...(count === undefined ? {} : { buffered: count }),
      ...(age === undefined ? {} : { oldestAt: Date.now() - age }),
      ...(by.trim() === '' ? {} : { by: by.trim() }),
    });
    if (reply.ok) onClose();
  };

  return (
    <Dialog
      open
      size="wide"
      title={`Report on ${name}`}
      initialFocus={firstChoice}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="store-report" busy={busy}>
            Report
          </Button>
        </>
      }
    >
      <form id="store-report" className={styles.form} onSubmit={(event) => void submit(event)}>
        <Choice label="Tills" options={PARTS} value={pos} onChange={setPos} />
        <Choice label="Line" options={PARTS} value={wan} onChange={setWan} />
        <Choice label="Store server" options={PARTS} value={edge} onChange={setEdge} />
        <Choice
          label="Sells from its own server"
          options={[
            { value: 'as-is', label: 'not said' },
            { value: 'yes', label: 'yes' },
            { value: 'no', label: 'no' },
          ]}
          value={fallback}
          onChange={setFallback}
        />
        <div className={styles.pair}>
          <TextField label="Transactions waiting" inputMode="numeric" value={buffered} onChange={setBuffered} />
          <TextField label="Age of the oldest" placeholder="25m, 1h30" value={oldest} onChange={setOldest} />
        </div>
        <TextField
          label="What was heard"
          placeholder="Manager called: line dead since a quarter past, tills take cards offline"
          value={reason}
          onChange={setReason}
        />
        <div className={styles.pair}>
          <TextField label="Who says so" placeholder="You, unless told" value={by} onChange={setBy} />
          <Choice
            label="Counts for"
            options={[
              { value: '30', label: '30 min' },
              { value: '60', label: '1 h' },
              { value: '240', label: '4 h' },
              { value: '720', label: '12 h' },
            ]}
            value={minutes}
            onChange={setMinutes}
          />
        </div>
        <ErrorLine error={missing ?? error} />
      </form>
    </Dialog>
  );
}
