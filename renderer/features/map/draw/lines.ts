/**
 * The lines of the map. Invariant: a line costs by what of it can be seen, not by its length, and everything that leads to
 * or from what can be seen is drawn: faint where there is too much of it to follow, never left out.
 */
import { DEGRADED, FAILING } from '../model/graph.ts';
import { AT_RISK, HURT } from '../../../../shared/domain/graph/path.ts';
import { type Frame, detailAt } from './frame.ts';
import type { Look } from './look.ts';
import type { Context } from './marks.ts';
import { type Lines, STYLES, type Scene } from './scene.ts';
import { type Size, type View, visible } from './view.ts';

/** Length of lines on the screen, CSS pixels, from which on they are drawn thin, faint and without dashes: nobody can follow them, and dashes cost most. */
const CROWDED = 60_000;
/** Lines are stroked in portions: one path of thousands of curves is slower than many short ones. */
const PORTION = 200;
const AT_RISK_CLASS = STYLES;
const HURT_CLASS = STYLES + 1;
const CLASSES = STYLES + 3;
/** Parts into which a curve is thought to be cut when it is asked what of it can be seen. */
const PARTS = 64;
/**
 * Curves with level ends run from 0 to 1 as x = 1.5t − 1.5t² + t³, y = 3t² − 2t³, both rising: where they enter and leave an
 * area follows from these tables of t by x and by y.
 */
const T_OF_X = inverse((t) => 1.5 * t - 1.5 * t * t + t * t * t);
const T_OF_Y = inverse((t) => 3 * t * t - 2 * t * t * t);
const RISE = T_OF_X.map((t) => 3 * t * t - 2 * t * t * t);

function inverse(rising: (t: number) => number): Float64Array {
  return Float64Array.from({ length: PARTS + 1 }, (_, i) => {
    let low = 0;
    let high = 1;
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2;
      if (rising(middle) < i / PARTS) low = middle;
      else high = middle;
    }
    return i === 0 ? 0 : high;
  });
}

/** Whether a line meets an area of the map. Errs towards yes by less than a 64th of its width. */
export function lineMeets(lines: Lines, i: number, x0: number, y0: number, x1: number, y1: number): boolean {
  const ax = lines.x0[i]!;
  const ay = lines.y0[i]!;
  const bx = lines.x1[i]!;
  const by = lines.y1[i]!;
  const cx = lines.x2[i]!;
  if (Math.min(ay, by) > y1 || Math.max(ay, by) < y0 || Math.min(ax, cx) > x1) return false;
  if (lines.bow[i] === 1) return bowEnd(lines, i) >= x0;
  if (Math.max(ax, cx) < x0) return false;
  if (by >= y0 && by <= y1 && Math.min(bx, cx) <= x1 && Math.max(bx, cx) >= x0) return true;
  const width = bx - ax;
  if (width === 0) return true;
  const u0 = Math.min(1, Math.max(0, (x0 - ax) / width));
  const u1 = Math.min(1, Math.max(0, (x1 - ax) / width));
  const at0 = ay + (by - ay) * RISE[Math.floor(Math.min(u0, u1) * PARTS)]!;
  const at1 = ay + (by - ay) * RISE[Math.ceil(Math.max(u0, u1) * PARTS)]!;
  return Math.min(at0, at1) <= y1 && Math.max(at0, at1) >= y0;
}

/** Where the handles of a bow stand, beyond which it never reaches, map units. */
const bowEnd = (lines: Lines, i: number): number =>
  Math.max(lines.x0[i]!, lines.x1[i]!) + 24 + Math.min(80, Math.abs(lines.y1[i]! - lines.y0[i]!) * 0.25);

/** Lengths of dashes and gaps, CSS pixels: sync, async, batch. */
export const DASHES: readonly number[][] = [[], [7, 4], [1.5, 4]];
/** What lies further off the screen than this is left out of a path, CSS pixels. */
const OFF = 16;

/**
 * Adds what can be seen of a line to the current path, in CSS pixels. Strokes, and dashes above all, cost by their whole
 * length, and close up a line may be a hundred screens long.
 * @param period length after which the line's dashes repeat, so that they stand still while the map moves; 0 for none
 */
