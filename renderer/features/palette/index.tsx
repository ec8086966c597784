/**
 * Finds and runs anything: one field, one list. A command that needs more asks for it in the same field, piece by piece.
 * Invariant: the list under the field is what Enter acts on; Esc goes one piece back and then closes.
 */
import { useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Reply } from '../../../shared/contract/spec.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { takeTyped, useTyped } from '../../state/typed.ts';
import { useNavigation } from '../../state/navigation.ts';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { remaining } from './flow.ts';
import type { Flow, Outcome, Pick, Step, Values } from './flow.ts';
import { useItems } from './items.ts';
import type { Item } from './items.ts';
import styles from './Palette.module.css';
import { rank } from './rank.ts';

const PLACEHOLDERS: Record<Step['kind'], (step: Step) => string> = {
  pick: () => 'Type to filter',
  text: (step) => ('placeholder' in step && step.placeholder) || '',
  confirm: () => 'Enter or Esc',
};

/** The line that is always there: Enter waits for better ones while they are read. */
const SEARCH = ' search';

const SHOWN = 60;
/** Entries of a group that are shown before anything is typed. */
const SHOWN_IDLE = 8;

interface Line {
  id: string;
  title: string;
  group?: string;
  hint?: string;
  also?: string;
  keys?: string;
  mark?: ReactNode;
  take(): void;
}

interface Running {
  flow: Flow;
  /** Values in the order in which they were given. */
  given: readonly { name: string; value: string; shown: string }[];
}

export default function Palette() {
  const { items, complete } = useItems();
  const [running, setRunning] = useState<Running | null>(null);
  const [text, setText] = useState('');
  const [picked, setPicked] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();

  const typed = useTyped();
  const [entered, setEntered] = useState(false);
  useEffect(() => {
    const early = takeTyped();
    if (early.text !== '') setText((before) => before + early.text);
    if (early.entered) setEntered(true);
  }, [typed]);

  const values: Values = useMemo(
    () => ({
      ...running?.flow.known,
      ...Object.fromEntries((running?.given ?? []).map(({ name, value }) => [name, value])),
    }),
    [running],
  );
  const step = running === null ? undefined : remaining(running.flow, values)[0];
  const loaded = useLoaded(step, values, setText, setError);

  const finish = async (flow: Flow, all: Values): Promise<void> => {
    setBusy(true);
    setError(null);
    const reply: Reply<Outcome> = await flow.run(all);
    setBusy(false);
    if (!reply.ok) {
      setError(reply.message);
      return;
    }
    if (reply.value.said !== undefined) {
      setSaid(reply.value.said);
      setRunning(null);
      setText('');
      return;
    }
    closeDialog();
    if (reply.value.go !== undefined) useNavigation.getState().go(reply.value.go.screen, reply.value.go.params);
  };

  const give = (now: Running, name: string, value: string, shown: string): void => {
    const next: Running = { flow: now.flow, given: [...now.given, { name, value, shown }] };
    const all: Values = { ...values, [name]: value };
    setRunning(next);
    setText('');
    setPicked(0);
    setError(null);
    if (remaining(now.flow, all).length === 0) void finish(now.flow, all);
  };

  const start = (flow: Flow): void => {
    setRunning({ flow, given: [] });
    setText('');
    setPicked(0);
    setSaid(null);
    if (remaining(flow, flow.known ?? {}).length === 0) void finish(flow, flow.known ?? {});
  };

  const back = (): void => {
    setError(null);
    setText('');
    setPicked(0);
    if (running === null) closeDialog();
    else setRunning(running.given.length === 0 ? null : { ...running, given: running.given.slice(0, -1) });
  };

  const found = useMemo(() => rank(text, text.trim() === '' ? beginnings(items) : items, SHOWN), [items, text]);
  const asLine = (item: Item): Line => ({
    ...item,
    take() {
      if (item.flow !== undefined) {
        start(item.flow);
        return;
      }
      closeDialog();
      item.jump();
    },
  });
  const lines: readonly Line[] =
    running !== null && step !== undefined
      ? stepLines(
          step,
          text,
          loaded,
          (value, shown) => give(running, step.kind === 'confirm' ? 'confirmed' : step.name, value, shown),
          back,
        )
      : [...found.map(asLine), ...searchLine(text.trim())];

  const active = Math.min(picked, lines.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active, text, step, found]);

  const takeEarly = useEffectEvent(() => {
    setEntered(false);
    if (running === null) lines[active]?.take();
  });
  useEffect(() => {
    if (entered && complete) takeEarly();
  }, [entered, complete]);

  const submitText = (): void => {
    if (running === null || step?.kind !== 'text') return;
    const value = text.trim();
    if (value === '' && step.skip === undefined) setError('This cannot be left empty.');
    else if (value !== '' && step.check?.(value) != null) setError(step.check(value));
    else give(running, step.name, value, value === '' ? (step.skip ?? '') : value);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (move !== undefined && lines.length > 0) {
      event.preventDefault();
      setPicked(Math.min(lines.length - 1, Math.max(0, active + move)));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (busy) return;
      if (step?.kind === 'text') submitText();
      else if (running === null && !complete && (lines[active] === undefined || lines[active].id === SEARCH))
        setEntered(true);
      else lines[active]?.take();
    } else if (
      (event.key === 'Escape' && running !== null) ||
      (event.key === 'Backspace' && text === '' && running !== null)
    ) {
      event.preventDefault();
      event.stopPropagation();
      back();
    }
  };

  const isText = step?.kind === 'text';
  return (
    <Dialog open size="palette" title="Find and run anything" initialFocus={field} onClose={closeDialog}>
      <div className={styles.head}>
        {running !== null && (
          <p className={styles.path}>
            <b>{running.flow.title}</b>
            {running.given.map(({ name, shown }) => (
              <span key={name}>{shown}</span>
            ))}
          </p>
        )}
        <input
          ref={field}
          className={styles.field}
          role={isText ? undefined : 'combobox'}
          aria-label={step === undefined ? 'Find and run anything' : step.prompt}
          aria-expanded={isText ? undefined : true}
          aria-controls={isText ? undefined : listId}
          aria-autocomplete={isText ? undefined : 'list'}
          aria-activedescendant={isText || lines[active] === undefined ? undefined : `${listId}-${active}`}
          aria-invalid={error !== null || undefined}
          placeholder={
            step === undefined ? 'A command, service, person, incident, runbook, store' : PLACEHOLDERS[step.kind](step)
          }
          autoFocus
          spellCheck={false}
          autoComplete="off"
          readOnly={step?.kind === 'confirm'}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setPicked(0);
            setEntered(false);
            setError(null);
            setSaid(null);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {error !== null && (
        <div className={styles.note}>
          <ErrorLine error={error} />
        </div>
      )}
      {said !== null && (
        <p className={styles.said} role="status">
          {said}
        </p>
      )}
      {step !== undefined && (
        <p className={styles.prompt}>
          {step.prompt}
          {step.kind === 'text' && (
            <span className={styles.promptKeys}>
              <Kbd keys="Enter" /> {step.skip === undefined || text.trim() !== '' ? 'go on' : step.skip}
            </span>
          )}
        </p>
      )}
      {!isText && (
        <div
          ref={list}
          id={listId}
          role="listbox"
          aria-label={step?.prompt ?? 'Results'}
          className={styles.list}
          aria-busy={busy || undefined}
        >
          {lines.map((line, index) => (
            <div key={line.id} role="presentation">
              {line.group !== undefined && line.group !== lines[index - 1]?.group && (
                <div role="presentation" className={styles.group}>
                  {line.group}
                </div>
              )}
              <div
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === active}
                className={classes(styles.line, index === active && styles.active)}
                onPointerMove={() => setPicked(index)}
                onClick={() => line.take()}
              >
                {line.mark}
                <span className={styles.title}>{line.title}</span>
                {line.hint !== undefined && <span className={styles.hint}>{line.hint}</span>}
                {line.keys !== undefined && <Kbd keys={line.keys} />}
              </div>
            </div>
          ))}
        </div>
      )}
      {!isText && lines.length === 0 && !busy && (step === undefined || loaded !== null) && (
        <p className={styles.none}>
          {text === '' ? 'There is nothing to choose from.' : `Nothing is called “${text}”.`}
        </p>
      )}
    </Dialog>
  );
}

