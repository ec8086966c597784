/** An exception from a policy: which rule, why, who answers for it, until when. None of these may be left out. */
import { useState } from 'react';
import type { PersonView } from '../../../shared/contract/estate.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import styles from './Governance.module.css';

const NONE = '';

export default function AddException({
  incident,
  people,
  me,
  onClose,
}: {
  incident: string;
  people: readonly Pick<PersonView, 'id' | 'name'>[];
  me: string | null;
  onClose(): void;
}) {
  const { value: policies } = useQuery('policy.list', {}, ['policies']);
  const [rule, setRule] = useState('');
  const [policy, setPolicy] = useState(NONE);
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState<string | null>(me);
  const [minutes, setMinutes] = useState('60');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (busy) return;
    if (rule.trim() === '') return setError('Say which rule does not hold.');
    if (reason.trim() === '') return setError('Say why.');
    if (owner === null) return setError('Say who answers for it.');
    setBusy(true);
    const reply = await call('exception.add', {
      ...{ incident, rule: rule.trim(), reason: reason.trim(), owner, minutes: Number(minutes) },
      ...(policy === NONE ? {} : { policy }),
    });
    setBusy(false);
    if (reply.ok) onClose();
    else setError(reply.message);
  };
  return (
    <Dialog open size="wide" title="Make an exception from a policy" onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className={styles.pair}>
          <TextField
            label="Which rule does not hold"
            value={rule}
            onChange={setRule}
            autoFocus
            maxLength={500}
            placeholder="Two people approve a payment change"
          />
          <Select
            label="Of which policy"
            value={policy}
            onChange={setPolicy}
            options={[
              { value: NONE, label: 'None that is kept here' },
              ...(policies ?? []).map(({ id, title }) => ({ value: id, label: title })),
            ]}
          />
        </div>
        <TextField label="Why" value={reason} onChange={setReason} maxLength={2000} />
        <div className={styles.pair}>
          <Combobox
            label="Who answers for it"
            options={people.map(({ id, name }) => ({ value: id, label: name }))}
            value={owner}
            onChange={setOwner}
          />
          <TextField label="For how many minutes" inputMode="numeric" value={minutes} onChange={setMinutes} />
        </div>
        <ErrorLine error={error} />
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" keys="Enter" busy={busy}>
            Make the exception
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
