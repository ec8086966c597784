/** What the last check found, each with the console, the op and the sentence that says it. */
import type { VerifyView } from '../../../shared/contract/record.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import styles from './Record.module.css';
import { Table } from './Table.tsx';

export function Findings({
  verified: { findings, findingCount },
  nameOf,
}: {
  verified: VerifyView;
  nameOf(console: string): string;
}) {
  return (
    <>
      <Table
        label="Findings"
        rows={findings.map((finding, index) => ({ ...finding, key: String(index) }))}
        keyOf={({ key }) => key}
        columns={[
          {
            title: 'Console',
            width: '176px',
            cell: ({ console }) =>
              console === '' ? (
                <span className={styles.quiet}>the tables</span>
              ) : (
                <bdi title={console}>{nameOf(console)}</bdi>
              ),
          },
          {
            title: 'Op',
            width: '88px',
            end: true,
            cell: ({ seq, op }) =>
              seq === 0 ? (
                <span className={styles.quiet}>–</span>
              ) : (
                <span title={op ?? undefined}>{seq.toLocaleString('en')}</span>
              ),
          },
          { title: 'Finding', wrap: true, cell: ({ message }) => oneLine(message, 1000) },
        ]}
      />
      {findingCount > findings.length && (
        <p className={styles.rest}>
          These are the first {findings.length}; {(findingCount - findings.length).toLocaleString('en')} more were
          found.
        </p>
      )}
    </>
  );
}
