/** That something else stands against what is shown beside it: two consoles said so apart, and nobody has settled it. */
import { Split } from 'lucide-react';
import styles from './Disputed.module.css';

/** `others` are the answers that do not count until then. */
export function Disputed({ others }: { others: readonly string[] }) {
  if (others.length === 0) return null;
  return (
    <>
      {' '}
      <span
        className={styles.mark}
        title={`Contested: somebody said ${others.join(', ')} apart from this; not settled yet`}
      >
        <Split size={14} aria-hidden="true" />
        or {others.join(' or ')}?
      </span>
    </>
  );
}
