/** The sentences of a restoration's report, or of a preview. */
import type { RestoreView } from '../../../shared/contract/record.ts';
import { reportLines } from '../../../shared/domain/record/words.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import styles from './Report.module.css';

export function ReportLines({
  report,
  done,
  nameOf,
}: {
  report: RestoreView;
  done: boolean;
  nameOf(console: string): string;
}) {
  const zone = useZone();
  const now = useNow(60_000);
  return (
    <ul className={styles.lines}>
      {reportLines(report, { done, nameOf, when: (at) => formatWhen(at, zone, now) }).map(({ text, bad, under }) => (
        <li key={text} className={bad ? styles.bad : undefined}>
          {text}
          {under.length > 0 && (
            <ul className={styles.ranges}>
              {under.map((line) => (
                <li key={line}>
                  <bdi>{line}</bdi>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
