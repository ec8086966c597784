/** Announces work on services, so that what they report meanwhile is expected. Customers' pain is never hidden by it. */
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { parseDuration } from '../../../shared/domain/times.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Health.module.css';

export function Maintenance({ service, name, onClose }: { service: string; name: string; onClose(): void }) {
  const plan = useCommand('maintenance.plan');
  const end = useCommand('maintenance.end');
  const { value: windows } = useQuery('maintenance.list', {}, ['health', 'estate']);
  const [title, setTitle] = useState('');
  const [starts, setStarts] = useState('');
  const [lasts, setLasts] = useState('1h');
  const [missing, setMissing] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);
  const known = (windows ?? []).filter(({ services }) => services.some(({ id }) => id === service));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wait = ['', 'now'].includes(starts.trim()) ? 0 : parseDuration(starts);
    const length = parseDuration(lasts);
    if (title.trim() === '') return setMissing('Say what is being done.');
    if (wait === null) return setMissing('It starts now or in a length of time such as 30m.');
    if (length === null || length < 60_000) return setMissing('It lasts a length of time such as 30m or 2h.');
    setMissing(null);
    const reply = await plan.run({
      title,
      services: [service],
      startsInMinutes: wait / 60_000,
      minutes: length / 60_000,
    });
    if (reply.ok) onClose();
  };

  return (
    <Dialog
      open
      title={`Maintenance of ${name}`}
      onClose={onClose}
      initialFocus={first}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="maintenance" busy={plan.busy}>
            Plan maintenance
          </Button>
        </>
      }
    >
      <form id="maintenance" className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextField ref={first} label="What is done?" placeholder="New disks" value={title} onChange={setTitle} />
        <div className={styles.pair}>
          <TextField label="Starts in" placeholder="now" value={starts} onChange={setStarts} />
          <TextField label="Lasts" placeholder="30m, 2h" value={lasts} onChange={setLasts} />
        </div>
        <p className={styles.quiet}>
          Meanwhile it does not count as sick. Business services that it hurts still do, and so does what a source calls
          customer-impacting.
        </p>
        <ErrorLine error={missing ?? plan.error ?? end.error} />
      </form>
      {known.length > 0 && (
        <ul className={styles.windows} aria-label="Known maintenance">
          {known.map((window) => (
            <li key={window.id}>
              <span className={styles.grow}>
                {window.title} <TimeText at={window.from} /> to <TimeText at={window.to} />, {window.by.name}
              </span>
              <Button busy={end.busy} onClick={() => void end.run({ window: window.id })}>
                End it
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
