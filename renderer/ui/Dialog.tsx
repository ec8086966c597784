/**
 * A question that must be answered or left: focus stays inside and Esc leaves. Afterwards the focus goes back where it
 * was, unless the answer led to another place: then it belongs to that place.
 */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useNavigation } from '../state/navigation.ts';
import { classes } from './classes.ts';
import styles from './Dialog.module.css';

export interface DialogProps {
  open: boolean;
  title: string;
  onClose(): void;
  /** `wide` for forms in two columns, `full` for what needs the room, `palette` for a list without a title bar. */
  size?: 'normal' | 'wide' | 'full' | 'palette';
  initialFocus?: RefObject<HTMLElement | null>;
  children: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
}

export function Dialog({ open, title, onClose, size = 'normal', initialFocus, children, footer }: DialogProps) {
  const from = useRef(useNavigation.getState());
  const stayed = (): boolean => useNavigation.getState() === from.current;
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.veil} />
        <Base.Popup className={classes(styles.popup, styles[size])} initialFocus={initialFocus} finalFocus={stayed}>
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
