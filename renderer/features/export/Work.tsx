/** How far the bundles are that are read or written; nothing when nothing goes on. */
import { workShare, workWords } from '../../../shared/domain/export/work.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import styles from './Export.module.css';

export function Work() {
  const { value: works = [] } = useQuery('bundle.work', {}, ['bundles']);
  return works.map((work) => {
    const share = workShare(work);
    return (
      <div key={work.id} className={styles.work}>
        <progress aria-label={workWords(work)} {...(share === null ? {} : { max: 1, value: share })} />
        <span className={styles.quiet}>{workWords(work)}</span>
      </div>
    );
  });
}
