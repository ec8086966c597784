/** Ops that were kept out: never applied, never thrown away, each with where it came from and the reason. */
import { useMemo } from 'react';
import type { RecordView } from '../../../shared/contract/record.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { TimeText } from '../../ui/TimeText.tsx';
import { count } from '../../../shared/domain/record/lost.ts';
import styles from './Record.module.css';
import { Table } from './Table.tsx';
import { keptGroups, opRange } from '../../../shared/domain/record/words.ts';

export function KeptOut({
  quarantine: { total, newest },
  nameOf,
}: {
  quarantine: RecordView['quarantine'];
  nameOf(console: string): string;
}) {
  const groups = useMemo(() => keptGroups(newest), [newest]);
  if (total === 0) {
    return (
      <p className={styles.none}>
        Nothing. Ops of other consoles whose chain, signature or shape is wrong wait here instead of being applied.
      </p>
    );
  }
  return (
    <>
      <Table
        label="Ops that were kept out"
        rows={groups}
        keyOf={({ key }) => key}
        columns={[
          { title: 'Came', width: '144px', cell: ({ arrived }) => <TimeText at={arrived} /> },
          {
            title: 'What',
            width: '160px',
            cell: ({ types, count: n, first, last }) => (
              <span className={styles.named}>
                <span title={types.map((type) => oneLine(type, 64)).join(', ')}>
                  {oneLine(types[0]!, 64) || 'no op'}
                  {types.length > 1 && ` +${types.length - 1}`}
                </span>
                <span className={styles.quiet}>
                  {n > 1 && `${n.toLocaleString('en')}: `}
                  {last > 0 && opRange(first, last)}
                </span>
              </span>
            ),
          },
          {
            title: 'From',
            width: '208px',
            cell: ({ console, origin }) => (
              <span className={styles.named}>
                <bdi title={console}>{oneLine(nameOf(console), 80) || 'nobody'}</bdi>
                <span className={styles.quiet} title={oneLine(origin, 500)}>
                  {oneLine(origin, 200)}
                </span>
              </span>
            ),
          },
          { title: 'Why', wrap: true, cell: ({ reason }) => oneLine(reason, 500) },
        ]}
      />
      {total > newest.length && (
        <p className={styles.rest}>
          These are the newest {count(newest.length, 'op')}; {(total - newest.length).toLocaleString('en')} more came
          before.
        </p>
      )}
    </>
  );
}
