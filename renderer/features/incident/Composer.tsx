/**
 * One line for everything: a note, or a command after a slash. What Enter will do is said before it is pressed. A refused
 * line keeps its words and says why beneath them.
 */
import { useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, Ref } from 'react';
import type { TeamView } from '../../../shared/contract/estate.ts';
import {
  compose,
  suggest,
  type ComposerContext,
  type Nameable,
  type Suggestion,
} from '../../../shared/domain/composer.ts';
import { useNow } from '../../state/now.ts';
import { classes } from '../../ui/classes.ts';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { attach } from '../evidence/attach.ts';
import { perform } from './act.ts';
import styles from './Composer.module.css';
import { setDraft, useDraft } from './drafts.ts';
import { useRoom } from './room.ts';

const HINTS = [
  ['/', 'commands'],
  ['a', 'ask'],
  ['d', 'decide'],
  ['w', 'write'],
] as const;

export interface ComposerHandle {
  /** Focuses the line. `begin` starts a new one; a line that is being written is laid aside and comes back afterwards. */
  write(begin?: string): void;
}

export function Composer({ ref }: { ref: Ref<ComposerHandle> }) {
  const { incident, facts, services, businessServices, runbooks, zone, open } = useRoom();
  const now = useNow(1000);
  const key = incident.id;
  const aside = `${key}#aside`;
  const sealed = incident.restricted !== undefined;
  const line = useDraft(key);
  const held = useDraft(aside);
  const [caret, setCaret] = useState(line.length);
  const [picked, setPicked] = useState(0);
  const [shut, setShut] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const wanted = useRef<number | null>(null);
  const listId = useId();
  const noteId = useId();

  const context = useMemo(
    (): ComposerContext => ({
      people: facts.people.map(({ id, name, title }) => ({ id, name, hint: title })),
      teams: teamsOf(facts.teams),
      services: services.map(({ id, name, kind }) => ({ id, name, hint: kind })),
      businessServices: businessServices.map(({ id, name }) => ({ id, name, hint: 'business service' })),
      runbooks: runbooks.map(({ id, title }) => ({ id, name: title })),
      severity: incident.severity,
      status: incident.status,
      zone,
      now,
    }),
    [facts.people, facts.teams, services, businessServices, runbooks, incident.severity, incident.status, zone, now],
  );
  const composed = useMemo(() => compose(line, context), [line, context]);
  const offered = useMemo(
    () => (focused && shut !== line ? suggest(line, Math.min(caret, line.length), context) : null),
    [focused, shut, line, caret, context],
  );
  // A line that already means something is sent by Enter; then a suggestion has to be picked with an arrow or Tab.
  const marked =
    offered === null ? -1 : picked > 0 ? Math.min(picked, offered.options.length) - 1 : composed.ok ? -1 : 0;

  /** An empty line takes back what was laid aside for it. */
  const change = (typed: string, caretAt: number): void => {
    const [text, at] = typed === '' && held !== '' ? [held, held.length] : [typed, caretAt];
    if (text === held) setDraft(aside, '');
    setDraft(key, text, sealed);
    setCaret(at);
    setPicked(0);
    setError(null);
    wanted.current = at;
  };
  useLayoutEffect(() => {
    const at = wanted.current;
    wanted.current = null;
    if (at !== null && area.current !== null && area.current.selectionStart !== at)
      area.current.setSelectionRange(at, at);
  });
  useLayoutEffect(() => {
    const box = area.current;
    if (box === null) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight + 2}px`;
  }, [line]);

  useImperativeHandle(ref, () => ({
    write(begin) {
      if (begin !== undefined && begin !== line) {
        if (line.trim() !== '' && !line.startsWith('/')) setDraft(aside, line, sealed);
        change(begin, begin.length);
        setShut(null);
      }
      area.current?.focus();
    },
  }));
  const take = (option: Suggestion): void => {
    if (offered === null) return;
    const rest = line.slice(offered.to);
    const inserted = rest.startsWith(' ') ? option.insert.trimEnd() : option.insert;
    change(line.slice(0, offered.from) + inserted + rest, offered.from + option.insert.length);
  };

  const send = async (): Promise<void> => {
    if (busy) return;
    if (!composed.ok) {
      setError(composed.message);
      return;
    }
    if (composed.action.do === 'update') {
      change('', 0);
      open({ ask: 'update', audience: composed.action.audience });
      return;
    }
    setBusy(true);
    setError(null);
    const { action } = composed;
    const reply = action.do === 'attach' ? await attach(incident.id, action.text) : await perform(incident.id, action);
    setBusy(false);
    if (reply === null) return;
    if (reply.ok) change('', 0);
    else setError(reply.message);
  };

  /** In an empty line the key that takes back typing takes back what was sent. */
  const takeBack = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    const reply = await perform(incident.id, { do: 'undo' });
    setBusy(false);
    if (!reply.ok) setError(reply.message);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    const count = offered?.options.length ?? 0;
    if (offered !== null && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setPicked(((marked + step + count) % count) + 1);
    } else if (offered !== null && event.key === 'Tab' && !event.shiftKey) {
      take(offered.options[Math.max(0, marked)]!);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      if (offered !== null && marked >= 0) take(offered.options[marked]!);
      else void send();
    } else if (event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && line === '') {
      void takeBack();
    } else if (event.key === 'Escape') {
      if (offered !== null) setShut(line);
      else if (line.startsWith('/') && held !== '') change('', 0);
      else area.current?.blur();
    } else return;
    event.preventDefault();
  };

  const complaint = error ?? (composed.ok ? null : composed.message);
  return (
    <div className={styles.composer}>
      <div className={styles.box}>
        <textarea
          ref={area}
          rows={1}
          className={styles.line}
          aria-label="Write in the timeline"
          aria-describedby={noteId}
          aria-autocomplete="list"
          aria-controls={offered === null ? undefined : listId}
          aria-activedescendant={marked >= 0 ? `${listId}-${marked}` : undefined}
          placeholder="Write a note, or / for a command"
          value={line}
          readOnly={busy}
          spellCheck
          maxLength={25_000}
          onChange={(event) => change(event.target.value, event.target.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onFocus={() => setFocused(true)}
          onBlur={() => setFocused(false)}
          onKeyDown={onKeyDown}
        />
        {offered !== null && (
          <div id={listId} role="listbox" aria-label="Suggestions" data-popup="" className={styles.popup}>
            {offered.options.map((option, index) => (
              <div
                key={option.insert}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === marked}
                className={styles.option}
                onPointerDown={(event) => {
                  event.preventDefault();
                  take(option);
                }}
              >
                <span className={styles.optionLabel}>{option.label}</span>
                <span className={styles.hint}>{option.hint}</span>
              </div>
            ))}
          </div>
        )}
      </div>
      {error !== null && <ErrorLine error={error} />}
      <p id={noteId} className={classes(styles.note, complaint !== null && error === null && styles.complaint)}>
        {error !== null ? (
          'Your words are kept.'
        ) : complaint !== null ? (
          complaint
        ) : composed.ok ? (
          <>
            <Kbd keys="Enter" /> {composed.tells}
            {composed.advice !== null && <span className={styles.advice}> {composed.advice}</span>}
          </>
        ) : (
          <>
            {HINTS.map(([keys, does]) => (
              <span key={keys}>
                <Kbd keys={keys} /> {does}
              </span>
            ))}
          </>
        )}
      </p>
    </div>
  );
}

function teamsOf(teams: readonly TeamView[]): Nameable[] {
  return teams.map(({ id, name, onCall }) => {
    const [first] = onCall;
    const who = first === undefined ? undefined : first.standIn === undefined ? first.person : first.standIn;
    return { id, name, hint: who ? `on call: ${who.name}` : 'nobody is on call' };
  });
}
