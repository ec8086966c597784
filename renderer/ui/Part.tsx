/** A part of a pane: a quiet heading with what can be done beside it, what belongs to it, and a line beneath. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './Part.module.css';

export interface PartProps {
  /** What it is called. */
  label: string;
  /** What the heading says when that is not the label. */
  title?: ReactNode;
  /** Before the title. */
  icon?: ReactNode;
  /** Beside the title: a count, buttons. */
  aside?: ReactNode;
  id?: string;
  className?: string;
  children: ReactNode;
}

export function Part({ label, title = label, icon, aside, id, className, children }: PartProps) {
  return (
    <section id={id} className={classes(styles.part, className)} aria-label={label}>
      <h4 className={styles.heading}>
        {icon}
        <span className={styles.title}>{title}</span>
        {aside}
      </h4>
      {children}
    </section>
  );
}
