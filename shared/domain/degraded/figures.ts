/**
 * What a controlled degradation does to figures of impact. Invariant: only what was estimated is changed, never what was
 * measured, because a measurement holds the effect already; the range is never made narrower at its worst end than its estimate says.
 *
 *     lost' = lost × (1 − avoids − buffers),  late' = late + lost × buffers
 *
 * Worked example: lost 0.1–0.3–0.6, avoids 10–20 %, buffers 20–40 %: lost 0.04–0.165–0.42, of which late 0.02–0.09–0.24.
 */
import { clamp, range, type Range } from '../impact/range.ts';
import type { Split } from '../impact/share.ts';

/** Low, likely, high. */
export type Shares = readonly [number, number, number];

export interface Easing {
  avoids: Shares | null;
  buffers: Shares | null;
}

const NONE: Shares = [0, 0, 0];

/** Lost and late under the degradations in force, one after the other. */
export function eased(split: Split, easings: readonly Easing[]): Split {
  return easings.reduce(({ lost, buffered }, easing): Split => {
    const avoids = easing.avoids ?? NONE;
    const buffers = easing.buffers ?? NONE;
    const left = (end: 0 | 1 | 2): number => clamp(1 - avoids[end] - buffers[end]);
    return {
      lost: range(lost.low * left(2), lost.likely * left(1), lost.high * left(0)),
      buffered: later(buffered, lost, buffers),
    };
  }, split);
}

function later(buffered: Range, lost: Range, buffers: Shares): Range {
  return range(
    clamp(buffered.low + lost.low * buffers[0]),
    clamp(buffered.likely + lost.likely * buffers[1]),
    clamp(buffered.high + lost.high * buffers[2]),
  );
}

/** "avoids 10–20 % of an estimated loss and makes 20–40 % of it late instead"; empty when it does neither. */
export function easingText({ avoids, buffers }: Easing): string {
  const span = ([low, , high]: Shares): string => {
    const [a, b] = [Math.round(low * 100), Math.round(high * 100)];
    return a === b ? `${a} %` : `${a}–${b} %`;
  };
  const parts = [
    ...(avoids === null ? [] : [`avoids ${span(avoids)} of an estimated loss`]),
    ...(buffers === null
      ? []
      : [
          avoids === null
            ? `makes ${span(buffers)} of an estimated loss late instead`
            : `makes ${span(buffers)} of it late instead`,
        ]),
  ];
  return parts.join(' and ');
}
