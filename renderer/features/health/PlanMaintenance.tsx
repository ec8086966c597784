/** What is announced of work on services, as a form: what is done, where, from when, for how long. */
import { useState } from 'react';
import type { FormEvent, Ref } from 'react';
import { MINUTE, parseAhead, parseDuration } from '../../../shared/domain/times.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useZone } from '../../state/zone.ts';
import { MultiCombobox, type Option } from '../../ui/Combobox.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './Health.module.css';

export interface PlanMaintenanceProps {
  /** Of the form, for the button that stands outside of it. */
  id: string;
  /** The services, or those to choose from. */
  services: readonly string[] | { choose: readonly Option[] };
  plan: ReturnType<typeof useCommand<'maintenance.plan'>>;
  inputRef: Ref<HTMLInputElement>;
  onPlanned(window: string): void;
}

export function PlanMaintenance({ id, services, plan, inputRef, onPlanned }: PlanMaintenanceProps) {
  const zone = useZone();
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<string[]>([]);
  const [starts, setStarts] = useState('');
  const [lasts, setLasts] = useState('1h');
  const [missing, setMissing] = useState<string | null>(null);
  const choose = 'choose' in services ? services.choose : null;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const where = 'choose' in services ? chosen : [...services];
    const from = parseAhead(starts, zone, Date.now());
    const length = parseDuration(lasts);
    if (title.trim() === '') return setMissing('Say what is being done.');
    if (where.length === 0) return setMissing('Choose the services that are worked on.');
    if (!from.ok) return setMissing(`Starts: ${from.message}`);
    if (length === null || length < MINUTE) return setMissing('It lasts a length of time such as 30m or 2h.');
    setMissing(null);
    const reply = await plan.run({ title, services: where, from: from.at, minutes: length / MINUTE });
    if (reply.ok) onPlanned(reply.value.id);
  };

  return (
    <form id={id} className={styles.form} onSubmit={(event) => void submit(event)}>
      <TextField ref={inputRef} label="What is done?" placeholder="New disks" value={title} onChange={setTitle} />
      {choose !== null && (
        <MultiCombobox
          label="On which services?"
          options={choose}
          values={chosen}
          onChange={setChosen}
          placeholder="None yet"
        />
      )}
      <div className={styles.pair}>
        <TextField label="Starts" placeholder="now, 30m, sat 02:00" value={starts} onChange={setStarts} />
        <TextField label="Lasts" placeholder="30m, 2h" value={lasts} onChange={setLasts} />
      </div>
      <p className={styles.quiet}>
        Meanwhile what is worked on does not count as sick. Business services that it hurts still do, and so does what a
        source calls customer-impacting.
      </p>
      <ErrorLine error={missing ?? plan.error} />
    </form>
  );
}
