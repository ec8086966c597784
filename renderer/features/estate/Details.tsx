/** What is known of one thing, beside the list that it was chosen from; Escape goes back to the list. */
import type { ReactNode } from 'react';
import { useKeys } from '../../state/keys.ts';
import { PaneHead } from '../../ui/PaneHead.tsx';
import styles from './Details.module.css';

export function Details({ title, onClose, children }: { title: string; onClose(): void; children: ReactNode }) {
  useKeys(title, [{ keys: 'Escape', title: 'Close', run: onClose }]);
  return (
    <article className={styles.details}>
      <PaneHead title={title} onClose={onClose} />
      {children}
    </article>
  );
}

export { styles };