/** The first entries of every group, before anything is typed. */
function beginnings(items: readonly Item[]): Item[] {
  const counts = new Map<string, number>();
  return items.filter(({ group }) => {
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    return count <= SHOWN_IDLE;
  });
}

/** What the step offers to pick from; null while it is read, so that no step is ever answered from another one's list. */
function useLoaded(
  step: Step | undefined,
  values: Values,
  setText: (text: string) => void,
  setError: (message: string) => void,
): readonly Pick[] | null {
  const [loaded, setLoaded] = useState<{ step: Step; picks: readonly Pick[] } | null>(null);
  const load = useEffectEvent(async (asked: Step, here: () => boolean): Promise<void> => {
    if (asked.kind === 'pick') {
      const reply = await asked.load(values);
      if (!here()) return;
      if (reply.ok) setLoaded({ step: asked, picks: reply.value });
      else setError(reply.message);
    } else if (asked.kind === 'text' && asked.initial !== undefined) {
      const text = await asked.initial(values);
      if (here()) setText(text);
    }
  });
  useEffect(() => {
    if (step === undefined) return undefined;
    let here = true;
    void load(step, () => here);
    return () => {
      here = false;
    };
  }, [step]);
  return loaded !== null && loaded.step === step ? loaded.picks : null;
}

/** The way on to what has no name: to everything that was written. */
function searchLine(wanted: string): Line[] {
  if (wanted === '') return [];
  const take = (): void => {
    closeDialog();
    useNavigation.getState().go('search', { text: wanted });
  };
  return [{ id: SEARCH, title: `Search the record for “${wanted}”`, group: 'Everything that was written', take }];
}

function stepLines(
  step: Step,
  text: string,
  loaded: readonly Pick[] | null,
  take: (value: string, shown: string) => void,
  cancel: () => void,
): Line[] {
  if (step.kind === 'confirm') {
    return [
      { id: 'yes', title: step.verb, take: () => take('yes', step.verb) },
      { id: 'no', title: 'Cancel', take: cancel },
    ];
  }
  if (step.kind === 'text' || loaded === null) return [];
  const found = rank(
    text,
    loaded.map((pick) => ({ ...pick, also: pick.hint })),
    SHOWN,
  ).map((pick): Line => ({
    id: pick.value,
    title: pick.title,
    hint: pick.hint,
    mark: pick.mark,
    take: () => take(pick.value, pick.title),
  }));
  const { skip } = step;
  return skip === undefined
    ? found
    : [...found, { id: ' skip', title: skip, hint: 'leave it out', take: () => take('', skip) }];
}
