/** Every console that wrote here: what it may do, how much of it is signed, and whether its clock can be believed. */
import { useMemo } from 'react';
import type { RecordView } from '../../../shared/contract/record.ts';
import styles from './Record.module.css';
import { Table, type TableColumn } from './Table.tsx';
import { count } from '../../../shared/domain/record/lost.ts';
import { ACCESS_WORDS, clockWords, consoleLines, type ConsoleLine } from '../../../shared/domain/record/words.ts';

const COLUMNS: readonly TableColumn<ConsoleLine>[] = [
  {
    title: 'Console',
    cell: ({ id, name }) => (
      <span className={styles.named}>
        <bdi title={name}>{name}</bdi>
        {name !== id && <code className={styles.quiet}>{id}</code>}
      </span>
    ),
  },
  {
    title: 'Access',
    width: '104px',
    cell: ({ access }) => (
      <span className={access === 'revoked' || access === 'stranger' ? styles.warn : styles.quiet}>
        {ACCESS_WORDS[access]}
      </span>
    ),
  },
  { title: 'Ops', width: '80px', end: true, cell: ({ ops }) => ops.toLocaleString('en') },
  {
    title: 'Head',
    width: '120px',
    cell: ({ head }) =>
      head === null ? (
        <span className={styles.quiet}>not checked</span>
      ) : (
        <code title={`op ${head.seq}: ${head.id}`}>
          {head.seq} {head.id.slice(0, 8)}
        </code>
      ),
  },
  { title: 'Signed', width: '104px', end: true, cell: (line) => <Signed {...line} /> },
  {
    title: 'Clock',
    width: '176px',
    wrap: true,
    cell: (line) => {
      const { words, off } = clockWords(line);
      return <span className={off ? styles.warn : styles.quiet}>{words}</span>;
    },
  },
];

function Signed({ signed, checked, findings }: ConsoleLine) {
  if (signed === null || checked === null) return <span className={styles.quiet}>–</span>;
  if (findings > 0) return <b className={styles.bad}>{count(findings, 'finding')}</b>;
  return signed === checked ? 'all' : <b className={styles.bad}>{signed.toLocaleString('en')}</b>;
}

export function Consoles({ record }: { record: RecordView }) {
  const lines = useMemo(() => consoleLines(record), [record]);
  if (lines.length === 0) return <p className={styles.none}>Nobody has written anything yet.</p>;
  return <Table label="Consoles" rows={lines} columns={COLUMNS} keyOf={({ id }) => id} />;
}
