/** Ranges. Invariant: low ≤ likely ≤ high and none of them below zero, whatever is done with them. */

/** A figure that was measured or estimated, with what it lies between. */
export interface Range {
  low: number;
  likely: number;
  high: number;
}

export const ZERO: Range = { low: 0, likely: 0, high: 0 };

export function exactly(value: number): Range {
  return { low: value, likely: value, high: value };
}

/** The range of these three in their order; what is no number or below zero counts as zero. */
export function range(low: number, likely: number, high: number): Range {
  const [a, b, c] = [low, likely, high].map((value) => (Number.isFinite(value) ? Math.max(0, value) : 0)) as [
    number,
    number,
    number,
  ];
  return { low: Math.min(a, b), likely: b, high: Math.max(b, c) };
}

export function plus(a: Range, b: Range): Range {
  return { low: a.low + b.low, likely: a.likely + b.likely, high: a.high + b.high };
}

export function times(a: Range, factor: number): Range {
  return range(a.low * factor, a.likely * factor, a.high * factor);
}

/** Both happen, independently: `1 − (1 − a)(1 − b)`, as shares 0–1. */
export function either(a: Range, b: Range): Range {
  const join = (x: number, y: number) => 1 - (1 - clamp(x)) * (1 - clamp(y));
  return range(join(a.low, b.low), join(a.likely, b.likely), join(a.high, b.high));
}

/** A share: 0–1. */
export function clamp(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
