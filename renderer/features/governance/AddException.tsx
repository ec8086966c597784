/** An exception from a policy: which rule, why, who answers for it, until when. None of these may be left out. */
import { useState } from 'react';
import type { PersonView } from '../../../shared/contract/estate.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { SendDialog } from '../../ui/SendDialog.tsx';
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
  const missing = (): string | null => {
    if (rule.trim() === '') return 'Say which rule does not hold.';
    if (reason.trim() === '') return 'Say why.';
    return owner === null ? 'Say who answers for it.' : null;
  };
  return (
    <SendDialog
      size="wide"
      title="Make an exception from a policy"
      confirm="Make the exception"
      missing={missing}
      send={() =>
        call('exception.add', {
          ...{ incident, rule: rule.trim(), reason: reason.trim(), owner: owner!, minutes: Number(minutes) },
          ...(policy === NONE ? {} : { policy }),
        })
      }
      aside={<Button onClick={onClose}>Cancel</Button>}
      onClose={onClose}
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
    </SendDialog>
  );
}
