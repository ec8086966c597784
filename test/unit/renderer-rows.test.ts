/** Walking and ordering rows, and finding an option by what was typed. */
import { expect, it } from 'vitest';
import { matches } from '../../renderer/ui/match.ts';
import { compare, moved } from '../../renderer/ui/rows.ts';

it('moves within the list and stops at its ends', () => {
  expect(moved('j', 0, 3)).toBe(1);
  expect(moved('ArrowDown', 2, 3)).toBe(2);
  expect(moved('k', 0, 3)).toBe(0);
  expect([moved('Home', 2, 3), moved('End', 0, 3)]).toEqual([0, 2]);
  expect([moved('x', 0, 3), moved('j', 0, 0)]).toEqual([null, null]);
});

it('orders numbers as numbers, names as people do, and what is not known last', () => {
  expect(['store-10', 'Store-9', 'store-2'].toSorted(compare)).toEqual(['store-2', 'Store-9', 'store-10']);
  expect([3, null, 1].toSorted(compare)).toEqual([1, 3, null]);
});

it('finds every typed word in the label or the hint, without accents and in any order', () => {
  const option = { label: 'Ana Kovač', hint: 'Head of incident response · Payments' };
  expect(matches(option, 'kovac pay')).toBe(true);
  expect(matches(option, '')).toBe(true);
  expect(matches(option, 'kovac sales')).toBe(false);
  expect(matches(option, '.*')).toBe(false);
});
