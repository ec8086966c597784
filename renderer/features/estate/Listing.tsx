/** A tab of the estate: filters above, a table that finds by typing, and how much of the whole is shown. */
import type { ReactNode } from 'react';
import { DataTable, type Column } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { TextField } from '../../ui/Field.tsx';
import styles from './Listing.module.css';

export interface ListingProps<T> {
  label: string;
  /** What is searched, in words: "Name, owner, system". */
  searches: string;
  query: string;
  onQuery(query: string): void;
  filters?: ReactNode;
  columns: readonly Column<T>[];
  rows: readonly T[];
  total: number;
  keyOf(row: T): string;
  onOpen?(row: T): void;
  selected?: string | null;
  initialSort?: string;
  /** What stands here while the estate has none of these. */
  none: string;
  /** Where they come from. */
  noneText?: string;
}

/** Whether every word of `query` occurs in the text of a row. */
export function fits(query: string, texts: readonly (string | null | undefined)[]): boolean {
  const text = texts.join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function Listing<T>({
  label,
  searches,
  query,
  onQuery,
  filters,
  columns,
  rows,
  total,
  keyOf,
  onOpen,
  selected,
  initialSort,
  none,
  noneText = 'They come with the catalog.',
}: ListingProps<T>) {
  return (
    <div className={styles.listing}>
      <div className={styles.bar}>
        <div className={styles.search} data-estate-search="">
          <TextField
            label={`Find in ${label.toLowerCase()}`}
            hideLabel
            placeholder={searches}
            value={query}
            onChange={onQuery}
          />
        </div>
        {filters}
        <p className={styles.count}>
          {rows.length === total
            ? total.toLocaleString('en')
            : `${rows.length.toLocaleString('en')} of ${total.toLocaleString('en')}`}
        </p>
      </div>
      <div className={styles.table}>
        <DataTable
          label={label}
          main
          columns={columns}
          rows={rows}
          keyOf={keyOf}
          onOpen={onOpen}
          selected={selected}
          initialSort={initialSort}
          empty={<EmptyState title={total === 0 ? none : 'Nothing fits.'} text={total === 0 ? noneText : undefined} />}
        />
      </div>
    </div>
  );
}
