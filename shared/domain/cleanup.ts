/** Reconciliation debt in words. */
import type { CleanupKind } from './words.ts';

/** Kinds as a form and a page call them. */
export const CLEANUP_WORDS: Record<CleanupKind, string> = {
  orders: 'stuck orders',
  inventory: 'inventory differences',
  'store-transactions': 'buffered store transactions',
  'duplicate-events': 'duplicate events',
  postings: 'failed postings',
  refunds: 'refunds',
  other: 'other',
};

/** What is counted when nobody says. */
export const CLEANUP_UNITS: Record<CleanupKind, string> = {
  orders: 'orders',
  inventory: 'articles',
  'store-transactions': 'transactions',
  'duplicate-events': 'events',
  postings: 'postings',
  refunds: 'refunds',
  other: 'items',
};

/** "1 refund", "214 orders": one of the units that are known here is said as one; of words that people chose, none is bent. */
export function counted(n: number, unit: string): string {
  const one = n === 1 && Object.values(CLEANUP_UNITS).includes(unit);
  return `${n.toLocaleString('en')} ${one ? unit.slice(0, -1) : unit}`;
}

/** "214 orders, 41 transactions to reconcile": what remains, by unit, the most first; empty when nothing is open. */
export function cleanupLine(open: readonly { remaining: number; unit: string }[]): string {
  if (open.length === 0) return '';
  const sums = new Map<string, number>();
  for (const { remaining, unit } of open) sums.set(unit, (sums.get(unit) ?? 0) + remaining);
  const parts = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([unit, n]) => counted(n, unit));
  return `${parts.slice(0, 3).join(', ')}${parts.length > 3 ? ' and more' : ''} to reconcile`;
}
