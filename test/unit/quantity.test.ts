import { describe, expect, it } from 'vitest';
import { gradedBy } from '../../shared/domain/health.ts';
import { formatQuantity } from '../../shared/domain/quantity.ts';

describe('a measured value', () => {
  it.each([
    [0.05, 'ratio', '5 %'],
    [0.00031, 's', '310 µs'],
    [0.429, 's', '429 ms'],
    [0, 's', '0 s'],
    [98, 's', '98 s'],
    [36_735, 's', '10 h 12'],
    [2500, 'ms', '2.5 s'],
    [2_540_000_000, 'bytes', '2.54 GB'],
    [999, 'B/s', '999 B/s'],
    [12_345, 'orders', '12,345 orders'],
    [0.1234, '', '0.123'],
    [Infinity, 'ratio', 'infinite'],
    [-Infinity, 's', 'minus infinite s'],
    [Number.NaN, 's', 'not a number'],
  ])('%f of %s is %s', (value, unit, text) => expect(formatQuantity(value, unit)).toBe(text));

  it('is held against a limit that is said in the same way', () => {
    const unit = 'ratio';
    expect(gradedBy({ unit, early: '>0.01' }, 'early-warning')).toBe('early warning above 1 %');
    expect(gradedBy({ unit: 's', degraded: '>= 7200' }, 'degraded')).toBe('degraded from 2 h 00');
    expect(gradedBy({ unit: '', failing: '<=3' }, 'failing')).toBe('failing down to 3');
    expect(gradedBy({ unit, early: '>0.01' }, 'failing')).toBe('');
  });
});
