/**
 * Rows that the keyboard walks through: arrows or j/k move, Home and End jump, Enter opens. Invariant: one row can be
 * tabbed to; when the row under the focus goes away the focus stays in the list, at the same place.
 */
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { IN_LISTS, spokenFor, useKeys } from '../state/keys.ts';
import { classes } from './classes.ts';
import styles from './List.module.css';
import { moved } from './rows.ts';

export interface ListProps<T> {
  /** Read to screen readers. */
  label: string;
  items: readonly T[];
  keyOf(item: T): string;
  render(item: T, active: boolean): ReactNode;
  /** Enter or a click. */
  onOpen?(item: T): void;
  /** The row under the focus changed. */
  onActive?(item: T): void;
  /** Other keys on a row; return true when the key was taken. */
  onKey?(key: string, item: T, event: KeyboardEvent): boolean;
  /** The row that is shown elsewhere, drawn as selected. */
  selected?: string | null;
  /** Whether this is the list that j/k enter from anywhere on the screen. */
  main?: boolean;
  /** The row that can be tabbed to until somebody moves the focus; the first unless told. */
  initial?: string | null;
  /** Whether rows that appear later glow once. */
  glow?: boolean;
  empty?: ReactNode;
  className?: string;
  rowClassName?: string | ((item: T) => string | undefined);
}

export function List<T>({
  label,
  items,
  keyOf,
  render,
  onOpen,
  onActive,
  onKey,
  selected,
  initial,
  main = false,
  glow = false,
  empty,
  className,
  rowClassName,
}: ListProps<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const lastIndex = useRef(0);
  const keys = items.map(keyOf);
  const found = activeKey === null ? -1 : keys.indexOf(activeKey);
  const start = activeKey === null && initial != null ? keys.indexOf(initial) : -1;
  const active = found >= 0 ? found : start >= 0 ? start : Math.min(lastIndex.current, items.length - 1);
  const fresh = useFresh(keys, glow);

  useEffect(() => {
    if (found >= 0) lastIndex.current = found;
  });

  const focus = (index: number): void => {
    const item = items[index];
    if (item === undefined) return;
    setActiveKey(keyOf(item));
    box.current?.querySelectorAll<HTMLElement>(':scope > [role=row]')[index]?.focus();
  };

  const gone = activeKey !== null && found < 0 && items.length > 0;
  useEffect(() => {
    if (gone && (document.activeElement === document.body || document.activeElement === null)) focus(active);
  });

  useKeys(
    IN_LISTS,
    main
      ? [
          {
            keys: 'j',
            title: 'Down',
            run: () =>
              focus(box.current?.contains(document.activeElement) ? Math.min(active + 1, items.length - 1) : active),
          },
          {
            keys: 'k',
            title: 'Up',
            run: () => focus(box.current?.contains(document.activeElement) ? Math.max(active - 1, 0) : active),
          },
        ]
      : [],
  );

  if (items.length === 0) return <>{empty}</>;
  return (
    <div
      ref={box}
      role="grid"
      aria-label={label}
      aria-rowcount={items.length}
      className={classes(styles.list, className)}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || spokenFor()) return;
        const row = (event.target as Element).closest('[role=row]');
        const item = items[active];
        if (row === null || item === undefined) return;
        const inside = event.target !== row;
        const next = inside ? null : moved(event.key, active, items.length);
        if (next !== null) {
          event.preventDefault();
          focus(next);
        } else if (!inside && event.key === 'Enter' && onOpen !== undefined) {
          event.preventDefault();
          onOpen(item);
        } else if (!inside && onKey?.(event.key, item, event)) {
          event.preventDefault();
        }
      }}
    >
      {items.map((item, index) => (
        <div
          key={keys[index]}
          role="row"
          aria-rowindex={index + 1}
          aria-selected={selected === undefined ? undefined : keys[index] === selected}
          tabIndex={index === active ? 0 : -1}
          className={classes(
            styles.row,
            fresh.has(keys[index]!) && styles.fresh,
            typeof rowClassName === 'function' ? rowClassName(item) : rowClassName,
          )}
          data-openable={onOpen !== undefined || undefined}
          onFocus={() => {
            if (keys[index] !== activeKey) {
              setActiveKey(keys[index]!);
              onActive?.(item);
            }
          }}
          onClick={(event) => {
            if ((event.target as Element).closest('button, a, input') === null) onOpen?.(item);
          }}
        >
          <div role="gridcell" className={styles.cell}>
            {render(item, index === active)}
          </div>
        </div>
      ))}
    </div>
  );
}

/** The keys that were not there at the first render that had any. */
function useFresh(keys: readonly string[], wanted: boolean): ReadonlySet<string> {
  const known = useRef<Set<string> | null>(null);
  const fresh = useRef(new Set<string>());
  if (wanted && known.current === null && keys.length > 0) known.current = new Set(keys);
  if (wanted && known.current !== null) {
    for (const key of keys) {
      if (!known.current.has(key)) {
        known.current.add(key);
        fresh.current.add(key);
      }
    }
  }
  return fresh.current;
}
