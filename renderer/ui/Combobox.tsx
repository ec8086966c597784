/** Type to filter, Enter to take: for people, services and other long lists. */
import { Combobox as Base } from '@base-ui/react/combobox';
import { X } from 'lucide-react';
import { useCallback, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, Ref } from 'react';
import { classes } from './classes.ts';
import styles from './Combobox.module.css';
import { matches } from './match.ts';

export interface Option {
  value: string;
  label: string;
  /** Quiet text after the label; it is searched as well. */
  hint?: string;
  /** Drawn before the label, e.g. a HealthMark without its word. */
  mark?: ReactNode;
}

interface Common {
  label: string;
  options: readonly Option[];
  placeholder?: string;
  help?: string;
  error?: string | null;
  hideLabel?: boolean;
  disabled?: boolean;
  className?: string;
  inputRef?: Ref<HTMLInputElement>;
}

/** Rows that are drawn at once; typing brings up the rest. */
const SHOWN = 60;

type KeyDown = KeyboardEvent<HTMLInputElement> & { preventBaseUIHandler?(): void };

/** Escape closes the list, and without one goes back, as everywhere: what was chosen stays. True when it was pressed. */
function leftWithEscape(event: KeyDown): boolean {
  if (event.key !== 'Escape') return false;
  if (event.currentTarget.getAttribute('aria-expanded') !== 'true') event.preventBaseUIHandler?.();
  return true;
}

/** The landmark that the field stands in: its list opens there, so that it stays part of it. */
function usePlace(): [HTMLElement | null, (field: HTMLElement | null) => void] {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  return [place, useCallback((field) => setPlace(field?.closest<HTMLElement>('[role=dialog], main') ?? null), [])];
}

/**
 * Enter takes what was typed, also when it comes before the list was drawn anew: the row that is marked then may belong to
 * an earlier text, and taking it would choose somebody else. A row that fits the text and was walked to is taken as ever.
 */
function useTypedEnter(options: readonly Option[], selected: Option | null, take: (option: Option) => void) {
  const [open, setOpen] = useState(false);
  const marked = useRef<Option | undefined>(undefined);
  return {
    root: {
      open,
      onOpenChange: setOpen,
      onItemHighlighted: (option: Option | undefined) => {
        marked.current = option;
      },
    },
    onKeyDown: (event: KeyDown) => {
      if (leftWithEscape(event)) return;
      const typed = event.currentTarget.value;
      if (event.key !== 'Enter' || !open || typed.trim() === '' || typed === selected?.label) return;
      const fits = (option: Option): boolean => matches(option, typed);
      const chosen = marked.current !== undefined && fits(marked.current) ? marked.current : options.find(fits);
      if (chosen === undefined) return;
      event.preventBaseUIHandler?.();
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
      take(chosen);
    },
  };
}

