/** Says what will be here and the one command that fills it. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './States.module.css';

export interface EmptyStateProps {
  /** What will be here, one sentence. */
  title: string;
  text?: ReactNode;
  /** The one command that fills it: a Button. */
  action?: ReactNode;
  /** `inline` for a panel's corner, `page` for a whole screen. */
  size?: 'inline' | 'page';
}

export function EmptyState({ title, text, action, size = 'inline' }: EmptyStateProps) {
  return (
    <div className={classes(styles.empty, size === 'page' && styles.page)}>
      <p className={styles.emptyTitle}>{title}</p>
      {text !== undefined && <p className={styles.emptyText}>{text}</p>}
      {action}
    </div>
  );
}
