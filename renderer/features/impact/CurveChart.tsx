/** The drawing of a curve. Loaded apart, so that no screen pays for the charts before one is looked at. */
import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from 'recharts';
import type { CurveView } from '../../../shared/contract/impact.ts';
import { compact, scaleOf } from '../../../shared/domain/impact/money.ts';
import { formatTime, localTime } from '../../../shared/domain/times.ts';

const MARK_COLOUR = {
  change: 'var(--early-warning)',
  decision: 'var(--accent)',
  declared: 'var(--failing)',
  resolved: 'var(--healthy)',
  correction: 'var(--unknown)',
} as const;

const MINUTE = 60_000;

export default function CurveChart({ curve, zone, height }: { curve: CurveView; zone: string; height: number }) {
  const scale = scaleOf(curve);
  const scaled = (value: number | null): number | null => (value === null ? null : value / scale);
  const data = curve.points.map(({ at, actual, expected, low, high }) => ({
    at,
    actual: scaled(actual),
    expected: scaled(expected),
    band: low === null || high === null ? null : [low / scale, high / scale],
  }));
  const labels = markLabels(curve);
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart data={data} margin={{ top: 18, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={[curve.from, curve.to]}
          ticks={ticks(curve, zone)}
          tickFormatter={(at: number) => formatTime(at, zone, { zoned: false })}
          tick={{ fill: 'var(--text-quiet)', fontSize: 13 }}
          stroke="var(--line-control)"
        />
        <YAxis
          width={52}
          tickFormatter={(value: number) => compact(value)}
          tick={{ fill: 'var(--text-quiet)', fontSize: 13 }}
          stroke="var(--line-control)"
        />
        <Area
          dataKey="band"
          type="stepAfter"
          stroke="none"
          fill="var(--line)"
          fillOpacity={0.8}
          isAnimationActive={false}
          activeDot={false}
        />
        <Line
          dataKey="expected"
          type="stepAfter"
          stroke="var(--text-quiet)"
          strokeDasharray="4 4"
          dot={false}
          activeDot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="actual"
          type="linear"
          stroke="var(--accent)"
          strokeWidth={2}
          dot={false}
          activeDot={false}
          isAnimationActive={false}
          connectNulls={false}
        />
        {curve.marks.map((mark, index) => (
          <ReferenceLine
            key={`${mark.at} ${mark.kind} ${mark.id}`}
            x={mark.at}
            stroke={MARK_COLOUR[mark.kind]}
            strokeDasharray={mark.kind === 'change' ? '2 3' : undefined}
            ifOverflow="hidden"
            label={{ value: labels[index], position: 'top', fill: 'var(--text)', fontSize: 13 }}
          />
        ))}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

/** The numbers over the marks; those that stand too close for two numbers share one label, "2–4". */
function markLabels({ marks, from, to }: Pick<CurveView, 'marks' | 'from' | 'to'>): string[] {
  const apart = (to - from) / 24;
  const labels = marks.map(() => '');
  for (let first = 0; first < marks.length;) {
    let last = first;
    while (last + 1 < marks.length && marks[last + 1]!.at - marks[first]!.at < apart) last++;
    labels[first] = first === last ? String(first + 1) : `${first + 1}–${last + 1}`;
    first = last + 1;
  }
  return labels;
}

/** Five to nine round times of the zone's clock. */
function ticks({ from, to }: CurveView, zone: string): number[] {
  const span = (to - from) / MINUTE;
  const step = [5, 10, 15, 30, 60, 120, 180, 240].find((minutes) => span / minutes <= 8) ?? 360;
  const { hour, minute } = localTime(from, zone);
  const past = (hour * 60 + minute) % step;
  const first = Math.floor(from / MINUTE) * MINUTE + (past === 0 ? 0 : step - past) * MINUTE;
  const found: number[] = [];
  for (let at = first; at <= to; at += step * MINUTE) found.push(at);
  return found;
}
