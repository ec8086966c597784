/** A command as a button. One primary per view; `keys` shows the key that does the same. */
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import type { Capability } from '../../shared/contract/spec.ts';
import { useLacks } from '../state/access.ts';
import styles from './Button.module.css';
import { classes } from './classes.ts';
import { Kbd } from './Kbd.tsx';

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  variant?: 'primary' | 'plain' | 'quiet' | 'danger';
  keys?: string;
  /** What it takes: whoever lacks it sees that instead of pressing in vain. */
  needs?: Capability;
  /** While true the button keeps its width, cannot be pressed, and tells so. */
  busy?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = 'plain',
  keys,
  needs,
  busy = false,
  className,
  children,
  disabled,
  type = 'button',
  'aria-label': label,
  ...rest
}: ButtonProps) {
  const lacks = useLacks(needs);
  return (
    <button
      {...rest}
      // A name that says other words than are seen is none: then what is seen is read, and the name after it.
      aria-label={lacks ? undefined : label}
      type={type}
      className={classes(styles.button, className)}
      data-variant={variant}
      disabled={disabled === true || lacks}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else rest.onClick?.(event);
      }}
    >
      {children}
      {lacks && <span className={styles.needs}>needs {needs}</span>}
      {lacks && label !== undefined && <span className="visually-hidden">: {label}</span>}
      {keys !== undefined && !lacks && <Kbd keys={keys} />}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'keys'> {
  /** What it does, read and shown as a tooltip. */
  label: string;
  icon: ReactNode;
}

export function IconButton({ label, icon, variant = 'quiet', className, ...rest }: IconButtonProps) {
  return (
    <Button {...rest} variant={variant} className={classes(styles.icon, className)} aria-label={label} title={label}>
      {icon}
    </Button>
  );
}
