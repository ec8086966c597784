/**
 * One dispatcher for every key of the console. Invariants: the scope that was opened last is asked first; while somebody
 * types, or a dialog holds the focus, only combinations with `mod+` count; what is typed while a dialog opens goes into
 * its field; the keys that help shows are the keys that work.
 */
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import { bridge } from '../bridge/client.ts';
import { useDialogs } from './dialogs.ts';
import { match, spell } from './key-match.ts';
import type { KeyBinding, KeyScope } from './key-match.ts';
import { keepTyped } from './typed.ts';

export type { KeyBinding } from './key-match.ts';

/** Title under which lists and tables put their keys. */
export const IN_LISTS = 'In lists and tables';

interface Held {
  id: number;
  scope: KeyScope;
}

/** Time in which the second key of a sequence must follow, ms. */
const SEQUENCE = 1500;

export const useKeyScopes = create<{ scopes: readonly Held[] }>(() => ({ scopes: [] }));

const TYPING =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable=true]';
const HOLDING = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox][data-popup]';

/** Whether a plain key pressed there belongs to the element and not to the screen. */
function ownsKeys(target: EventTarget | null): boolean {
  return target instanceof Element && (target.closest(TYPING) !== null || target.closest(HOLDING) !== null);
}

let pending = '';
let pendingUntil = 0;

/**
 * Whether the next key belongs to nothing that has the focus: the key before began a sequence such as `g s`, or a dialog of
 * the frame is opening and its field does not have the focus yet. A row must not take it then.
 */
export const spokenFor = (): boolean =>
  (pending !== '' && Date.now() < pendingUntil) ||
  (useDialogs.getState().open.kind !== 'none' && !document.activeElement?.closest('[role=dialog]'));

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || (event.repeat && event.key === 'Escape')) return;
  if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
  const key = spell(event, bridge.platform === 'darwin');
  if (!key.startsWith('mod+')) {
    if (ownsKeys(event.target)) return;
    if (useDialogs.getState().open.kind !== 'none') {
      if (!event.altKey && keepTyped(event.key)) event.preventDefault();
      return;
    }
  }
  const before = Date.now() < pendingUntil ? pending : '';
  const found = match(
    useKeyScopes.getState().scopes.map(({ scope }) => scope),
    before,
    key,
  );
  pending = '';
  if (found === null) return;
  event.preventDefault();
  if (found === 'wait') {
    pending = before === '' ? key : `${before} ${key}`;
    pendingUntil = Date.now() + SEQUENCE;
    return;
  }
  found.run();
}

/** A field beneath that has the focus still gets nothing of what is typed for the dialog that opens over it. */
function onEarlyKey(event: KeyboardEvent): void {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (useDialogs.getState().open.kind === 'none') return;
  if (event.target.closest(TYPING) === null || event.target.closest(HOLDING) !== null) return;
  if (!keepTyped(event.key)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

window.addEventListener('keydown', onEarlyKey, true);
window.addEventListener('keydown', onKeyDown);

let nextId = 0;

/**
 * Keys that work while the caller is on screen; `title` heads them in the help. `under` keeps them below every other
 * scope, whichever opened first: for the frame.
 */
export function useKeys(title: string, bindings: readonly KeyBinding[], { under = false } = {}): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  const shape = bindings.map(({ keys, title: what }) => `${keys}\t${what}`).join('\n');
  useEffect(() => {
    nextId += 1;
    const id = nextId;
    const held: Held = {
      id,
      scope: {
        title,
        bindings:
          shape === ''
            ? []
            : shape.split('\n').map((line, index) => {
                const [keys = '', what = ''] = line.split('\t');
                return { keys, title: what, run: () => latest.current[index]?.run() };
              }),
      },
    };
    useKeyScopes.setState(({ scopes }) => ({ scopes: under ? [held, ...scopes] : [...scopes, held] }));
    return () => useKeyScopes.setState(({ scopes }) => ({ scopes: scopes.filter((one) => one.id !== id) }));
  }, [title, shape, under]);
}
