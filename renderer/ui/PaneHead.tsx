/** The head of what is shown beside a list: its name, what it is, and the way back. */
import type { ReactNode } from 'react';
import { Button } from './Button.tsx';
import styles from './PaneHead.module.css';

export function PaneHead({ title, note, onClose }: { title: ReactNode; note?: string; onClose(): void }) {
  return (
    <header className={styles.head}>
      <div>
        <h2 className={styles.title}>{title}</h2>
        {note !== undefined && <p className={styles.note}>{note}</p>}
      </div>
      <Button variant="quiet" keys="Escape" onClick={onClose}>
        Close
      </Button>
    </header>
  );
}
