/** A role's short checklist, folded until somebody wants it. */
import { useState } from 'react';
import type { ChecklistView } from '../../../shared/contract/room.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { ROLE_WORDS } from '../../ui/words.ts';
import { useRoom } from '../incident/room.ts';
import styles from './Checklist.module.css';

export function Checklist({ list, open, onOpen }: { list: ChecklistView; open: boolean; onOpen(open: boolean): void }) {
  const { incident } = useRoom();
  const [error, setError] = useState<string | null>(null);
  const done = list.items.filter((item) => item.done).length;
  const tick = async (item: ChecklistView['items'][number]): Promise<void> => {
    const reply = await call('incident.tick', {
      incident: incident.id,
      role: list.role,
      item: item.id,
      done: !item.done,
    });
    setError(reply.ok ? null : reply.message);
  };
  if (list.items.length === 0) return null;
  return (
    <div className={styles.part}>
      <Button variant="quiet" aria-expanded={open} keys="t" onClick={() => onOpen(!open)}>
        Checklist: {ROLE_WORDS[list.role].toLowerCase()} {done}/{list.items.length}
      </Button>
      {open && (
        <List
          label="Checklist"
          items={list.items}
          keyOf={({ id }) => id}
          rowClassName={styles.row}
          onKey={(key, item) => {
            if (key !== 'Enter' && key !== ' ') return false;
            void tick(item);
            return true;
          }}
          render={(item) => (
            <label className={styles.item} data-done={item.done || undefined}>
              <input type="checkbox" tabIndex={-1} checked={item.done} onChange={() => void tick(item)} />
              <span>
                {item.text}
                {item.done && item.by !== null && <span className={styles.quiet}> {item.by.name}</span>}
              </span>
            </label>
          )}
        />
      )}
      <ErrorLine error={error} />
    </div>
  );
}
