/** A person's word on how something is. Invariant: it says why and ends by itself; what the sources say stays beside it. */
import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { HealthView } from '../../../shared/contract/common.ts';
import { parseDuration } from '../../../shared/domain/times.ts';
import type { Health } from '../../../shared/domain/words.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { HEALTH_ORDER, HEALTH_WORDS } from '../../ui/words.ts';
import styles from './Health.module.css';

export interface ByHandProps {
  /** Id of a service or a business service. */
  subject: string;
  name: string;
  health: HealthView;
  onClose(): void;
}

export function ByHand({ subject, name, health, onClose }: ByHandProps) {
  const declare = useCommand('health.declare');
  const withdraw = useCommand('health.withdraw');
  const [word, setWord] = useState<Health>(health.byHand ? health.health : 'failing');
  const [reason, setReason] = useState(health.byHand?.reason ?? '');
  const [lasts, setLasts] = useState('1h');
  const [missing, setMissing] = useState<string | null>(null);
  const first = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const length = parseDuration(lasts);
    if (reason.trim() === '') return setMissing('Say in a few words how this is known, so that others can judge it.');
    if (length === null || length < 60_000) return setMissing('It counts for a length of time such as 30m or 2h.');
    setMissing(null);
    const reply = await declare.run({ subject, health: word, reason, minutes: length / 60_000 });
    if (reply.ok) onClose();
  };
  const end = async (): Promise<void> => {
    const reply = await withdraw.run({ subject });
    if (reply.ok) onClose();
  };

  return (
    <Dialog
      open
      title={`Health of ${name} by hand`}
      onClose={onClose}
      initialFocus={first}
      footer={
        <>
          {health.byHand && (
            <Button busy={withdraw.busy} onClick={() => void end()}>
              Withdraw, let the sources speak
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="health-by-hand" busy={declare.busy}>
            Set health
          </Button>
        </>
      }
    >
      <form id="health-by-hand" className={styles.form} onSubmit={(event) => void submit(event)}>
        <TextField
          ref={first}
          label="How is this known?"
          placeholder="Declared by phone, store 112"
          value={reason}
          onChange={setReason}
        />
        <div className={styles.pair}>
          <Select<Health>
            label="Health"
            options={HEALTH_ORDER.map((value) => ({ value, label: HEALTH_WORDS[value] }))}
            value={word}
            onChange={setWord}
          />
          <TextField
            label="Counts for"
            placeholder="30m, 2h"
            help="Then the sources speak again."
            value={lasts}
            onChange={setLasts}
          />
        </div>
        <ErrorLine error={missing ?? declare.error ?? withdraw.error} />
      </form>
    </Dialog>
  );
}
