/** What a closed group stands for: how its services are, the worst first, and how to see them one by one. */
import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, IconButton } from '../../ui/Button.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { HEALTH_WORDS, KIND_WORDS } from '../../ui/words.ts';
import { type Graph, HEALTHS, LOUDNESS } from './model/graph.ts';
import { type Group, groupNote } from './model/grouping.ts';
import styles from './ServicePanel.module.css';

export interface GroupPanelProps {
  /** Of the whole estate. */
  graph: Graph;
  group: Group;
  takeFocus: boolean;
  onOpen(service: string): void;
  onUnfold(): void;
  onClose(): void;
}

/** More services than these are told by their number; the table has all. */
const LISTED = 200;

export function GroupPanel({ graph, group, takeFocus, onOpen, onUnfold, onClose }: GroupPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takeFocus) heading.current?.focus();
  }, [takeFocus, group.id]);
  const members = [...group.members].sort(
    (a, b) =>
      LOUDNESS[graph.health[b]!]! - LOUDNESS[graph.health[a]!]! ||
      graph.services[a]!.name.localeCompare(graph.services[b]!.name),
  );
  return (
    <div className={styles.panel} data-testid="group-panel">
      <header className={styles.head}>
        <div className={styles.title}>
          <h2 ref={heading} tabIndex={-1} className={styles.name}>
            {group.title}
          </h2>
          <IconButton label="Close (Esc)" icon={<X size={16} />} onClick={onClose} />
        </div>
        <p className={styles.facts}>{groupNote(group, (health) => HEALTH_WORDS[health])}</p>
        <p className={styles.facts}>
          {group.inside === 1 ? '1 dependency runs' : `${group.inside} dependencies run`} between its services
        </p>
        <div className={styles.actions}>
          <Button variant="primary" keys="o" onClick={onUnfold}>
            Show its services
          </Button>
        </div>
      </header>
      <ul className={styles.list} aria-label={`Services of ${group.title}`}>
        {members.slice(0, LISTED).map((v) => {
          const { id, name, kind } = graph.services[v]!;
          const health = HEALTHS[graph.health[v]!]!;
          return (
            <li key={id}>
              <button type="button" className={styles.row} onClick={() => onOpen(id)}>
                <HealthMark health={health} word={health !== 'healthy'} />
                <span className={styles.grow}>{name}</span>
                <span className={styles.quiet}>{KIND_WORDS[kind]}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {members.length > LISTED && <p className={styles.quiet}>and {members.length - LISTED} more</p>}
    </div>
  );
}
