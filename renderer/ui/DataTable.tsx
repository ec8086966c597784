/**
 * A table that stays quick with thousands of rows: sorted by its headers, drawn only where it is seen, walked with the
 * keyboard. Invariant: rows keep their key, so that the row under the focus survives a re-read and a new order.
 */
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import type { ColumnDef, SortingState } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { IN_LISTS, useKeys } from '../state/keys.ts';
import { classes } from './classes.ts';
import styles from './DataTable.module.css';
import { compare, moved } from './rows.ts';

export interface Column<T> {
  id: string;
  title: string;
  cell(row: T): ReactNode;
  /** What it sorts by; absent: it does not sort. Null goes last either way. */
  sort?(row: T): string | number | null;
  /** CSS grid track: `1fr`, `120px`, `minmax(160px, 2fr)`. */
  width?: string;
  align?: 'start' | 'end';
}

export interface DataTableProps<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf(row: T): string;
  onOpen?(row: T): void;
  onActive?(row: T): void;
  selected?: string | null;
  /** Column id, with `-` before it for descending. */
  initialSort?: string;
  /** Whether j/k enter it from anywhere on the screen. */
  main?: boolean;
  empty?: ReactNode;
  className?: string;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
type Features = typeof features;

export function DataTable<T>({
  label,
  columns,
  rows,
  keyOf,
  onOpen,
  onActive,
  selected,
  initialSort,
  main = false,
  empty,
  className,
}: DataTableProps<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState<SortingState>(() =>
    initialSort === undefined ? [] : [{ id: initialSort.replace(/^-/, ''), desc: initialSort.startsWith('-') }],
  );
  const [activeKey, setActiveKey] = useState<string | null>(null);

  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<Features, T & object> => ({
        id: column.id,
        accessorFn: (row) => column.sort?.(row) ?? null,
        enableSorting: column.sort !== undefined,
        sortUndefined: false,
        sortFn: (a, b) => {
          const [left, right] = [column.sort?.(a.original) ?? null, column.sort?.(b.original) ?? null];
          const last = sorting.find(({ id }) => id === column.id)?.desc === true && (left === null || right === null);
          return last ? -compare(left, right) : compare(left, right);
        },
      })),
    [columns, sorting],
  );
  const table = useTable<Features, T & object>({
    features,
    columns: definitions,
    data: rows as readonly (T & object)[] as (T & object)[],
    getRowId: (row) => keyOf(row),
    state: { sorting },
    onSortingChange: setSorting,
    enableSortingRemoval: false,
  });
  const sorted = table.getRowModel().rows;
  const active = Math.max(0, activeKey === null ? 0 : sorted.findIndex(({ id }) => id === activeKey));

  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight(scroller.current),
    overscan: 12,
    getItemKey: (index) => sorted[index]!.id,
  });

  const focus = (index: number): void => {
    const row = sorted[index];
    if (row === undefined) return;
    setActiveKey(row.id);
    onActive?.(row.original);
    virtual.scrollToIndex(index);
    // A row that is drawn takes the focus at once, or a key pressed right after would go nowhere.
    const take = (): HTMLElement | undefined => {
      const drawn = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"]`);
      drawn?.focus({ preventScroll: true });
      return drawn ?? undefined;
    };
    if (take() === undefined) requestAnimationFrame(take);
  };

  const within = (): boolean => scroller.current?.contains(document.activeElement) === true;
  useKeys(
    IN_LISTS,
    main
      ? [
          { keys: 'j', title: 'Down', run: () => focus(within() ? Math.min(active + 1, sorted.length - 1) : active) },
          { keys: 'k', title: 'Up', run: () => focus(within() ? Math.max(active - 1, 0) : active) },
        ]
      : [],
  );

  const tracks = { gridTemplateColumns: columns.map(({ width }) => width ?? 'minmax(80px, 1fr)').join(' ') };
  return (
    <div ref={scroller} className={classes(styles.scroller, className)}>
      <div
        role="grid"
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        aria-colcount={columns.length}
        className={styles.grid}
      >
        <div role="rowgroup" className={styles.head}>
          <div role="row" aria-rowindex={1} className={styles.headRow} style={tracks}>
            {columns.map((column) => {
              const direction = sorting.find(({ id }) => id === column.id);
              return (
                <div
                  key={column.id}
                  role="columnheader"
                  className={styles.headCell}
                  data-align={column.align}
                  aria-sort={
                    column.sort === undefined
                      ? undefined
                      : direction === undefined
                        ? 'none'
                        : direction.desc
                          ? 'descending'
                          : 'ascending'
                  }
                >
                  {column.sort === undefined ? (
                    column.title
                  ) : (
                    <button
                      type="button"
                      className={styles.sorter}
                      onClick={() => table.getColumn(column.id)?.toggleSorting()}
                    >
                      {column.title}
                      <span aria-hidden="true">{direction === undefined ? '' : direction.desc ? ' ↓' : ' ↑'}</span>
                    </button>
                  )}
                </div>
              );
            })}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.body}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={(event) => {
            if (
              event.ctrlKey ||
              event.metaKey ||
              event.altKey ||
              (event.target as Element).getAttribute('role') !== 'row'
            )
              return;
            const page = Math.max(
              1,
              Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight(scroller.current)) - 2,
            );
            const next =
              event.key === 'PageDown'
                ? Math.min(active + page, sorted.length - 1)
                : event.key === 'PageUp'
                  ? Math.max(active - page, 0)
                  : moved(event.key, active, sorted.length);
            const row = sorted[active];
            if (next !== null) focus(next);
            else if (event.key === 'Enter' && row !== undefined && onOpen !== undefined) onOpen(row.original);
            else return;
            event.preventDefault();
          }}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index]!;
            return (
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={selected === undefined ? undefined : row.id === selected}
                tabIndex={item.index === active ? 0 : -1}
                className={styles.row}
                data-openable={onOpen !== undefined || undefined}
                style={{ ...tracks, height: item.size, transform: `translateY(${item.start}px)` }}
                onFocus={() => {
                  if (row.id !== activeKey) setActiveKey(row.id);
                }}
                onClick={(event) => {
                  if ((event.target as Element).closest('button, a, input') === null) onOpen?.(row.original);
                }}
              >
                {columns.map((column) => (
                  <div key={column.id} role="gridcell" className={styles.cell} data-align={column.align}>
                    {column.cell(row.original)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {sorted.length === 0 && empty}
    </div>
  );
}

/** Height of a row in the current density, px. */
function rowHeight(inside: Element | null): number {
  return Number.parseFloat(getComputedStyle(inside ?? document.documentElement).getPropertyValue('--row')) || 36;
}
