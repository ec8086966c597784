/** What is known of one thing, beside the list that it was chosen from; Escape goes back to the list. */
import type { ReactNode } from 'react';
import { useKeys } from '../../state/keys.ts';
import { Button } from '../../ui/Button.tsx';
import styles from './Details.module.css';

export function Details({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  useKeys(title, [{ keys: 'Escape', title: 'Close', run: onClose }]);
  return (
    <article className={styles.details}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <Button variant="quiet" keys="Escape" onClick={onClose}>
          Close
        </Button>
      </header>
      {children}
    </article>
  );
}

export { styles };
