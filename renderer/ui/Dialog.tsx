/**
 * A question that must be answered or left: focus stays inside and Esc leaves. Afterwards the focus goes back where it
 * was, to its row when what had it is gone, unless the answer led to another place: then it belongs to that place. Of
 * questions that follow each other the newest has the focus, and the last one gives it back to where the first was asked.
 */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
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
  /** Where the focus belongs when the question is closed, when that is not where it was. */
  landing?(): HTMLElement | null;
  children: ReactNode;
  /** Buttons, the primary one last. */
  footer?: ReactNode;
}

/** An open question: its window, and where the focus was before it, the nearest first. */
interface Held {
  popup: { readonly current: HTMLElement | null };
  before: readonly (HTMLElement | null)[];
}

/** The open questions, the newest last. */
const asked: Held[] = [];

const stands = (one: HTMLElement | null | undefined): one is HTMLElement =>
  one instanceof HTMLElement && one.isConnected && one !== document.body;

/** Who has the focus, the row around it, which outlives its buttons, and where it was before the question it is in. */
function placesNow(): Held['before'] {
  const active = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  return [active, active?.closest<HTMLElement>('[role=row]') ?? null, ...(asked.at(-1)?.before ?? [])];
}

/** What a question is answered with first: its field, else its button. */
function firstIn(popup: HTMLElement | null): HTMLElement | null {
  const body = popup?.querySelector('[data-question]') ?? popup;
  return body?.querySelector<HTMLElement>('input, textarea, [role=combobox]') ?? body?.querySelector('button') ?? popup;
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
  const popup = useRef<HTMLDivElement>(null);
  // Where it was asked, before its own fields take the focus; a question may stand there closed for long before.
  const asks = useRef(false);
  const from = useRef<unknown>(null);
  const before = useRef<Held['before']>([]);
  if (open && !asks.current) {
    from.current = useNavigation.getState();
    before.current = placesNow();
  }
  asks.current = open;
  useLayoutEffect(() => {
    if (!open) return undefined;
    const held: Held = { popup, before: before.current };
    asked.push(held);
    // A field may have taken the focus before anybody listened.
    const { activeElement } = document;
    let inside = activeElement instanceof HTMLElement && popup.current?.contains(activeElement) ? activeElement : null;
    // What lies beneath gets the focus only when the last question is gone: another may follow the one that gives it back.
    const keep = ({ target }: FocusEvent): void => {
      if (asked.at(-1) !== held || !(target instanceof HTMLElement)) return;
      if (popup.current?.contains(target)) inside = target;
      else if (target.closest('#root') !== null) (stands(inside) ? inside : firstIn(popup.current))?.focus();
    };
    document.addEventListener('focusin', keep);
    return () => {
      document.removeEventListener('focusin', keep);
      asked.splice(asked.indexOf(held), 1);
    };
  }, [open]);
  const back = (): HTMLElement | boolean => {
    if (useNavigation.getState() !== from.current) return false;
    // With nothing to go back to, the screen itself: a field would take the keys that are meant for the screen.
    const screen = document.querySelector<HTMLElement>('main');
    const place = [landing?.(), ...before.current, screen].find(stands);
    if (place === undefined || place.tabIndex >= 0) return place ?? true;
    // Into what Tab passes by, the library would go on to the first field.
    queueMicrotask(() => place.focus({ preventScroll: true }));
    return false;
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
        <Base.Popup
          ref={popup}
          className={classes(styles.popup, styles[size])}
          initialFocus={initialFocus}
          finalFocus={back}
        >
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
          <div className={styles.body} data-question="">
            {children}
          </div>
          {footer !== undefined && <footer className={styles.foot}>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
