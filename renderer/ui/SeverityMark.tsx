/** A severity. SEV1 and SEV2 are filled, SEV3 and SEV4 outlined, so that the grade is seen without its colour. */
import type { Severity } from '../../shared/domain/words.ts';
import styles from './SeverityMark.module.css';

export function SeverityMark({ severity }: { severity: Severity }) {
  return (
    <span className={styles.mark} data-severity={severity}>
      {severity}
    </span>
  );
}
