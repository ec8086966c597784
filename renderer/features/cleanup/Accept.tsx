/** Somebody answers by name for what stays open. */
import { useMemo, useState } from 'react';
import type { CleanupItemView } from '../../../shared/contract/cleanup.ts';
import { call } from '../../bridge/client.ts';
import { useHeld } from '../../state/access.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { candidates } from '../incident/candidates.ts';
import { PersonPicker } from '../incident/PersonPicker.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Cleanup.module.css';

export function Accept({ incident, item, onClose }: { incident: string; item: CleanupItemView; onClose(): void }) {
  const { facts, personName } = useRoom();
  // Where it is proved who is here, nobody answers for somebody else.
  const proved = useHeld(({ state }) => state === 'unlocked');
  const list = useMemo(
    () => candidates('business-owner', facts).filter(({ id }) => !proved || id === facts.me?.id),
    [facts, proved],
  );
  const [person, setPerson] = useState<string | null | undefined>(undefined);
  const open = `${item.title}: ${item.remaining.toLocaleString('en')} ${item.unit}`;
  if (person !== undefined)
    return (
      <ReasonDialog
        title={
          person === null
            ? 'Nobody answers for it any more: why?'
            : `${personName(person)} answers for it: why may it stay open?`
        }
        quote={open}
        confirm={person === null ? 'Take it back' : 'Accept'}
        run={(reason) => call('cleanup.accept', { incident, item: item.id, person, reason })}
        onClose={onClose}
      />
    );
  return (
    <Dialog open title="Who answers for what stays open?" onClose={onClose}>
      <p className={styles.quiet}>{open}</p>
      {proved && <p className={styles.quiet}>Whoever else answers for it unlocks this console and says so.</p>}
      <PersonPicker
        label="Who answers for it"
        candidates={list}
        current={item.accepted?.person.id ?? null}
        onPick={setPerson}
      />
    </Dialog>
  );
}
