/**
 * What is typed between the key that opens a dialog and the moment its field has the focus. Invariant: a letter that was
 * typed is never lost and never taken for a key of the screen below.
 */
import { create } from 'zustand';

export const useTyped = create<{ text: string }>(() => ({ text: '' }));

/** Keeps a letter for the dialog that is opening. */
export function keepTyped(letter: string): void {
  useTyped.setState(({ text }) => ({ text: text + letter }));
}

/** Hands over what was kept and forgets it. */
export function takeTyped(): string {
  const { text } = useTyped.getState();
  if (text !== '') useTyped.setState({ text: '' });
  return text;
}
