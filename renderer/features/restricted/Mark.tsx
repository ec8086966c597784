/** That an incident is restricted, in a line of others. */
import { Lock } from 'lucide-react';
import styles from './Restriction.module.css';

export function RestrictedMark({ title = 'Only those who were named read it' }: { title?: string }) {
  return (
    <span className={styles.mark} title={title}>
      <Lock size={14} aria-hidden="true" />
      restricted
    </span>
  );
}
