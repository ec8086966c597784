/** The map as a tree: what stands on what, with the same facts as the table; arrows open, close and walk, Enter opens the panel. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { IN_LISTS, useKeys } from '../../state/keys.ts';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { DOMAIN_WORDS, HEALTH_ORDER, KIND_WORDS } from '../../ui/words.ts';
import { HealthCount } from './HealthCount.tsx';
import { type Graph, HEALTHS } from './model/graph.ts';
import type { Grouping } from './model/grouping.ts';
import { type TreeRow, hurtBelow, treeRows } from './model/tree.ts';
import styles from './TreeView.module.css';

export interface TreeViewProps {
  graph: Graph;
  mask: Uint8Array;
  /** Shown services that match the search. */
  services: readonly number[];
  grouping: Grouping;
  /** What is said of services besides their health, by id. */
  remarks: ReadonlyMap<string, string>;
  selected: string | null;
  onOpen(service: string): void;
  empty: ReactNode;
}

const ROW = 32;

export function TreeView({ graph, mask, services, grouping, remarks, selected, onOpen, empty }: TreeViewProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  const order = useMemo(
    () =>
      [...services].sort(
        (a, b) =>
          HEALTH_ORDER.indexOf(HEALTHS[graph.health[a]!]!) - HEALTH_ORDER.indexOf(HEALTHS[graph.health[b]!]!) ||
          graph.services[a]!.name.localeCompare(graph.services[b]!.name),
      ),
    [services, graph],
  );
  const rows = useMemo(
    () => treeRows(graph, mask, order, grouping, expanded, (domain) => DOMAIN_WORDS[domain]),
    [graph, mask, order, grouping, expanded],
  );
  /** What a closed row hides; looked for only where it is seen. */
  const below = useMemo(() => {
    const known = new Map<number, ReturnType<typeof hurtBelow>>();
    return (service: number) => {
      const found = known.get(service) ?? hurtBelow(graph, mask, service);
      known.set(service, found);
      return found;
    };
  }, [graph, mask]);
  const at = Math.max(
    0,
    rows.findIndex(({ path }) => path === active),
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  const go = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (row === undefined) return;
    setActive(row.path);
    virtual.scrollToIndex(rows.indexOf(row));
  };
  /** As in a table: j and k enter it from anywhere on the screen; inside it they are its own. */
  const enter = (): void => box.current?.focus();
  useKeys(IN_LISTS, [
    { keys: 'j', title: 'Down', run: enter },
    { keys: 'k', title: 'Up', run: enter },
  ]);
  const unfold = ({ path }: TreeRow, open: boolean): void => {
    const next = new Set(expanded);
    if (open) next.add(path);
    else next.delete(path);
    setExpanded(next);
  };
  const press = (event: KeyboardEvent): void => {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      j: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      k: () => go(at - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      PageDown: () => go(at + 12),
      PageUp: () => go(at - 12),
      ArrowRight: () => {
        if (row.children > 0 && !row.expanded) unfold(row, true);
        else if (row.expanded) go(at + 1);
      },
      ArrowLeft: () => {
        if (row.expanded) unfold(row, false);
        else go(rows.findLastIndex(({ level }, index) => index < at && level < row.level));
      },
      Enter: () => {
        if (row.service >= 0) onOpen(graph.services[row.service]!.id);
        else unfold(row, !row.expanded);
      },
    };
    const run = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div
      ref={box}
      role="tree"
      aria-label="Services and what they need"
      aria-activedescendant={`${id}${at}`}
      tabIndex={0}
      className={styles.tree}
      onKeyDown={press}
    >
      <div role="presentation" className={styles.all} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!;
          const service = row.service < 0 ? null : graph.services[row.service]!;
          return (
            <div
              key={row.path}
              id={`${id}${index}`}
              role="treeitem"
              aria-level={row.level}
              aria-setsize={row.of}
              aria-posinset={row.place}
              aria-expanded={row.children > 0 ? row.expanded : undefined}
              aria-selected={service !== null && service.id === selected}
              className={styles.row}
              data-active={index === at || undefined}
              style={{ top: start, paddingInlineStart: 8 + (row.level - 1) * 20 }}
              onClick={() => {
                setActive(row.path);
                if (service === null) unfold(row, !row.expanded);
                else onOpen(service.id);
              }}
            >
              <span
                aria-hidden="true"
                className={styles.fold}
                onClick={(event) => {
                  if (row.children === 0) return;
                  event.stopPropagation();
                  setActive(row.path);
                  unfold(row, !row.expanded);
                }}
              >
                {row.children === 0 ? '' : row.expanded ? '▾' : '▸'}
              </span>
              {service === null ? (
                <GroupRow graph={graph} row={row} />
              ) : (
                <>
                  <span className={styles.health}>
                    <HealthMark health={service.health.health} />
                  </span>
                  <b className={styles.name}>{service.name}</b>
                  {row.children > 0 && !row.expanded && <Below hurt={below(row.service)} />}
                  <span className={styles.facts}>
                    {[
                      row.dependency === null ? null : `${row.dependency.strength}, ${row.dependency.mode}`,
                      service.tier === null ? 'no tier' : `tier ${service.tier}`,
                      KIND_WORDS[service.kind],
                      service.domain === null ? null : DOMAIN_WORDS[service.domain],
                      service.owner?.name ?? 'nobody owns it',
                      remarks.get(service.id) ?? null,
                      row.repeats ? 'stands above already' : row.children > 0 ? `needs ${row.children}` : null,
                      service.health.reason || null,
                    ]
                      .filter((part) => part !== null)
                      .join(' · ')}
                  </span>
                </>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Below({ hurt }: { hurt: ReturnType<typeof hurtBelow> }) {
  if (hurt.length === 0) return null;
  return (
    <span className={styles.below}>
      below it
      {hurt.map(({ health, count }) => (
        <HealthCount key={health} health={health} count={count} />
      ))}
    </span>
  );
}

function GroupRow({ graph, row }: { graph: Graph; row: TreeRow }) {
  const members = row.group!.members;
  return (
    <>
      <b className={styles.name}>{row.group!.title}</b>
      <span className={styles.facts}>
        {members.length === 1 ? '1 service' : `${members.length.toLocaleString('en')} services`}
        {HEALTH_ORDER.map((health) => {
          const count = members.filter((v) => HEALTHS[graph.health[v]!] === health).length;
          return count === 0 || health === 'healthy' ? null : (
            <span key={health}>
              {' '}
              · <HealthCount health={health} count={count} />
            </span>
          );
        })}
      </span>
    </>
  );
}
