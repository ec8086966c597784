/** A labelled control with its help and its error beside it. */
import { useId } from 'react';
import type { InputHTMLAttributes, ReactNode, Ref, TextareaHTMLAttributes } from 'react';
import { classes } from './classes.ts';
import styles from './Field.module.css';

export interface FieldProps {
  label: string;
  help?: ReactNode;
  error?: string | null;
  /** The label is read but not shown. */
  hideLabel?: boolean;
  className?: string;
}

export interface FieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** Lays a control out; the control takes `ids` so that label, help and error belong to it. */
export function Field({
  label,
  help,
  error,
  hideLabel = false,
  className,
  children,
}: FieldProps & { children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const note = `${id}note`;
  const hasNote = Boolean(help) || Boolean(error);
  return (
    <div className={classes(styles.field, className)}>
      <label htmlFor={id} className={hideLabel ? 'visually-hidden' : styles.label}>
        {label}
      </label>
      {children({ id, 'aria-describedby': hasNote ? note : undefined, 'aria-invalid': error ? true : undefined })}
      {hasNote && (
        <p id={note} className={error ? styles.error : styles.help} role={error ? 'alert' : undefined}>
          {error ?? help}
        </p>
      )}
    </div>
  );
}

export interface TextFieldProps
  extends FieldProps, Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'onChange' | 'value'> {
  value: string;
  onChange(value: string): void;
  mono?: boolean;
  ref?: Ref<HTMLInputElement>;
}

export function TextField({
  label,
  help,
  error,
  hideLabel,
  className,
  value,
  onChange,
  mono = false,
  ...rest
}: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error} hideLabel={hideLabel} className={className}>
      {(ids) => (
        <input
          spellCheck={false}
          autoComplete="off"
          {...rest}
          {...ids}
          className={classes(styles.input, mono && styles.mono)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface TextAreaProps
  extends FieldProps, Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'className' | 'onChange' | 'value'> {
  value: string;
  onChange(value: string): void;
  mono?: boolean;
  ref?: Ref<HTMLTextAreaElement>;
}

export function TextArea({
  label,
  help,
  error,
  hideLabel,
  className,
  value,
  onChange,
  mono = false,
  ...rest
}: TextAreaProps) {
  return (
    <Field label={label} help={help} error={error} hideLabel={hideLabel} className={className}>
      {(ids) => (
        <textarea
          spellCheck={false}
          {...rest}
          {...ids}
          className={classes(styles.input, styles.area, mono && styles.mono)}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A choice of few, all of them visible: arrows move, the choice is made at once. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
  hideLabel = false,
  className,
}: {
  label: string;
  options: readonly { value: T; label: ReactNode; hint?: string }[];
  value: T;
  onChange(value: NoInfer<T>): void;
  hideLabel?: boolean;
  className?: string;
}) {
  const name = useId();
  return (
    <fieldset className={classes(styles.choice, className)}>
      <legend className={hideLabel ? 'visually-hidden' : styles.label}>{label}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label
            key={option.value}
            className={styles.option}
            data-checked={option.value === value || undefined}
            title={option.hint}
          >
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
