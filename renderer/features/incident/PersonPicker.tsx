/**
 * Picks a person with as few keys as possible: the nine likeliest carry a digit, typing finds anybody, Enter takes the
 * marked one. Letters always filter, so that a name is never mistaken for a command.
 */
import { useEffect, useId, useRef, useState } from 'react';
import { rank } from '../../../shared/domain/composer.ts';
import { classes } from '../../ui/classes.ts';
import { Kbd } from '../../ui/Kbd.tsx';
import type { Candidate } from './candidates.ts';
import styles from './PersonPicker.module.css';
import { typedInto, useEarlyKeys } from './useEarlyKeys.ts';

/** Rows that are drawn; typing brings up the rest. */
const SHOWN = 9;

export interface PersonPickerProps {
  label: string;
  /** Best first. */
  candidates: readonly Candidate[];
  /** Who has it now. */
  current: string | null;
  /** Null: nobody. */
  onPick(person: string | null): void;
}

export function PersonPicker({ label, candidates, current, onPick }: PersonPickerProps) {
  const [query, setQuery] = useState('');
  const [marked, setMarked] = useState(0);
  const [early, setEarly] = useState<string | null>(null);
  const listId = useId();
  const among = candidates.filter(({ id }) => id !== current);
  const shown = query.trim() === '' ? among.slice(0, SHOWN) : rank(query.trim(), among, SHOWN);
  const at = Math.min(marked, shown.length - 1);

  const picked = (key: string): boolean => {
    // Pressed before the names are there: it means the one that will stand in that place.
    if (candidates.length === 0 && query === '' && /^([1-9]|Enter)$/.test(key)) {
      setEarly(key);
      return true;
    }
    const one = key === 'Enter' ? shown[at] : /^[1-9]$/.test(key) ? shown[Number(key) - 1] : undefined;
    if (one !== undefined) onPick(one.id);
    else if (key === '0' && current !== null) onPick(null);
    else return false;
    return true;
  };
  const latest = useRef(picked);
  useEffect(() => {
    latest.current = picked;
  });
  useEffect(() => {
    if (early === null || candidates.length === 0) return;
    setEarly(null);
    latest.current(early);
  }, [early, candidates.length]);
  useEarlyKeys((key) => {
    if (!picked(key)) setQuery((before) => typedInto(before, key));
  });

  return (
    <div className={styles.picker}>
      <input
        autoFocus
        className={styles.input}
        aria-label={label}
        aria-autocomplete="list"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={at >= 0 ? `${listId}-${at}` : undefined}
        placeholder="Type a name, or press a digit"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setMarked(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === 'ArrowDown') setMarked(Math.min(at + 1, shown.length - 1));
          else if (event.key === 'ArrowUp') setMarked(Math.max(at - 1, 0));
          else if (!picked(event.key)) return;
          event.preventDefault();
        }}
      />
      <div id={listId} role="listbox" aria-label={label}>
        {shown.map((candidate, index) => (
          <div
            key={candidate.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={styles.option}
            onClick={() => onPick(candidate.id)}
          >
            <Kbd keys={String(index + 1)} />
            <span className={styles.name}>{candidate.name}</span>
            <span className={styles.why}>{candidate.why}</span>
          </div>
        ))}
        {current !== null && (
          <div
            role="option"
            aria-selected={false}
            className={classes(styles.option, styles.nobody)}
            onClick={() => onPick(null)}
          >
            <Kbd keys="0" />
            <span className={styles.name}>Nobody</span>
            <span className={styles.why}>leave it empty</span>
          </div>
        )}
      </div>
      {shown.length === 0 && (
        <p className={styles.none}>
          {candidates.length === 0
            ? 'The estate names no people. Import a catalog with its users.'
            : 'Nobody by that name.'}
        </p>
      )}
    </div>
  );
}
