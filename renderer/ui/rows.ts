/** How rows are walked and ordered. Pure. */

/** Where a key moves the focus to in a list of `length`, or null when it does not move. */
export function moved(key: string, index: number, length: number): number | null {
  if (length === 0) return null;
  if (key === 'ArrowDown' || key === 'j') return Math.min(index + 1, length - 1);
  if (key === 'ArrowUp' || key === 'k') return Math.max(index - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return length - 1;
  return null;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Order of two sort values, null counted as the greatest. */
export function compare(a: string | number | null, b: string | number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}