function linePath(
  context: Context,
  lines: Lines,
  i: number,
  { view, size }: Pick<Frame, 'view' | 'size'>,
  straight: boolean,
  period = 0,
): void {
  const { scale } = view;
  const ax = lines.x0[i]! * scale + view.x;
  const ay = lines.y0[i]! * scale + view.y;
  const bx = lines.x1[i]! * scale + view.x;
  const by = lines.y1[i]! * scale + view.y;
  if (lines.bow[i]) {
    const out = bowEnd(lines, i) * scale + view.x;
    context.moveTo(ax, ay);
    context.bezierCurveTo(out, ay, out, by, bx, by);
    return;
  }
  const middle = (ax + bx) / 2;
  const flat = straight || Math.abs(by - ay) < 2;
  const [t0, t1] = seenPart(ax, ay, bx, by, size, flat);
  if (t0 < t1) {
    if (flat) {
      context.moveTo(ax + (bx - ax) * t0, ay + (by - ay) * t0);
      context.lineTo(ax + (bx - ax) * t1, ay + (by - ay) * t1);
    } else if (t0 === 0 && t1 === 1) {
      context.moveTo(ax, ay);
      context.bezierCurveTo(middle, ay, middle, by, bx, by);
    } else partOfCurve(context, ax, ay, bx, by, t0, t1);
  }
  if (lines.x2[i] === lines.x1[i] || by < -OFF || by > size.height + OFF) return;
  const cx = lines.x2[i]! * scale + view.x;
  const forward = cx > bx ? 1 : -1;
  let start = Math.max(0, forward > 0 ? -OFF - bx : bx - size.width - OFF);
  if (period > 0) start = Math.floor(start / period) * period;
  const end = Math.min(Math.abs(cx - bx), forward > 0 ? size.width + OFF - bx : bx + OFF);
  if (end <= start) return;
  if (t1 < 1 || t0 >= t1 || start > 0) context.moveTo(bx + forward * start, by);
  context.lineTo(bx + forward * end, by);
}

/** The part of a curve, as a range of t, that can be seen on a screen; in steps, so that dashes stand still while the map moves. */
function seenPart(ax: number, ay: number, bx: number, by: number, size: Size, flat: boolean): [number, number] {
  if (
    Math.min(ax, bx) >= -OFF &&
    Math.max(ax, bx) <= size.width + OFF &&
    Math.min(ay, by) >= -OFF &&
    Math.max(ay, by) <= size.height + OFF
  )
    return [0, 1];
  const range = (from: number, to: number, length: number, table: Float64Array): [number, number] => {
    const low = (-OFF - from) / (to - from);
    const high = (length + OFF - from) / (to - from);
    const first = Math.min(low, high);
    const last = Math.max(low, high);
    if (!(first <= 1 && last >= 0)) return from >= -OFF && from <= length + OFF ? [0, 1] : [0, 0];
    if (flat) return [Math.max(0, first), Math.min(1, last)];
    return [table[Math.floor(Math.max(0, first) * PARTS)]!, table[Math.ceil(Math.min(1, last) * PARTS)]!];
  };
  const [x0, x1] = range(ax, bx, size.width, T_OF_X);
  const [y0, y1] = range(ay, by, size.height, T_OF_Y);
  return [Math.max(x0, y0), Math.min(x1, y1)];
}

/** Adds the part from t0 to t1 of a curve with level ends (de Casteljau). */
function partOfCurve(context: Context, ax: number, ay: number, bx: number, by: number, t0: number, t1: number): void {
  const dx = bx - ax;
  const dy = by - ay;
  const x = (t: number): number => ax + dx * (1.5 * t - 1.5 * t * t + t * t * t);
  const y = (t: number): number => ay + dy * (3 * t * t - 2 * t * t * t);
  const slopeX = (t: number): number => dx * (1.5 - 3 * t + 3 * t * t);
  const slopeY = (t: number): number => dy * (6 * t - 6 * t * t);
  const third = (t1 - t0) / 3;
  context.moveTo(x(t0), y(t0));
  context.bezierCurveTo(
    x(t0) + third * slopeX(t0),
    y(t0) + third * slopeY(t0),
    x(t1) - third * slopeX(t1),
    y(t1) - third * slopeY(t1),
    x(t1),
    y(t1),
  );
}

/** About how much of a line can be seen on a screen, CSS pixels of its length. */
export function inkOf(lines: Lines, i: number, { view, size }: Pick<Frame, 'view' | 'size'>): number {
  return (
    Math.min(size.width, Math.abs(lines.x2[i]! - lines.x0[i]!) * view.scale) +
    Math.min(size.height, Math.abs(lines.y1[i]! - lines.y0[i]!) * view.scale)
  );
}

function classOf(lines: Lines, i: number): number {
  const state = lines.state[i]!;
  if (state === HURT) return HURT_CLASS + (lines.towards[i] === FAILING ? 1 : 0);
  return state === AT_RISK ? AT_RISK_CLASS : lines.style[i]!;
}

/** The lines that can be seen, by how they are drawn. */
export interface SeenLines {
  byClass: readonly number[][];
  count: number;
  /** Their length on the screen, CSS pixels. */
  ink: number;
}

export function seenLines({ lines }: Scene, frame: Frame): SeenLines {
  const area = visible(frame.view, frame.size);
  const byClass: number[][] = Array.from({ length: CLASSES }, () => []);
  let count = 0;
  let ink = 0;
  for (let i = 0; i < lines.x0.length; i++) {
    if (!lineMeets(lines, i, area.x0, area.y0, area.x1, area.y1)) continue;
    byClass[classOf(lines, i)]!.push(i);
    ink += inkOf(lines, i, frame);
    count++;
  }
  return { byClass, count, ink };
}

const isFar = (frame: Frame): boolean => detailAt(frame.view.scale) === 'block';
const isStraight = (frame: Frame, seen: SeenLines): boolean =>
  isFar(frame) || (seen.ink > CROWDED && frame.view.scale < 0.35);

