/** One of the room's three columns: a heading, the key that jumps there, and what scrolls beneath. */
import type { ReactNode } from 'react';
import { useId } from 'react';
import { classes } from '../../ui/classes.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import styles from './Column.module.css';

export interface ColumnProps {
  title: string;
  /** Key that brings the focus here. */
  jump: string;
  note?: ReactNode;
  actions?: ReactNode;
  /** Stands between heading and body and does not scroll. */
  above?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Column({ title, jump, note, actions, above, className, children }: ColumnProps) {
  const id = useId();
  return (
    <section className={classes(styles.column, className)} aria-labelledby={id} data-column={jump}>
      <header className={styles.head}>
        <h3 id={id} className={styles.title}>
          {title}
        </h3>
        <Kbd keys={jump} />
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {actions !== undefined && <span className={styles.actions}>{actions}</span>}
      </header>
      {above}
      <div className={styles.body} data-scrolls="">
        {children}
      </div>
    </section>
  );
}

/** Brings the focus to a column: to the first row of its main list, else to the row that can be tabbed to, else to the first thing that can be pressed. */
export function focusColumn(room: HTMLElement | null, jump: string): void {
  const column = room?.querySelector<HTMLElement>(`[data-column="${jump}"]`);
  const target =
    column?.querySelector<HTMLElement>('[data-first] [role=row][tabindex="0"]') ??
    column?.querySelector<HTMLElement>('[role=row][tabindex="0"]') ??
    column?.querySelector<HTMLElement>('[data-scrolls] button:not(:disabled)') ??
    column?.querySelector<HTMLElement>('button:not(:disabled)');
  target?.focus();
}
