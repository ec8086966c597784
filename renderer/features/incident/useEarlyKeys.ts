/**
 * Keys pressed between the one that opens a question and the moment its field has the focus. Invariant: they belong to
 * the question, in their order; none is lost and none is taken for a key of the room beneath.
 */
import { useLayoutEffect, useRef } from 'react';

/** Hands each early key to `take`: letters and digits, Enter and Backspace. */
export function useEarlyKeys(take: (key: string) => void): void {
  const latest = useRef(take);
  useLayoutEffect(() => {
    latest.current = take;
  });
  useLayoutEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (document.activeElement?.closest('[role=dialog]')) return;
      if (event.key.length !== 1 && event.key !== 'Enter' && event.key !== 'Backspace') return;
      event.preventDefault();
      event.stopImmediatePropagation();
      latest.current(event.key);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, []);
}

/** `text` after `key` was typed at its end. */
export function typedInto(text: string, key: string): string {
  if (key === 'Backspace') return text.slice(0, -1);
  return key.length === 1 ? text + key : text;
}