/** Lines that nothing is wrong with. */
export function paintQuietLines(context: Context, { lines }: Scene, seen: SeenLines, frame: Frame, look: Look): void {
  const far = isFar(frame);
  const crowded = seen.ink > CROWDED;
  const fade = Math.max(0.14, Math.min(1, 400 / seen.count, CROWDED / seen.ink));
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  context.strokeStyle = context.fillStyle = look.lineControl;
  for (let style = 0; style < STYLES; style++) {
    const soft = (style & 1) === 1;
    context.globalAlpha = (soft ? 0.6 : 0.95) * fade;
    context.lineWidth = soft || far || crowded ? 1 : 1.5;
    const dashes = far || crowded ? [] : DASHES[style >> 1]!;
    context.setLineDash(dashes);
    strokeAll(context, lines, seen.byClass[style]!, frame, isStraight(frame, seen), dashes);
  }
  context.setLineDash([]);
  context.globalAlpha = fade;
  if (!far)
    for (let style = 0; style < STYLES; style++) arrowheads(context, lines, seen.byClass[style]!, frame.view, 7);
  context.globalAlpha = 1;
}

/** The number of dependencies on each line that stands for several, where it can be read. */
export function paintWeights(context: Context, scene: Scene, seen: SeenLines, { view, size }: Frame, look: Look): void {
  const { lines, cast } = scene;
  const many = seen.byClass.flat().filter((i) => i < cast.weight.length && cast.weight[i]! > 1);
  if (many.length === 0) return;
  context.font = `600 13px ${look.family}`;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  for (const i of many) {
    // Curves are in the middle of their run at half their height.
    const ends = (lines.x0[i]! + lines.x1[i]!) / 2;
    const x = (lines.bow[i] ? 0.25 * ends + 0.75 * bowEnd(lines, i) : ends) * view.scale + view.x;
    const y = ((lines.y0[i]! + lines.y1[i]!) / 2) * view.scale + view.y;
    if (x < 0 || x > size.width || y < 0 || y > size.height) continue;
    const text = `×${cast.weight[i]!}`;
    const wide = context.measureText(text).width + 6;
    context.fillStyle = look.ground;
    context.fillRect(x - wide / 2, y - 9, wide, 18);
    context.fillStyle = lines.state[i] === HURT ? look.health[lines.towards[i]!]! : look.text;
    context.fillText(text, x, y + 0.5);
  }
  context.textAlign = 'left';
}

/** The failing path and what stands on it. */
export function paintPath(context: Context, { lines }: Scene, seen: SeenLines, frame: Frame, look: Look): void {
  const far = isFar(frame);
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  for (let group = AT_RISK_CLASS; group < CLASSES; group++) {
    const list = seen.byClass[group]!;
    if (list.length === 0) continue;
    const atRisk = group === AT_RISK_CLASS;
    context.strokeStyle = context.fillStyle = look.health[group === HURT_CLASS + 1 ? FAILING : DEGRADED]!;
    context.globalAlpha = atRisk ? 0.8 : 1;
    context.lineWidth = atRisk ? (far ? 1 : 1.5) : far ? 2 : 3;
    strokeAll(context, lines, list, frame, isStraight(frame, seen));
    context.globalAlpha = 1;
    if (!far) arrowheads(context, lines, list, frame.view, 9);
  }
}

/** Strokes lines in portions. `dashes` are those that are set on the context. */
export function strokeAll(
  context: Context,
  lines: Lines,
  list: readonly number[],
  frame: Pick<Frame, 'view' | 'size'>,
  straight: boolean,
  dashes: readonly number[] = [],
): void {
  const period = dashes.reduce((a, b) => a + b, 0);
  for (let first = 0; first < list.length; first += PORTION) {
    context.beginPath();
    const last = Math.min(first + PORTION, list.length);
    for (let k = first; k < last; k++) linePath(context, lines, list[k]!, frame, straight, period);
    context.stroke();
  }
}

/** Full heads for hard dependencies, open ones for soft. */
export function arrowheads(context: Context, lines: Lines, list: readonly number[], view: View, length: number): void {
  const long = Math.min(length, length * view.scale * 1.6);
  const drawn = new Set<string>();
  const soft: number[] = [];
  context.beginPath();
  for (const i of list) {
    if (!lines.arrow[i]) continue;
    const key = `${lines.x1[i]} ${lines.y1[i]} ${lines.style[i]! & 1}`;
    if (drawn.has(key)) continue;
    drawn.add(key);
    if (lines.style[i]! & 1) soft.push(i);
    else {
      headPath(context, lines, i, view, long);
      context.closePath();
    }
  }
  context.fill();
  context.lineWidth = 1.25;
  context.beginPath();
  for (const i of soft) headPath(context, lines, i, view, long);
  context.stroke();
}

function headPath(context: Context, lines: Lines, i: number, view: View, long: number): void {
  const x = lines.x1[i]! * view.scale + view.x;
  const y = lines.y1[i]! * view.scale + view.y;
  const back = lines.bow[i] || lines.x1[i]! < lines.x0[i]! ? long : -long;
  context.moveTo(x + back, y - long * 0.5);
  context.lineTo(x, y);
  context.lineTo(x + back, y + long * 0.5);
}
