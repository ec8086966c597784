/**
 * What is typed between the key that opens a dialog and the moment its field has the focus. Invariant: nothing that was
 * typed is lost or taken for a key of the screen below, Enter included; what comes after Enter belongs to nobody.
 */
import { create } from 'zustand';

export interface Typed {
  text: string;
  /** Whether Enter followed the text. */
  entered: boolean;
}

const NOTHING: Typed = { text: '', entered: false };

export const useTyped = create<Typed>(() => NOTHING);

/** Keeps a key for the dialog that is opening; false when it is none that a field takes. */
export function keepTyped(key: string): boolean {
  if (key !== 'Enter' && key !== 'Backspace' && key.length !== 1) return false;
  useTyped.setState((typed) => {
    if (typed.entered) return typed;
    if (key === 'Enter') return { ...typed, entered: true };
    return { ...typed, text: key === 'Backspace' ? typed.text.slice(0, -1) : typed.text + key };
  });
  return true;
}

/** Hands over what was kept and forgets it. */
export function takeTyped(): Typed {
  const typed = useTyped.getState();
  if (typed !== NOTHING) useTyped.setState(NOTHING, true);
  return typed;
}
