/** A question that must be answered or left: focus stays inside, Esc leaves, focus goes back where it was. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { classes } from './classes.ts';
import styles from './Dialog.module.css';

export interface DialogProps {
  open: boolean;
  title: string;
  onClose(): void;
  /** `wide` for forms in two columns, `palette` for a list without a title bar. */
  size?: 'normal' | 'wide' | 'palette';
  initialFocus?: RefObject<HTMLElement | null>;
  /** Where the focus goes afterwards; back to where it was unless told. `false` leaves it to the caller. */
  finalFocus?: RefObject<HTMLElement | null> | false;
  children: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
}

export function Dialog({ open, title, onClose, size = 'normal', initialFocus, finalFocus, children, footer }: DialogProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.veil} />
        <Base.Popup className={classes(styles.popup, styles[size])} initialFocus={initialFocus} finalFocus={finalFocus}>
          {size === 'palette' ? (
            <Base.Title className="visually-hidden">{title}</Base.Title>
          ) : (
            <header className={styles.head}>
              <Base.Title className={styles.title}>{title}</Base.Title>
              <Base.Close className={styles.close} aria-label="Close">
                <X size={16} aria-hidden="true" />
              </Base.Close>
            </header>
          )}
          <div className={styles.body}>{children}</div>
          {footer !== undefined && <footer className={styles.foot}>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
