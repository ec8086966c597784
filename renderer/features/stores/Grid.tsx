/**
 * Regions as blocks, one cell a store. Invariants: a cell keeps its place while states change; a block is drawn again only
 * when one of its cells looks different; one cell can be tabbed to, and the keyboard walks over the borders of regions.
 */
import { memo, useLayoutEffect, useRef, useState } from 'react';
import { formatTime } from '../../../shared/domain/times.ts';
import { closedWords, LOUDEST_SELLING } from '../../../shared/domain/selling.ts';
import { useNow } from '../../state/now.ts';
import { spokenFor, useKeys } from '../../state/keys.ts';
import { SellingShape } from './SellingMark.tsx';
import { cellLabel, cellSize, nextTrouble, perRow, SELLING_WORDS, signature, step, type Block } from './model.ts';
import styles from './Grid.module.css';

export interface GridProps {
  blocks: readonly Block[];
  /** Stores in the estate: decides the size of the cells, so that filtering does not change it. */
  total: number;
  active: string | null;
  selected: string | null;
  onActive(id: string): void;
  onOpen(id: string): void;
  /** Another key on a store; true when it was taken. */
  onKey(key: string, id: string): boolean;
}

/** Space within a block beside its cells, px. */
const PADDING = 32;

export function Grid({ blocks, total, active, selected, onActive, onOpen, onKey }: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const size = cellSize(total);
  const columns = perRow(width - PADDING, size.width);
  const first = blocks[0]?.stores[0]?.id ?? null;
  const shown = blocks.some(({ stores }) => stores.some(({ id }) => id === active)) ? active : first;

  useLayoutEffect(() => {
    const element = box.current!;
    const measure = (): void => setWidth(element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const focus = (id: string | null): void => {
    if (id === null) return;
    onActive(id);
    const cell = box.current?.querySelector<HTMLElement>(`[data-store="${CSS.escape(id)}"]`);
    cell?.focus();
    cell?.scrollIntoView({ block: 'nearest' });
  };
  useKeys('Stores', [
    {
      keys: 'j',
      title: 'Next store',
      run: () => focus(box.current?.contains(document.activeElement) ? step(blocks, shown, 'j', columns) : shown),
    },
    {
      keys: 'k',
      title: 'Store before',
      run: () => focus(box.current?.contains(document.activeElement) ? step(blocks, shown, 'k', columns) : shown),
    },
    { keys: 'n', title: 'Next store in trouble', run: () => focus(nextTrouble(blocks, shown)) },
  ]);

  return (
    <div
      ref={box}
      className={styles.grid}
      data-numbered={size.numbered || undefined}
      style={{ '--cell-w': `${size.width}px`, '--cell-h': `${size.height}px` } as React.CSSProperties}
      onKeyDown={(event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || spokenFor()) return;
        const id = (event.target as HTMLElement).dataset['store'];
        if (id === undefined) return;
        const next = step(blocks, id, event.key, columns);
        if (next !== null) {
          event.preventDefault();
          focus(next);
        } else if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          onOpen(id);
        } else if (onKey(event.key, id)) event.preventDefault();
      }}
      onClick={(event) => {
        const id = (event.target as Element).closest<HTMLElement>('[data-store]')?.dataset['store'];
        if (id === undefined) return;
        onActive(id);
        onOpen(id);
      }}
    >
      {blocks.map((block) => (
        <Region
          key={block.id}
          block={block}
          drawn={signature(block)}
          numbered={size.numbered}
          active={block.stores.some(({ id }) => id === shown) ? shown : null}
          selected={block.stores.some(({ id }) => id === selected) ? selected : null}
        />
      ))}
    </div>
  );
}

interface RegionProps {
  block: Block;
  drawn: string;
  numbered: boolean;
  active: string | null;
  selected: string | null;
}

function Region({ block, drawn, numbered, active, selected }: RegionProps) {
  return (
    <section className={styles.region} aria-label={block.name} data-region={block.id}>
      <Head block={block} />
      <Cells block={block} drawn={drawn} numbered={numbered} active={active} selected={selected} />
    </section>
  );
}

function Head({ block }: { block: Block }) {
  const now = useNow(60_000);
  const { name, timezone, counts, buffered } = block;
  const hurt = LOUDEST_SELLING.filter((selling) => selling !== 'sells' && counts[selling] > 0);
  return (
    <header className={styles.head}>
      <h2 className={styles.name}>{name}</h2>
      <span className={styles.quiet}>{formatTime(now, timezone)}</span>
      {counts.total > counts.closed && (
        <span>
          {counts.sells + counts.fallback + counts.hindered} of {counts.total - counts.closed} open sell
        </span>
      )}
      {hurt.map((selling) => (
        <span key={selling} className={styles.count}>
          <SellingShape selling={selling} />
          {counts[selling]} {selling === 'fallback' ? 'from their own server' : SELLING_WORDS[selling]}
        </span>
      ))}
      {counts.closed > 0 && (
        <span className={counts.closedHurt + counts.closedUnknown > 0 ? undefined : styles.quiet}>
          {closedWords(counts)}
        </span>
      )}
      {buffered !== null && buffered > 0 && (
        <span className={styles.quiet}>{buffered.toLocaleString('en')} transactions waiting</span>
      )}
    </header>
  );
}

/** Drawn again only when a cell looks different; the rest of a store is read when it is opened. */
const Cells = memo(
  function Cells({ block, numbered, active, selected }: RegionProps) {
    return (
      <div className={styles.cells} role="listbox" aria-label={`Stores of ${block.name}`}>
        {block.stores.map((store) => (
          <div
            key={store.id}
            role="option"
            aria-selected={store.id === selected}
            aria-label={cellLabel(store)}
            tabIndex={store.id === active ? 0 : -1}
            className={styles.cell}
            data-store={store.id}
            data-selling={store.selling}
            data-closed={store.open === false || undefined}
            data-reported={store.reported || undefined}
          >
            <SellingShape selling={store.selling} />
            {numbered && <span className={styles.number}>{store.number ?? store.name.slice(0, 4)}</span>}
          </div>
        ))}
      </div>
    );
  },
  (before, after) =>
    before.drawn === after.drawn &&
    before.active === after.active &&
    before.selected === after.selected &&
    before.numbered === after.numbered &&
    before.block.name === after.block.name,
);

/** What the shapes mean. */
export function Legend() {
  return (
    <p className={styles.legend}>
      {(['sells', 'fallback', 'hindered', 'cannot', 'unknown'] as const).map((selling) => (
        <span key={selling} className={styles.count}>
          <SellingShape selling={selling} />
          {SELLING_WORDS[selling]}
        </span>
      ))}
      <span className={styles.count}>
        <span className={styles.closedSample} aria-hidden="true">
          <SellingShape selling="sells" />
        </span>
        closed now
      </span>
      <span className={styles.count}>
        <span className={styles.reportedSample} aria-hidden="true" />
        reported by a person
      </span>
    </p>
  );
}
