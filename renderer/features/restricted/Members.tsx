/** Who reads a restricted incident: named when it is restricted, changed afterwards, each time with a reason. */
import { useState } from 'react';
import type { RestrictionView } from '../../../shared/contract/restricted.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox, MultiCombobox } from '../../ui/Combobox.tsx';
import { TextField } from '../../ui/Field.tsx';
import { SendDialog } from '../../ui/SendDialog.tsx';
import { useMembers } from './useMembers.ts';

export function Members({
  incident,
  now,
  onClose,
}: {
  incident: string;
  /** Those who read it now; null while it is not restricted. */
  now: RestrictionView | null;
  onClose(): void;
}) {
  const { members, people } = useMembers();
  const before = (now?.members ?? []).map(({ to, id }) => `${to}:${id}`);
  const [chosen, setChosen] = useState<string[]>(before);
  const [contact, setContact] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const known = new Set(members.map(({ value }) => value));
  // Who is not in the lists any more can still be taken off.
  const options = [
    ...members,
    ...(now?.members ?? [])
      .map(({ to, id, name }) => ({ value: `${to}:${id}`, label: name, hint: to }))
      .filter(({ value }) => !known.has(value)),
  ];
  const missing = (): string | null => {
    if (chosen.length === 0) return 'Name somebody who reads it.';
    return reason.trim() === '' ? 'Say why.' : null;
  };
  const send = (): Promise<Reply> => {
    if (now === null)
      return call('incident.restrict', {
        ...{ incident, to: chosen, reason: reason.trim() },
        ...(contact === null ? {} : { contact }),
      });
    const add = chosen.filter((one) => !before.includes(one));
    const remove = before.filter((one) => !chosen.includes(one));
    return call('incident.members', { incident, add, remove, reason: reason.trim() });
  };
  return (
    <SendDialog
      title={now === null ? 'Restrict this incident' : 'Who reads this incident'}
      confirm={now === null ? 'Restrict it' : 'Change who reads it'}
      missing={missing}
      send={send}
      aside={<Button onClick={onClose}>Cancel</Button>}
      onClose={onClose}
    >
      {now === null ? (
        <p>
          From here on only those whom you name read what is written, and you. What was written until now stays readable
          to everybody: other consoles have it already.
        </p>
      ) : (
        <p>Whoever is taken off keeps what they have read, and reads nothing that is written from here on.</p>
      )}
      <MultiCombobox
        label="People, teams, roles and consoles that read it"
        options={options}
        values={chosen}
        onChange={setChosen}
        placeholder="Type a name"
      />
      {now === null && (
        <Combobox
          label="Whom others may ask"
          options={people}
          value={contact}
          onChange={setContact}
          placeholder="Nobody"
          help="They see that a restricted incident is running, and this name. Never what it is about."
        />
      )}
      <TextField label="Reason" value={reason} onChange={setReason} maxLength={2000} />
    </SendDialog>
  );
}
