/** When a source is asked again, counting down. */
import type { SourceView } from '../../../shared/contract/sources.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import styles from './Sources.module.css';

export function NextTry({ source }: { source: SourceView }) {
  const now = useNow();
  if (!source.enabled) return <span className={styles.quiet}>not while off</span>;
  if (source.nextTryAt === null) return <span className={styles.quiet}>not planned</span>;
  const left = source.nextTryAt - now;
  return <span className={styles.quiet}>{left <= 0 ? 'now' : `in ${formatDuration(left)}`}</span>;
}
