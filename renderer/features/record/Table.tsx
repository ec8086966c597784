/** A short table to be read, not walked: plain rows under a head that stays. */
import type { ReactNode } from 'react';
import { classes } from '../../ui/classes.ts';
import styles from './Table.module.css';

export interface TableColumn<T> {
  title: string;
  cell(row: T): ReactNode;
  /** CSS width; the rest is shared out. */
  width?: string;
  end?: boolean;
  /** Breaks into lines instead of being cut. */
  wrap?: boolean;
}

export function Table<T>({
  label,
  rows,
  columns,
  keyOf,
}: {
  label: string;
  rows: readonly T[];
  columns: readonly TableColumn<T>[];
  keyOf(row: T): string;
}) {
  return (
    <table className={styles.table} aria-label={label}>
      <colgroup>
        {columns.map(({ title, width }) => (
          <col key={title} style={width === undefined ? undefined : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(({ title, end }) => (
            <th key={title} scope="col" className={classes(styles.head, end && styles.end)}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell, end, wrap }) => (
              <td key={title} className={classes(styles.cell, end && styles.end, wrap && styles.wrap)}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
