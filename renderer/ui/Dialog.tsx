/**
 * A question that must be answered or left: focus stays inside and Esc leaves. Afterwards the focus goes back where it
 * was, to its row when what had it is gone, unless the answer led to another place: then it belongs to that place.
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
  /** Where the focus belongs when the question is closed, when that is not where it was; `next`: to the question that follows. */
  landing?(): HTMLElement | 'next' | null;
  children: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
}

export function Dialog({
  open,
  title,
  onClose,
  size = 'normal',
  initialFocus,
  landing,
  children,
  footer,
}: DialogProps) {
  const from = useRef(useNavigation.getState());
  // Before its own fields take the focus: who had it, and the row around that, which outlives its buttons.
  const opener = useRef(document.activeElement);
  const row = useRef(opener.current?.closest<HTMLElement>('[role=row]') ?? null);
  const back = (): HTMLElement | boolean => {
    if (useNavigation.getState() !== from.current) return false;
    const led = landing?.();
    if (led === 'next') return false;
    const places = [led, opener.current, row.current];
    return (
      (places.find((one) => one instanceof HTMLElement && one.isConnected && one !== document.body) as
        | HTMLElement
        | undefined) ?? true
    );
  };
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={styles.veil} />
        <Base.Popup className={classes(styles.popup, styles[size])} initialFocus={initialFocus} finalFocus={back}>
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
