/** Ops that were kept out: never applied, never thrown away, each with where it came from and the reason. */
import type { RecordView } from '../../../shared/contract/record.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { Panel } from '../../ui/Panel.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Record.module.css';
import { Table } from './Table.tsx';

export function KeptOut({
  quarantine: { total, newest },
  nameOf,
}: {
  quarantine: RecordView['quarantine'];
  nameOf(console: string): string;
}) {
  return (
    <Panel
      className={styles.part}
      title="Kept out"
      note={
        total > newest.length
          ? `the newest ${newest.length} of ${total.toLocaleString('en')}`
          : total > 0
            ? total.toLocaleString('en')
            : undefined
      }
    >
      {total === 0 ? (
        <p className={styles.none}>
          Nothing. Ops of other consoles whose chain, signature or shape is wrong wait here instead of being applied.
        </p>
      ) : (
        <Table
          label="Ops that were kept out"
          rows={newest}
          keyOf={({ n }) => String(n)}
          columns={[
            { title: 'Came', width: '144px', cell: ({ arrived }) => <TimeText at={arrived} /> },
            {
              title: 'What',
              width: '168px',
              cell: ({ type, seq, op }) => (
                <span title={`op ${seq}: ${op}`}>
                  {oneLine(type, 64) || 'no op'} <span className={styles.quiet}>{seq > 0 && seq}</span>
                </span>
              ),
            },
            {
              title: 'From',
              width: '168px',
              cell: ({ console, origin }) => (
                <span title={`${console}, by ${origin}`}>
                  <bdi>{oneLine(nameOf(console), 60) || 'nobody'}</bdi>{' '}
                  <span className={styles.quiet}>{oneLine(origin, 60)}</span>
                </span>
              ),
            },
            { title: 'Why', wrap: true, cell: ({ reason }) => oneLine(reason, 500) },
          ]}
        />
      )}
    </Panel>
  );
}
