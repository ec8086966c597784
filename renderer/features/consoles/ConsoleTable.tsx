/** Every console that is known: who let it in, whether it counts, when it was heard, whether its clock can be believed. */
import type { ConsoleLine } from '../../../shared/contract/consoles.ts';
import { standingWords, verdictWords } from '../../../shared/domain/joining/words.ts';
import { offsetWords } from '../../../shared/domain/link/words.ts';
import { Age } from '../../ui/Age.tsx';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Consoles.module.css';

/** Not heard for so long is worth a look, ms. */
const SILENT_MS = 60_000;

const COLUMNS: readonly Column<ConsoleLine>[] = [
  {
    id: 'name',
    title: 'Console',
    width: 'minmax(176px, 2.4fr)',
    sort: ({ name }) => name,
    cell: ({ name, id, spoken }) => <b title={`${name}, ${id}, ${spoken}`}>{name}</b>,
  },
  {
    id: 'standing',
    title: 'Standing',
    width: 'minmax(120px, 1.2fr)',
    sort: ({ standing }) => standing,
    cell: (line) => {
      const words = standingWords(line);
      const off = line.standing !== 'enrolled' && line.standing !== 'this';
      return (
        <span className={off ? styles.warn : styles.quiet} title={words}>
          {words}
        </span>
      );
    },
  },
  {
    id: 'by',
    title: 'Decided by',
    width: 'minmax(112px, 1.2fr)',
    sort: ({ verdicts }) => verdicts.at(-1)?.at ?? null,
    cell: ({ verdicts }) => {
      const last = verdicts.at(-1);
      if (last === undefined) return <span className={styles.quiet}>–</span>;
      return (
        <span className={styles.quiet} title={verdicts.map(verdictWords).join('\n')}>
          {last.by.name}, <TimeText at={last.at} />
        </span>
      );
    },
  },
  {
    id: 'heard',
    title: 'Last heard',
    width: '96px',
    sort: ({ heard }) => heard,
    cell: ({ heard, standing }) =>
      standing === 'this' ? <span className={styles.quiet}>–</span> : <Age at={heard} limit={SILENT_MS} />,
  },
  {
    id: 'clock',
    title: 'Clock',
    width: '96px',
    sort: ({ offsetMs }) => offsetMs,
    cell: ({ offsetMs, standing }) => {
      const { words, off } = offsetWords({ offsetMs, access: standing === 'this' ? 'this' : 'enrolled' });
      return <span className={off ? styles.warn : styles.quiet}>{words}</span>;
    },
  },
  {
    id: 'ops',
    title: 'Ops here',
    width: '96px',
    align: 'end',
    sort: ({ seq }) => seq,
    cell: ({ seq, said, keptOut }) => (
      <span
        title={said !== null && said > seq ? `It says that it has written ${said.toLocaleString('en')}.` : undefined}
      >
        {seq.toLocaleString('en')}
        {said !== null && said > seq && <span className={styles.quiet}> of {said.toLocaleString('en')}</span>}
        {keptOut > 0 && <span className={styles.warn}> +{keptOut.toLocaleString('en')} kept out</span>}
      </span>
    ),
  },
];

export function ConsoleTable({
  consoles,
  onOpen,
}: {
  consoles: readonly ConsoleLine[];
  onOpen(line: ConsoleLine): void;
}) {
  return (
    <DataTable
      label="Consoles"
      main
      rows={consoles}
      columns={COLUMNS}
      keyOf={({ id }) => id}
      onOpen={onOpen}
      empty={<EmptyState title="No console fits." />}
    />
  );
}
