/**
 * What happened, newest first. Newest on top because a war room reads the last line a hundred times for each time it
 * reads back: it opens there with nothing to scroll, the next entry always lands in the same place, right under the
 * composer that wrote it, and older pages load downwards without moving what is read.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ArrowUp } from 'lucide-react';
import type { EntryView } from '../../../shared/contract/incident.ts';
import { formatDate, formatDay, zoneName } from '../../../shared/domain/times.ts';
import { spokenFor } from '../../state/keys.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { moved } from '../../ui/rows.ts';
import { Bar, Skeleton } from '../../ui/Skeleton.tsx';
import { correctable, Entry } from './Entry.tsx';
import type { TimelinePages, TimelineSnapshot } from './pages.ts';
import { useRoom } from './room.ts';
import styles from './Timeline.module.css';

/** How long a new row glows, ms. */
const GLOW = 2500;

export function Timeline({
  pages,
  timeline,
  filtered,
  sought,
}: {
  pages: TimelinePages;
  timeline: TimelineSnapshot;
  filtered: boolean;
  /** Id of the entry that somebody came for. */
  sought: string | null;
}) {
  const { incident, zone, open } = useRoom();
  const now = useNow(60_000);
  const scroller = useRef<HTMLDivElement>(null);
  const { entries } = timeline;
  const [activeId, setActiveId] = useState<string | null>(null);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [reading, setReading] = useState(false);
  const found = activeId === null ? -1 : entries.findIndex(({ id }) => id === activeId);
  const active = Math.max(0, found);

  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 33,
    overscan: 10,
    getItemKey: (index) => entries[index]!.id,
    // While somebody reads further down, what they read stays where it is when entries come in above.
    anchorTo: reading ? 'end' : 'start',
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => pages.seen(first, last), [pages, first, last, entries.length]);

  const { fresh } = timeline;
  useEffect(() => {
    if (fresh.size === 0) return undefined;
    const timer = setTimeout(() => pages.glowed(), GLOW);
    return () => clearTimeout(timer);
  }, [pages, fresh]);

  const newest = entries[0]?.id;
  const readTo = useRef<string | undefined>(undefined);
  useLayoutEffect(() => {
    if (!reading) readTo.current = newest;
  }, [reading, newest]);
  const waiting =
    reading && readTo.current !== undefined
      ? Math.max(
          0,
          entries.findIndex(({ id }) => id === readTo.current),
        )
      : 0;

  const focus = (index: number): void => {
    const entry = entries[index];
    if (entry === undefined) return;
    setActiveId(entry.id);
    virtual.scrollToIndex(index, { align: 'auto' });
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
    );
  };
  const shownFor = useRef<string | null>(null);
  useEffect(() => {
    const index = sought === null || shownFor.current === sought ? -1 : entries.findIndex(({ id }) => id === sought);
    if (index < 0) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (row) {
      shownFor.current = sought;
      row.focus();
    } else virtual.scrollToIndex(index, { align: 'center' });
  });
  const toggle = useCallback(
    (id: string): void =>
      setExpanded((before) => {
        const next = new Set(before);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const correct = useCallback((entry: EntryView) => open({ ask: 'correct', entry }), [open]);

  if (!timeline.opened) {
    return timeline.error === null ? (
      <TimelineSkeleton />
    ) : (
      <ErrorLine error={timeline.error} onRetry={() => pages.changed()} />
    );
  }
  return (
    <>
      {timeline.error !== null && (
        <ErrorLine error={`The timeline could not be read again: ${timeline.error}`} onRetry={() => pages.changed()} />
      )}
      {waiting > 0 && (
        <Button className={styles.waiting} variant="primary" onClick={() => virtual.scrollToOffset(0)}>
          <ArrowUp size={14} aria-hidden="true" /> {waiting} new
        </Button>
      )}
      <div
        ref={scroller}
        className={styles.scroller}
        onScroll={(event) => setReading(event.currentTarget.scrollTop > 8)}
      >
        {entries.length === 0 ? (
          <EmptyState
            title={filtered ? 'No entries of these kinds.' : 'Nothing has happened yet.'}
            text={filtered ? undefined : 'What people write, ask and decide comes here, and what changes by itself.'}
          />
        ) : (
          <div
            role="grid"
            aria-label="Timeline"
            aria-rowcount={timeline.whole ? entries.length : -1}
            className={styles.grid}
            style={{ height: virtual.getTotalSize() }}
            onKeyDown={(event) => {
              if (
                event.ctrlKey ||
                event.metaKey ||
                event.altKey ||
                spokenFor() ||
                (event.target as Element).getAttribute('role') !== 'row'
              )
                return;
              const entry = entries[active];
              if (entry === undefined) return;
              const page = Math.max(1, items.length - 22);
              const next =
                event.key === 'PageDown'
                  ? Math.min(active + page, entries.length - 1)
                  : event.key === 'PageUp'
                    ? Math.max(active - page, 0)
                    : moved(event.key, active, entries.length);
              if (next !== null) focus(next);
              else if (event.key === 'Enter') toggle(entry.id);
              else if (event.key === 'e' && correctable(entry)) correct(entry);
              else return;
              event.preventDefault();
            }}
          >
            {items.map((item) => {
              const entry = entries[item.index]!;
              const before = entries[item.index - 1];
              const day = before === undefined || dayKey(before, zone) !== dayKey(entry, zone);
              return (
                <div
                  key={entry.id}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  role="row"
                  aria-rowindex={item.index + 1}
                  tabIndex={item.index === active ? 0 : -1}
                  className={styles.row}
                  style={{ transform: `translateY(${item.start}px)` }}
                  onFocus={() => setActiveId(entry.id)}
                >
                  <div role="gridcell">
                    {day && (
                      <p className={styles.day}>
                        {formatDay(entry.eventTime, zone, now) || 'today'} · times in {zoneName(entry.eventTime, zone)}
                      </p>
                    )}
                    <Entry
                      incident={incident.foreign ? null : incident.id}
                      entry={entry}
                      zone={zone}
                      now={now}
                      fresh={timeline.fresh.has(entry.id) || entry.id === sought}
                      whole={expanded.has(entry.id)}
                      onCorrect={correct}
                      onToggle={toggle}
                    />
                  </div>
                </div>
              );
            })}
          </div>
        )}
        {!timeline.whole && entries.length > 0 && <p className={styles.more}>reading older entries…</p>}
      </div>
    </>
  );
}

const dayKey = (entry: EntryView, zone: string): string =>
  `${formatDate(entry.eventTime, zone)} ${zoneName(entry.eventTime, zone)}`;

function TimelineSkeleton() {
  return (
    <Skeleton>
      {[80, 55, 90, 40, 70, 60].map((width, index) => (
        <Bar key={index} width={width} />
      ))}
    </Skeleton>
  );
}
