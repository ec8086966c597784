/**
 * Paints a part of the map. Invariant: depends on nothing but its arguments, so that the window and its worker paint the
 * same picture; what lies outside the frame costs a comparison, and detail is left out where it could not be read.
 */
import { LANES, STORES } from '../../../../shared/domain/layout/lanes.ts';
import { SIZES } from '../../../../shared/domain/layout/layout.ts';
import { DEGRADED, FAILING, HEALTHY, UNKNOWN } from '../model/graph.ts';
import { AT_RISK, HURT } from '../model/path.ts';
import type { Look } from './look.ts';
import { type Context, markOutline, markPath } from './marks.ts';
import { HALF, type Lines, OUTLINE, STYLES, type Scene } from './scene.ts';
import { TextFitter } from './text.ts';
import { type Size, type View, visible } from './view.ts';

export interface Frame {
  view: View;
  /** CSS pixels. */
  size: Size;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

/** How much detail a scale carries: two lines of text, one line, or a block of colour. */
export type Detail = 'card' | 'label' | 'block';

export function detailAt(scale: number): Detail {
  return scale >= 0.8 ? 'card' : scale * SIZES.height >= 14 ? 'label' : 'block';
}

/** Length of lines on the screen, CSS pixels, from which on they are drawn thin, faint and without dashes: nobody can follow them, and dashes cost most. */
export const CROWDED = 60_000;
/** Lines are stroked in portions: one path of thousands of curves is slower than many short ones. */
const PORTION = 200;
const AT_RISK_CLASS = STYLES;
const HURT_CLASS = STYLES + 1;
const CLASSES = STYLES + 3;
const fitter = new TextFitter();

export function paint(context: Context, scene: Scene, frame: Frame, look: Look): void {
  const { view, size, ratio } = frame;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.fillStyle = look.ground;
  context.fillRect(0, 0, size.width, size.height);
  const detail = detailAt(view.scale);
  paintLanes(context, scene, frame, look);
  paintLines(context, scene, frame, look, detail);
  paintBoxes(context, scene, frame, look, detail);
}

/** Room above the stores for the name of their band, CSS pixels; from afar less, so that nothing lies under it. */
const storesPad = (view: View): number => Math.min(26, (SIZES.bandGap - SIZES.rowGap) * view.scale);

/** Bands behind the lanes; every second one is raised, the stores lie in a band across. */
function paintLanes(context: Context, scene: Scene, { view, size }: Frame, look: Look): void {
  context.fillStyle = look.raised;
  scene.layout.lanes.forEach((lane, i) => {
    if (lane.lane === STORES) {
      const y0 = lane.y0 * view.scale + view.y - storesPad(view);
      context.fillRect(0, y0, size.width, (lane.y1 - lane.y0 + 24) * view.scale + storesPad(view));
    } else if (i % 2 === 1) {
      const pad = (SIZES.columnGap + SIZES.laneGap) / 2;
      const bottom =
        scene.layout.lanes.at(-1)!.lane === STORES
          ? scene.layout.lanes.at(-1)!.y0 * view.scale + view.y - storesPad(view)
          : size.height;
      context.fillRect((lane.x0 - pad) * view.scale + view.x, 0, (lane.x1 - lane.x0 + 2 * pad) * view.scale, bottom);
    }
  });
}

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

/** How far to the right a bow reaches at most, map units. */
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

function paintLines(context: Context, scene: Scene, frame: Frame, look: Look, detail: Detail): void {
  const { lines } = scene;
  const { view, size } = frame;
  const area = visible(view, size);
  const total = lines.x0.length;
  const found: number[][] = Array.from({ length: CLASSES }, () => []);
  let seen = 0;
  let ink = 0;
  for (let i = 0; i < total; i++) {
    if (!lineMeets(lines, i, area.x0, area.y0, area.x1, area.y1)) continue;
    found[classOf(lines, i)]!.push(i);
    ink += inkOf(lines, i, frame);
    seen++;
  }
  const far = detail === 'block';
  const crowded = ink > CROWDED;
  const straight = far || (crowded && view.scale < 0.35);
  const fade = Math.max(0.14, Math.min(1, 400 / seen, CROWDED / ink));
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  for (let style = 0; style < STYLES; style++) {
    const soft = (style & 1) === 1;
    context.strokeStyle = look.lineControl;
    context.globalAlpha = (soft ? 0.6 : 0.95) * fade;
    context.lineWidth = soft || far || crowded ? 1 : 1.5;
    const dashes = far || crowded ? [] : DASHES[style >> 1]!;
    context.setLineDash(dashes);
    strokeAll(context, lines, found[style]!, frame, straight, dashes);
  }
  context.setLineDash([]);
  context.globalAlpha = 0.8;
  context.strokeStyle = look.health[DEGRADED]!;
  context.lineWidth = far ? 1 : 1.5;
  strokeAll(context, lines, found[AT_RISK_CLASS]!, frame, straight);
  context.globalAlpha = 1;
  context.lineWidth = far ? 2 : 3;
  strokeAll(context, lines, found[HURT_CLASS]!, frame, straight);
  context.strokeStyle = look.health[FAILING]!;
  strokeAll(context, lines, found[HURT_CLASS + 1]!, frame, straight);
  if (far) return;
  for (let group = 0; group < CLASSES; group++) {
    const isQuiet = group < STYLES;
    context.fillStyle = context.strokeStyle = isQuiet
      ? look.lineControl
      : look.health[group === HURT_CLASS + 1 ? FAILING : DEGRADED]!;
    context.globalAlpha = isQuiet ? fade : 1;
    arrowheads(context, lines, found[group]!, view, isQuiet ? 7 : 9);
  }
  context.globalAlpha = 1;
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

function paintBoxes(context: Context, scene: Scene, frame: Frame, look: Look, detail: Detail): void {
  const { view, size } = frame;
  const { x, y } = scene.layout;
  const area = visible(view, size);
  const pad = 24 / view.scale;
  const byHealth: number[][] = [[], [], [], [], []];
  for (let v = 0; v < x.length; v++) {
    if (x[v]! + HALF.width + pad < area.x0 || x[v]! - HALF.width - pad > area.x1) continue;
    if (y[v]! + HALF.height < area.y0 || y[v]! - HALF.height > area.y1) continue;
    byHealth[scene.live.health[v]!]!.push(v);
  }
  if (detail === 'block') paintBlocks(context, scene, frame, look, byHealth);
  else paintCards(context, scene, frame, look, byHealth, detail);
}

/** Order in which healths are painted: the loudest on top. */
const QUIET_FIRST: readonly number[] = [HEALTHY, 1, UNKNOWN, DEGRADED, FAILING];

function paintBlocks(context: Context, scene: Scene, { view }: Frame, look: Look, byHealth: readonly number[][]): void {
  const { x, y } = scene.layout;
  const { scale } = view;
  const width = Math.max(2, SIZES.width * scale);
  const height = Math.max(2, SIZES.height * scale);
  const mark = Math.max(9, height);
  for (const health of QUIET_FIRST) {
    const list = byHealth[health]!;
    if (list.length === 0) continue;
    const wide = health === HEALTHY ? width : Math.max(mark + 4, width);
    const high = health === HEALTHY ? height : mark + 4;
    context.beginPath();
    for (const v of list)
      context.rect(x[v]! * scale + view.x - wide / 2, y[v]! * scale + view.y - high / 2, wide, high);
    context.fillStyle = health === HEALTHY ? look.blocks : look.healthGround[health]!;
    context.fill();
    if (health === HEALTHY) continue;
    if (health === UNKNOWN) {
      context.fillStyle = hatching(context, look);
      context.fill();
    }
    context.strokeStyle = look.health[health]!;
    context.lineWidth = 1.5;
    context.stroke();
    paintMarks(context, scene, list, health, view, look, mark, 0);
  }
}

function paintMarks(
  context: Context,
  scene: Scene,
  list: readonly number[],
  health: number,
  view: View,
  look: Look,
  size: number,
  offset: number,
): void {
  const { x, y } = scene.layout;
  context.fillStyle = context.strokeStyle = look.health[health]!;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const v of list)
    markPath(context, health, x[v]! * view.scale + view.x + offset, y[v]! * view.scale + view.y, size);
  context.fill();
  context.beginPath();
  for (const v of list)
    markOutline(context, health, x[v]! * view.scale + view.x + offset, y[v]! * view.scale + view.y, size);
  context.stroke();
}

function paintCards(
  context: Context,
  scene: Scene,
  { view, ratio }: Frame,
  look: Look,
  byHealth: readonly number[][],
  detail: Detail,
): void {
  const { cast, layout } = scene;
  const { scale } = view;
  const card = detail === 'card';
  const snap = (value: number): number => Math.round(value * ratio) / ratio;
  const width = SIZES.width * scale;
  const height = SIZES.height * scale;
  const left = (v: number): number => snap((layout.x[v]! - HALF.width) * scale + view.x);
  const top = (v: number): number => snap((layout.y[v]! - HALF.height) * scale + view.y);
  const size = card ? 13 * Math.min(1.4, scale) : Math.min(11, height * 0.6);
  const inset = (card ? 10 : 6) * Math.min(1, scale * 1.4);

  for (const health of QUIET_FIRST) {
    const list = byHealth[health]!;
    if (list.length === 0) continue;
    context.beginPath();
    for (const v of list) boxPath(context, cast.outline[v]!, left(v), top(v), width, height);
    context.fillStyle = look.healthGround[health]!;
    context.fill();
    if (health === UNKNOWN) {
      context.fillStyle = hatching(context, look);
      context.fill();
    }
    for (const dashed of [false, true]) {
      context.beginPath();
      for (const v of list)
        if ((cast.outline[v] === OUTLINE.dashed) === dashed)
          boxPath(context, cast.outline[v]!, left(v), top(v), width, height);
      context.setLineDash(dashed ? [5, 3] : []);
      context.strokeStyle = health === HEALTHY ? look.lineControl : look.health[health]!;
      context.globalAlpha = health === HEALTHY ? 0.65 : 1;
      context.lineWidth = health === HEALTHY ? 1 : health === FAILING ? 2.5 : 2;
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
    context.beginPath();
    for (const v of list) {
      const bar = cast.tier[v] === 1 ? 4 : cast.tier[v] === 2 ? 2 : 0;
      if (bar > 0) context.rect(left(v) + 1, top(v) + 3, bar * Math.min(1, scale * 1.2), height - 6);
    }
    context.fillStyle = look.quiet;
    context.fill();
    paintMarks(context, scene, list, health, view, look, size, -width / 2 + inset + size / 2 + 4 * scale);
  }

  const textLeft = inset + size + 4 * scale + (card ? 8 : 3);
  const room = width - textLeft - (card ? 10 : 0) + (card ? 0 : SIZES.columnGap * 0.2 * scale);
  const nameSize = card ? Math.max(13, 14 * scale) : height >= 32 ? 13 : 12;
  const lineHeight = Math.round(nameSize * (card ? 1.25 : 1.05));
  const twoLines = card || height >= 2 * lineHeight - 3;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const noteFont = `400 ${Math.max(12, 13 * scale)}px ${look.family}`;
  for (const health of QUIET_FIRST) {
    const list = byHealth[health]!;
    if (list.length === 0) continue;
    const font = `${health === HEALTHY && !card ? 400 : 600} ${nameSize}px ${look.family}`;
    context.font = font;
    context.fillStyle = look.text;
    for (const v of list) {
      const name = cast.names[v]!;
      const x = left(v) + textLeft;
      const middle = top(v) + height / 2 + 0.5;
      const rows = twoLines
        ? fitter.wrap(context, font, name, room)
        : [fitter.fit(context, font, name, room + SIZES.columnGap * 0.4 * scale)];
      const first = middle - ((rows.length - 1) * lineHeight) / 2 - (card ? lineHeight / 2 : 0);
      if (health === UNKNOWN) {
        context.fillStyle = look.healthGround[UNKNOWN]!;
        const wide = Math.max(...rows.map((row) => context.measureText(row).width));
        context.fillRect(x - 2, first - lineHeight / 2, Math.min(wide + 4, room + 2), rows.length * lineHeight);
        context.fillStyle = look.text;
      }
      rows.forEach((row, i) => context.fillText(row, x, first + i * lineHeight));
      if (card) {
        context.font = noteFont;
        context.fillStyle = look.quiet;
        context.fillText(fitter.fit(context, noteFont, cast.notes[v]!, room), x, first + rows.length * lineHeight);
        context.font = font;
        context.fillStyle = look.text;
      }
    }
  }
  paintStubs(context, scene, byHealth, view, look, width, height, left, top);
}

/** Short dotted ends with a number for the dependencies whose other end is hidden. */
function paintStubs(
  context: Context,
  scene: Scene,
  byHealth: readonly number[][],
  view: View,
  look: Look,
  width: number,
  height: number,
  left: (v: number) => number,
  top: (v: number) => number,
): void {
  const { cast, live } = scene;
  const long = Math.min(12, 16 * view.scale);
  context.font = `400 12px ${look.family}`;
  context.textBaseline = 'middle';
  context.lineWidth = 1.5;
  const stub = (x: number, y: number, out: 1 | -1, count: number): void => {
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + out * long, y);
    context.setLineDash([2, 2]);
    context.stroke();
    const text = `+${count}`;
    const wide = context.measureText(text).width;
    const ink = context.fillStyle;
    const start = out === 1 ? x + long + 1 : x - long - 1 - wide;
    context.fillStyle = look.ground;
    context.fillRect(start - 1, y - 7, wide + 2, 14);
    context.fillStyle = ink;
    context.fillText(text, start, y + 0.5);
  };
  context.textAlign = 'left';
  for (const list of byHealth) {
    for (const v of list) {
      const needs = cast.hiddenNeeds[v]!;
      const neededBy = cast.hiddenNeededBy[v]!;
      if (needs === 0 && neededBy === 0) continue;
      const behind = live.hiddenHealth[v]!;
      context.strokeStyle = context.fillStyle = behind === HEALTHY ? look.quiet : look.health[behind]!;
      const y = top(v) + height - 7;
      if (neededBy > 0) stub(left(v), y, -1, neededBy);
      if (needs > 0) stub(left(v) + width, y, 1, needs);
    }
  }
  context.setLineDash([]);
}

/** Adds the outline of a box to the current path. */
export function boxPath(context: Context, outline: number, x: number, y: number, width: number, height: number): void {
  if (outline === OUTLINE.round) context.roundRect(x, y, width, height, Math.min(height / 2, 22));
  else if (outline === OUTLINE.cut) {
    const cut = height * 0.28;
    context.moveTo(x + cut, y);
    context.lineTo(x + width - cut, y);
    context.lineTo(x + width, y + height / 2);
    context.lineTo(x + width - cut, y + height);
    context.lineTo(x + cut, y + height);
    context.lineTo(x, y + height / 2);
    context.closePath();
  } else context.rect(x, y, width, height);
}

const patterns = new WeakMap<Context, { color: string; pattern: CanvasPattern }>();

/** The pattern of what is not known. */
export function hatching(context: Context, look: Look): CanvasPattern | string {
  const known = patterns.get(context);
  if (known?.color === look.hatch) return known.pattern;
  const tile = new OffscreenCanvas(8, 8);
  const brush = tile.getContext('2d');
  const pattern = brush && drawHatch(brush, look) && context.createPattern(tile, 'repeat');
  if (!pattern) return look.hatch;
  patterns.set(context, { color: look.hatch, pattern });
  return pattern;
}

function drawHatch(brush: OffscreenCanvasRenderingContext2D, look: Look): true {
  brush.strokeStyle = look.hatch;
  brush.lineWidth = 1.5;
  brush.beginPath();
  for (const shift of [-8, 0, 8]) {
    brush.moveTo(shift - 1, 9);
    brush.lineTo(shift + 9, -1);
  }
  brush.stroke();
  return true;
}

/** Height of the strip with the names of the lanes, CSS pixels. */
const STRIP = 30;

/** Names of the lanes along the top, and of the stores in their band; they stay in view while the map moves under them. */
export function paintLaneNames(
  context: Context,
  scene: Scene,
  { view, size }: Frame,
  look: Look,
  fitText: TextFitter,
): void {
  const font = `600 14px ${look.family}`;
  const { lanes } = scene.layout;
  const across = lanes.filter(({ lane }) => lane !== STORES);
  context.globalAlpha = 0.92;
  context.fillStyle = look.ground;
  context.fillRect(0, 0, size.width, STRIP);
  context.globalAlpha = 1;
  context.fillStyle = look.line;
  context.fillRect(0, STRIP, size.width, 1);
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = look.quiet;
  across.forEach((lane, i) => {
    const next = across[i + 1];
    const x0 = lane.x0 * view.scale + view.x;
    const end = (next ? next.x0 * view.scale + view.x : size.width) - 10;
    const x = Math.max(x0, 12);
    const title = LANES[lane.lane]!.title;
    if (x > size.width || end - x < 0.6 * context.measureText(title).width) return;
    context.fillText(fitText.fit(context, font, title, end - x), x, STRIP / 2);
  });
  const stores = lanes.find(({ lane }) => lane === STORES);
  if (!stores) return;
  const y0 = stores.y0 * view.scale + view.y;
  const y1 = stores.y1 * view.scale + view.y;
  if (y1 < STRIP + 12 || y0 > size.height) return;
  const text = LANES[STORES]!.title;
  const y = Math.min(Math.max(y0 - storesPad(view) / 2, STRIP + 14), size.height - 14);
  context.fillStyle = look.raised;
  context.fillRect(6, y - 12, context.measureText(text).width + 12, 24);
  context.fillStyle = look.quiet;
  context.fillText(text, 12, y);
}
