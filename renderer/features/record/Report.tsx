/** What a restoration came to: what is back, what nobody has, where the old files lie. The same for one that is only looked at. */
import type { RestoreView } from '../../../shared/contract/record.ts';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Report.module.css';
import { count, lostOps } from './lost.ts';
import { opRange } from './words.ts';

const SHOWN = 20;

/** The sentences of a report; `done` false: of a preview. */
export function ReportLines({
  report,
  done,
  nameOf,
}: {
  report: RestoreView;
  done: boolean;
  nameOf(console: string): string;
}) {
  const { backup, ops, salvaged, damaged, failure, missing, retiredConsole, replaced } = report;
  const lost = lostOps(report);
  return (
    <ul className={styles.lines}>
      <li>
        {done ? 'The log holds' : 'The log would hold'} <b>{count(ops, 'op')}</b>
        {backup === null ? (
          ', all of them read from the damaged files; there was no backup'
        ) : (
          <>
            : {count(backup.ops, 'op')} from the backup of <TimeText at={backup.at} />, and{' '}
            {salvaged.toLocaleString('en')} that only the {done ? 'old' : 'present'} files had
          </>
        )}
        .
      </li>
      {failure !== null && (
        <li className={styles.bad}>
          The {done ? 'old' : 'present'} files could not be read: {failure}
        </li>
      )}
      {lost === 0 ? (
        <li>Nothing that is known to have existed is missing.</li>
      ) : (
        <li className={styles.bad}>
          <b>{count(lost, 'op')}</b> {lost === 1 ? 'is' : 'are'} missing; nobody has {lost === 1 ? 'it' : 'them'}:
          <ul className={styles.ranges}>
            {missing.slice(0, SHOWN).map(({ console, first, last }) => (
              <li key={`${console} ${first}`}>
                {opRange(first, last)} of <bdi>{nameOf(console)}</bdi>
              </li>
            ))}
            {missing.length > SHOWN && <li>and {count(missing.length - SHOWN, 'more gap')}</li>}
          </ul>
        </li>
      )}
      {damaged.length > 0 && (
        <li>
          {count(damaged.length, 'op')} in the {done ? 'old' : 'present'} files {damaged.length === 1 ? 'is' : 'are'} no
          longer what was written
          {lost === 0 && '; what was written comes from the backup'}.
        </li>
      )}
      {retiredConsole !== null && (
        <li>
          This console {done ? 'goes on' : 'would go on'} under a new key, because the numbers of its last ops must not
          be used twice.
        </li>
      )}
      {replaced !== null && (
        <li>
          The old files lie in <code className={styles.path}>{replaced}</code>.
        </li>
      )}
    </ul>
  );
}
