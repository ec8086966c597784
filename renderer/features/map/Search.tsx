/** Finds a service by its name, kind, system or owner. Enter goes to the first, arrows choose another, Esc gives the keys back to the map. */
import { useId, useState } from 'react';
import type { RefObject } from 'react';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { HEALTH_WORDS } from '../../ui/words.ts';
import styles from './Search.module.css';
import type { Graph } from './model/graph.ts';

export interface SearchProps {
  graph: Graph;
  mask: Uint8Array;
  query: string;
  /** Services that match, best first. */
  found: readonly number[];
  /** Whether matches are offered below the input; the table shows them itself. */
  offer: boolean;
  inputRef: RefObject<HTMLInputElement | null>;
  onQuery(query: string): void;
  onPick(service: number): void;
  onLeave(): void;
}

const OFFERED = 8;

export function Search({ graph, mask, query, found, offer, inputRef, onQuery, onPick, onLeave }: SearchProps) {
  const id = useId();
  const [active, setActive] = useState(0);
  const [focused, setFocused] = useState(false);
  const open = offer && focused && query.trim() !== '';
  const offered = open ? found.slice(0, OFFERED) : [];
  const chosen = Math.min(active, offered.length - 1);
  return (
    <div className={styles.search}>
      <input
        ref={inputRef}
        type="text"
        role="combobox"
        aria-label="Find a service"
        aria-expanded={open}
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 && offered.length > 0 ? `${id}${chosen}` : undefined}
        className={styles.input}
        placeholder="Find a service  /"
        spellCheck={false}
        autoComplete="off"
        value={query}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
        onChange={(event) => {
          onQuery(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (query === '') onLeave();
            else onQuery('');
          } else if (event.key === 'Enter') {
            if (offer && offered.length > 0) onPick(offered[chosen]!);
            else onLeave();
          } else if (offer && event.key === 'ArrowDown') setActive(Math.min(chosen + 1, offered.length - 1));
          else if (offer && event.key === 'ArrowUp') setActive(Math.max(chosen - 1, 0));
          else return;
          event.preventDefault();
        }}
      />
      {/* oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a datalist can show neither health nor what is hidden */}
      <div id={`${id}list`} role="listbox" aria-label="Services found" className={styles.list} hidden={!open}>
        {offered.map((v, index) => {
          const service = graph.services[v]!;
          return (
            <div
              key={service.id}
              id={`${id}${index}`}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- belongs to the listbox above
              role="option"
              aria-selected={index === chosen}
              className={styles.option}
              data-health={service.health.health}
              onPointerDown={(event) => {
                event.preventDefault();
                onPick(v);
              }}
            >
              <HealthShape health={service.health.health} />
              <span className={styles.name}>{service.name}</span>
              <span className={styles.hint}>
                {service.health.health === 'healthy' ? '' : HEALTH_WORDS[service.health.health]}
                {mask[v] ? '' : ' hidden'}
              </span>
            </div>
          );
        })}
        {open && offered.length === 0 && <div className={styles.none}>No service matches.</div>}
        {open && found.length > OFFERED && <div className={styles.none}>and {found.length - OFFERED} more</div>}
      </div>
    </div>
  );
}
