/**
 * Which binding a key completes. Pure. Invariants: the scope that was opened last is asked first; a key that begins a
 * sequence waits for the next one; a key that ends no sequence counts by itself.
 */

export interface KeyBinding {
  /** `j`, `/`, `Escape`, `?`, `mod+k`, `mod+shift+i`, or a sequence such as `g s`. */
  keys: string;
  title: string;
  run(): void;
}

export interface KeyScope {
  title: string;
  bindings: readonly KeyBinding[];
}

export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** A pressed key in the spelling of a binding; `mod` is Command on a Mac and Ctrl elsewhere. */
export function spell(pressed: PressedKey, mac: boolean): string {
  const mod = mac ? pressed.metaKey : pressed.ctrlKey;
  const letter = pressed.key.length === 1;
  const parts: string[] = [];
  if (mod) parts.push('mod');
  if (pressed.altKey) parts.push('alt');
  if (pressed.shiftKey && (mod || pressed.altKey || !letter)) parts.push('shift');
  parts.push(letter ? pressed.key.toLowerCase() : pressed.key);
  return parts.join('+');
}

/** The binding that `key` completes after `before` (empty: nothing waits); `wait` when a sequence goes on. */
export function match(scopes: readonly KeyScope[], before: string, key: string): KeyBinding | 'wait' | null {
  const full = before === '' ? key : `${before} ${key}`;
  let waits = false;
  for (const { bindings } of scopes.toReversed()) {
    for (const binding of bindings) {
      if (binding.keys === full) return binding;
      if (binding.keys.startsWith(`${full} `)) waits = true;
    }
  }
  if (waits) return 'wait';
  return before === '' ? null : match(scopes, '', key);
}

/** Keys that do the same stand together. */
export function byTitle({ bindings }: KeyScope): { title: string; keys: string[] }[] {
  const lines = new Map<string, string[]>();
  for (const { title, keys } of bindings) lines.set(title, [...(lines.get(title) ?? []), keys]);
  return [...lines].map(([title, keys]) => ({ title, keys }));
}

/** Scopes with the same title as one, in the order given; a key that an earlier scope has taken is not listed again. */
export function merged(scopes: readonly KeyScope[]): KeyScope[] {
  const byName = new Map<string, KeyScope>();
  const taken = new Set<string>();
  for (const scope of scopes) {
    const bindings = scope.bindings.filter(({ keys }) => !taken.has(keys));
    for (const { keys } of bindings) taken.add(keys);
    if (bindings.length === 0) continue;
    byName.set(scope.title, {
      title: scope.title,
      bindings: [...(byName.get(scope.title)?.bindings ?? []), ...bindings],
    });
  }
  return [...byName.values()];
}