function Popup({ labelId, place }: { labelId: string; place: HTMLElement | null }) {
  return (
    <Base.Portal container={place}>
      <Base.Positioner className={styles.positioner} sideOffset={4}>
        <Base.Popup className={styles.popup} data-popup="">
          <Base.Empty>
            <div className={styles.empty}>Nothing matches.</div>
          </Base.Empty>
          <Base.List className={styles.list} aria-labelledby={labelId}>
            {(option: Option) => (
              <Base.Item key={option.value} value={option} className={styles.item}>
                {option.mark}
                <span className={styles.itemLabel}>{option.label}</span>
                {option.hint !== undefined && <span className={styles.hint}>{option.hint}</span>}
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

function Note({ id, help, error }: { id: string; help?: string; error?: string | null }) {
  if (!help && !error) return null;
  return (
    <p id={id} className={error ? styles.error : styles.help} role={error ? 'alert' : undefined}>
      {error ?? help}
    </p>
  );
}

/** One value of many; empty when `value` is null. */
export function Combobox({
  label,
  options,
  value,
  onChange,
  placeholder,
  help,
  error,
  hideLabel,
  disabled,
  className,
  inputRef,
}: Common & { value: string | null; onChange(value: string | null): void }) {
  const id = useId();
  const [place, field] = usePlace();
  const selected =
    value === null ? null : (options.find((option) => option.value === value) ?? { value, label: value });
  const typing = useTypedEnter(options, selected, (option) => onChange(option.value));
  return (
    <div ref={field} className={classes(styles.field, className)}>
      <Base.Root<Option>
        {...typing.root}
        items={options as Option[]}
        value={selected}
        onValueChange={(option) => onChange(option?.value ?? null)}
        isItemEqualToValue={(a, b) => a.value === b.value}
        itemToStringLabel={(option) => option.label}
        filter={(option, query) => matches(option, query)}
        limit={SHOWN}
        autoHighlight
        disabled={disabled}
      >
        <label id={`${id}label`} htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
          {label}
        </label>
        <Base.InputGroup className={styles.group}>
          <Base.Input
            ref={inputRef}
            id={id}
            aria-labelledby={`${id}label`}
            className={styles.input}
            onKeyDown={typing.onKeyDown}
            placeholder={placeholder}
            aria-describedby={help || error ? `${id}note` : undefined}
            onFocus={({ currentTarget }) => currentTarget.select()}
            onClick={({ currentTarget }) => currentTarget.select()}
          />
          {value !== null && !disabled && (
            <Base.Clear className={styles.clear} aria-label={`Clear ${label.toLowerCase()}`}>
              <X size={14} aria-hidden="true" />
            </Base.Clear>
          )}
        </Base.InputGroup>
        <Popup labelId={`${id}label`} place={place} />
      </Base.Root>
      <Note id={`${id}note`} help={help} error={error} />
    </div>
  );
}

/** Several values, each a chip; Backspace in the empty input takes the last one away. */
export function MultiCombobox({
  label,
  options,
  values,
  onChange,
  placeholder,
  help,
  error,
  hideLabel,
  disabled,
  className,
  inputRef,
}: Common & { values: readonly string[]; onChange(values: string[]): void }) {
  const id = useId();
  const [place, field] = usePlace();
  const byValue = new Map(options.map((option) => [option.value, option]));
  const selected = values.map((value): Option => byValue.get(value) ?? { value, label: value });
  return (
    <div ref={field} className={classes(styles.field, className)}>
      <Base.Root<Option, true>
        multiple
        items={options as Option[]}
        value={selected}
        onValueChange={(next) => onChange(next.map((option) => option.value))}
        isItemEqualToValue={(a, b) => a.value === b.value}
        itemToStringLabel={(option) => option.label}
        filter={(option, query) => matches(option, query)}
        limit={SHOWN}
        autoHighlight
        disabled={disabled}
      >
        <label id={`${id}label`} htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
          {label}
        </label>
        <Base.InputGroup className={classes(styles.group, styles.chipGroup)}>
          <Base.Chips className={styles.chips} aria-label={selected.length > 0 ? `${label}: chosen` : undefined}>
            {selected.map((option) => (
              <Base.Chip key={option.value} className={styles.chip} aria-label={option.label}>
                {option.mark}
                <span className={styles.chipLabel}>{option.label}</span>
                <Base.ChipRemove className={styles.chipRemove} aria-label={`Remove ${option.label}`}>
                  <X size={12} aria-hidden="true" />
                </Base.ChipRemove>
              </Base.Chip>
            ))}
            <Base.Input
              ref={inputRef}
              id={id}
              aria-labelledby={`${id}label`}
              className={styles.chipInput}
              onKeyDown={(event) => void leftWithEscape(event)}
              placeholder={selected.length === 0 ? placeholder : undefined}
              aria-describedby={help || error ? `${id}note` : undefined}
            />
          </Base.Chips>
        </Base.InputGroup>
        <Popup labelId={`${id}label`} place={place} />
      </Base.Root>
      <Note id={`${id}note`} help={help} error={error} />
    </div>
  );
}
