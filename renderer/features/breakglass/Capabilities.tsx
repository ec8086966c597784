/** What is asked for, as switches that Space turns. */
import type { Capability } from '../../../shared/contract/spec.ts';
import styles from './BreakGlass.module.css';
import { CAPABILITY_WORDS } from './words.ts';

export function Capabilities({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly Capability[];
  value: readonly Capability[];
  onChange(value: Capability[]): void;
}) {
  return (
    <fieldset className={styles.capabilities}>
      <legend>{label}</legend>
      {options.map((one) => (
        <label key={one} className={styles.capability}>
          <input
            type="checkbox"
            checked={value.includes(one)}
            onChange={() => onChange(value.includes(one) ? value.filter((other) => other !== one) : [...value, one])}
          />
          {CAPABILITY_WORDS[one]}
        </label>
      ))}
    </fieldset>
  );
}
