/** A locked console whose policy shows nothing: only the question who is there. The big board goes on. */
import { useState } from 'react';
import { UnlockForm } from './Unlock.tsx';
import styles from './Access.module.css';

export default function LockScreen() {
  const [asked] = useState({ why: null, person: null });
  return (
    <section className={styles.lock} aria-label="Locked">
      <h2 className={styles.lockTitle}>Locked</h2>
      <p className={styles.quiet}>The policy of this console shows nothing until somebody unlocks it.</p>
      <UnlockForm asked={asked} onDone={() => undefined} />
    </section>
  );
}
