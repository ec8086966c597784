/**
 * What was found, drawn only where it is seen: things with a name first, then what was written. The field above leads into
 * the list with the arrow down, and the arrow up on the first row leads back.
 */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Ref } from 'react';
import type { Hit } from '../../../shared/contract/search.ts';
import { asked, matches } from '../../../shared/domain/excerpt.ts';
import { IN_LISTS, spokenFor, useKeys } from '../../state/keys.ts';
import { moved } from '../../ui/rows.ts';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Hits.module.css';
import { Marked } from './Marked.tsx';

const ROW = 56;

const KIND_WORDS: Record<Hit['kind'], string> = {
  entry: '',
  incident: 'incident',
  service: 'service',
  'business-service': 'business service',
  store: 'store',
  team: 'team',
  person: 'person',
  runbook: 'runbook',
};

const ENTRY_WORDS: Record<NonNullable<Hit['entry']>, string> = {
  note: 'note',
  decision: 'decision',
  ask: 'ask',
  step: 'step',
  action: 'action',
  cleanup: 'cleanup',
  update: 'update',
  state: 'state',
  role: 'role',
  health: 'health',
  change: 'change',
  access: 'access',
  correction: 'correction',
};

export interface HitsHandle {
  /** Puts the focus on the first row. */
  enter(): void;
}

export interface HitsProps {
  hits: readonly Hit[];
  /** The words that were asked for. */
  text: string;
  /** Id of the row that has the focus when the list appears. */
  initial: string | null;
  handle: Ref<HitsHandle>;
  onOpen(hit: Hit): void;
  /** The arrow up on the first row. */
  onLeave(): void;
  /** The end is in sight. */
  onEnd(): void;
}

export const hitKey = ({ kind, id }: Hit): string => `${kind} ${id}`;

export function Hits({ hits, text, initial, handle, onOpen, onLeave, onEnd }: HitsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [activeKey, setActiveKey] = useState<string | null>(initial);
  const words = useMemo(() => asked(text), [text]);
  const active = Math.max(0, activeKey === null ? 0 : hits.findIndex((hit) => hitKey(hit) === activeKey));
  const virtual = useVirtualizer({
    count: hits.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
    getItemKey: (index) => hitKey(hits[index]!),
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hits.length > 0 && last >= hits.length - 20) onEnd();
  }, [last, hits.length, onEnd]);

  const focus = (index: number): void => {
    const hit = hits[index];
    if (hit === undefined) return;
    setActiveKey(hitKey(hit));
    virtual.scrollToIndex(index);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
    );
  };
  useEffect(() => {
    const enter = (): void => focus(0);
    if (typeof handle === 'function') handle({ enter });
    else if (handle !== null) handle.current = { enter };
  });
  const back = useRef(initial !== null);
  useEffect(() => {
    if (!back.current || hits.length === 0) return;
    back.current = false;
    const index = hits.findIndex((hit) => hitKey(hit) === initial);
    if (index >= 0) focus(index);
  });

  const within = (): boolean => scroller.current?.contains(document.activeElement) === true;
  useKeys(IN_LISTS, [
    { keys: 'j', title: 'Down', run: () => focus(within() ? Math.min(active + 1, hits.length - 1) : active) },
    { keys: 'k', title: 'Up', run: () => focus(within() ? Math.max(active - 1, 0) : active) },
  ]);

  return (
    <div ref={scroller} className={styles.scroller}>
      <div
        role="grid"
        aria-label="Found"
        aria-rowcount={hits.length}
        className={styles.grid}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey || spokenFor()) return;
          const hit = hits[active];
          const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW) - 1);
          const next =
            event.key === 'PageDown'
              ? Math.min(active + page, hits.length - 1)
              : event.key === 'PageUp'
                ? Math.max(active - page, 0)
                : moved(event.key, active, hits.length);
          if (event.key === 'ArrowUp' && active === 0) onLeave();
          else if (next !== null) focus(next);
          else if (event.key === 'Enter' && hit !== undefined) onOpen(hit);
          else return;
          event.preventDefault();
        }}
      >
        {items.map((item) => {
          const hit = hits[item.index]!;
          return (
            <div
              key={item.key}
              role="row"
              data-index={item.index}
              aria-rowindex={item.index + 1}
              tabIndex={item.index === active ? 0 : -1}
              className={styles.row}
              style={{ height: ROW, transform: `translateY(${item.start}px)` }}
              onFocus={() => setActiveKey(hitKey(hit))}
              onClick={() => onOpen(hit)}
            >
              <div role="gridcell" className={styles.cell}>
                <Row hit={hit} words={words} />
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({ hit, words }: { hit: Hit; words: readonly string[] }) {
  const { kind, entry, title, excerpt, marks, incident, by, at } = hit;
  if (entry === null) {
    return (
      <div className={styles.hit}>
        <span className={styles.kind}>{KIND_WORDS[kind]}</span>
        <span className={styles.text}>
          <span className={styles.name}>
            <Marked text={title} marks={matches(title, words)} />
          </span>
          <span className={styles.under}>
            <Marked text={excerpt} marks={marks} />
          </span>
        </span>
      </div>
    );
  }
  const found = <Marked text={excerpt} marks={marks} />;
  // What tells a line may already say all of what was found in it.
  const apart = title !== '' && !title.includes(excerpt);
  return (
    <div className={styles.hit}>
      <span className={styles.kind}>{ENTRY_WORDS[entry]}</span>
      <span className={styles.text}>
        <span className={styles.line}>
          {title === '' ? found : <Marked text={title} marks={matches(title, words)} />}
        </span>
        <span className={styles.under}>{apart ? found : <bdi>{incident?.name ?? 'in no incident'}</bdi>}</span>
      </span>
      <span className={styles.facts}>
        {at !== null && <TimeText at={at} />}
        <span className={styles.quiet}>
          <bdi>{by}</bdi>
          {apart && incident !== null && ` · ${incident.name.split(' ', 1)[0]}`}
        </span>
      </span>
    </div>
  );
}
