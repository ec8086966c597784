/** What somebody learns of restricted incidents that they may not read: that there are some, and whom to ask. */
import { Lock } from 'lucide-react';
import type { RestrictedOutside } from '../../../shared/contract/restricted.ts';
import styles from './Restriction.module.css';

export function Outside({ running, contacts }: RestrictedOutside) {
  const names = contacts.map(({ name }) => name).join(' or ');
  return (
    <p className={styles.outside}>
      <Lock size={14} aria-hidden="true" />
      {running === 1 ? '1 restricted incident is running' : `${running} restricted incidents are running`}
      {names === '' ? '.' : `; ask ${names}.`}
    </p>
  );
}
