/** A choice from a short fixed list. Type a letter to jump, arrows to move. */
import type { SelectHTMLAttributes } from 'react';
import { Field } from './Field.tsx';
import type { FieldProps } from './Field.tsx';
import styles from './Select.module.css';

export interface SelectProps<T extends string>
  extends FieldProps, Omit<SelectHTMLAttributes<HTMLSelectElement>, 'className' | 'onChange' | 'value'> {
  options: readonly { value: T; label: string }[];
  value: T;
  onChange(value: NoInfer<T>): void;
}

export function Select<T extends string>({
  label,
  help,
  error,
  hideLabel,
  className,
  options,
  value,
  onChange,
  ...rest
}: SelectProps<T>) {
  return (
    <Field label={label} help={help} error={error} hideLabel={hideLabel} className={className}>
      {(ids) => (
        <select
          {...rest}
          {...ids}
          className={styles.select}
          value={value}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
