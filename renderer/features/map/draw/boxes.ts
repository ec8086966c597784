/** The services: cards, labels or blocks by how near they are; the loudest on top. */
import { SIZES } from '../../../../shared/domain/layout/layout.ts';
import { HEALTHY, UNKNOWN, DEGRADED, FAILING } from '../model/graph.ts';
import { type Frame, detailAt } from './frame.ts';
import type { Look } from './look.ts';
import { type Context, markOutline, markPath } from './marks.ts';
import { HALF, OUTLINE, type Scene } from './scene.ts';
import { TextFitter } from './text.ts';
import { type View, visible } from './view.ts';

const fitter = new TextFitter();

/** The services that can be seen, by health number. */
export function seenBoxes({ layout: { x, y }, live }: Scene, { view, size }: Frame): number[][] {
  const area = visible(view, size);
  const pad = 24 / view.scale;
  const byHealth: number[][] = [[], [], [], [], []];
  for (let v = 0; v < x.length; v++) {
    if (x[v]! + HALF.width + pad < area.x0 || x[v]! - HALF.width - pad > area.x1) continue;
    if (y[v]! + HALF.height < area.y0 || y[v]! - HALF.height > area.y1) continue;
    byHealth[live.health[v]!]!.push(v);
  }
  return byHealth;
}

/** Healthy services from afar: they are the ground on which a path shows. */
export function paintQuietBlocks(
  context: Context,
  { layout: { x, y } }: Scene,
  list: readonly number[],
  { view }: Frame,
  look: Look,
): void {
  const { scale } = view;
  const width = Math.max(2, SIZES.width * scale);
  const height = Math.max(2, SIZES.height * scale);
  context.beginPath();
  for (const v of list)
    context.rect(x[v]! * scale + view.x - width / 2, y[v]! * scale + view.y - height / 2, width, height);
  context.fillStyle = look.blocks;
  context.fill();
}

/** A diamond in the upper right corner of what was changed shortly before; from afar beside it, never smaller than can be seen. */
export function paintChanged(
  context: Context,
  { layout: { x, y }, live }: Scene,
  byHealth: readonly number[][],
  frame: Frame,
  look: Look,
): void {
  const { scale } = frame.view;
  const half = Math.max(3.5, Math.min(7, 9 * scale));
  context.beginPath();
  for (const list of byHealth)
    for (const v of list) {
      if (!live.changed[v]) continue;
      const middle = {
        x: (x[v]! + HALF.width) * scale + frame.view.x - half - 2,
        y: (y[v]! - HALF.height) * scale + frame.view.y + Math.min(half + 2, HALF.height * scale),
      };
      context.moveTo(middle.x, middle.y - half);
      context.lineTo(middle.x + half, middle.y);
      context.lineTo(middle.x, middle.y + half);
      context.lineTo(middle.x - half, middle.y);
      context.closePath();
    }
  context.fillStyle = look.accent;
  context.fill();
  context.strokeStyle = look.ground;
  context.lineWidth = 1;
  context.stroke();
}

/** Order in which healths are painted: the loudest on top. */
const QUIET_FIRST: readonly number[] = [HEALTHY, 1, UNKNOWN, DEGRADED, FAILING];

/** Of more than these in one health none stands out: they keep their size, so that what is louder shows among them. */
const CROWD = 600;

/** Services that are not healthy, from afar: never smaller than their mark, unless they are most of what there is. */
export function paintLoudBlocks(
  context: Context,
  scene: Scene,
  byHealth: readonly number[][],
  { view }: Frame,
  look: Look,
): void {
  const { x, y } = scene.layout;
  const { scale } = view;
  const own = { width: Math.max(2, SIZES.width * scale), height: Math.max(2, SIZES.height * scale) };
  for (const health of QUIET_FIRST) {
    const list = byHealth[health]!;
    if (health === HEALTHY || list.length === 0) continue;
    const crowd = list.length > CROWD;
    const mark = crowd ? own.height : Math.max(9, own.height);
    const wide = crowd ? own.width : Math.max(mark + 4, own.width);
    const high = crowd ? own.height : mark + 4;
    context.beginPath();
    for (const v of list)
      context.rect(x[v]! * scale + view.x - wide / 2, y[v]! * scale + view.y - high / 2, wide, high);
    context.fillStyle = look.healthGround[health]!;
    context.fill();
    if (health === UNKNOWN) {
      context.fillStyle = hatching(context, look);
      context.fill();
    }
    context.strokeStyle = look.health[health]!;
    context.globalAlpha = crowd ? 0.55 : 1;
    context.lineWidth = crowd ? 1 : 1.5;
    context.stroke();
    context.globalAlpha = 1;
    if (!crowd || mark >= 9) paintMarks(context, scene, list, health, view, look, crowd ? mark * 0.7 : mark, 0);
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

/** Services near enough to read. */
export function paintCards(
  context: Context,
  scene: Scene,
  byHealth: readonly number[][],
  { view, ratio }: Frame,
  look: Look,
): void {
  const { cast, layout, live } = scene;
  const { scale } = view;
  const card = detailAt(view.scale) === 'card';
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
  const nameSize = card ? Math.max(13, 14 * scale) : 13;
  const lineHeight = Math.round(nameSize * (card ? 1.25 : 1.05));
  const twoLines = card || height >= 2 * lineHeight - 3;
  const room = width - textLeft - (card ? 10 : 3);
  // One line alone may run on into the gap beside its box.
  const wide = room + 3 + SIZES.columnGap * 0.6 * scale;
  const beside = twoLines ? null : new Set(layout.x);
  const roomOf = (v: number): number =>
    beside?.has(layout.x[v]! + SIZES.width + SIZES.splitGap) ? room + 3 + SIZES.splitGap * 0.4 * scale : wide;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const noteFont = `400 ${Math.max(13, 13 * scale)}px ${look.family}`;
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
      // What a group hides is told wherever there is a second line; its name ends with a number that must not be lost.
      const group = twoLines && cast.outline[v] === OUTLINE.stack;
      const rows = group
        ? [fitter.fitEnds(context, font, name, room)]
        : twoLines
          ? fitter.wrap(context, font, name, room)
          : [
              cast.alike[v]
                ? fitter.fitEnds(context, font, name, roomOf(v))
                : fitter.fit(context, font, name, roomOf(v)),
            ];
      const note = live.notes.get(v) ?? cast.notes[v]!;
      context.font = noteFont;
      const notes = group
        ? fitter.list(
            context,
            noteFont,
            note,
            room,
            Math.max(1, Math.min(2, Math.floor((height + 3) / lineHeight) - 1)),
          )
        : card
          ? [fitter.fit(context, noteFont, note, room)]
          : [];
      const noted = health === UNKNOWN ? Math.max(0, ...notes.map((row) => context.measureText(row).width)) : 0;
      context.font = font;
      const first = middle - ((rows.length + notes.length - 1) * lineHeight) / 2;
      if (health === UNKNOWN) {
        context.fillStyle = look.healthGround[UNKNOWN]!;
        const inked = Math.max(noted, ...rows.map((row) => context.measureText(row).width));
        const lines = rows.length + notes.length;
        context.fillRect(x - 2, first - lineHeight / 2, Math.min(inked + 4, room + 2), lines * lineHeight);
        context.fillStyle = look.text;
      }
      rows.forEach((row, i) => context.fillText(row, x, first + i * lineHeight));
      if (notes.length > 0) {
        context.font = noteFont;
        context.fillStyle = look.quiet;
        notes.forEach((row, i) => context.fillText(row, x, first + (rows.length + i) * lineHeight));
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
  context.font = `400 13px ${look.family}`;
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
function boxPath(context: Context, outline: number, x: number, y: number, width: number, height: number): void {
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
  } else if (outline === OUTLINE.stack) {
    const step = Math.min(4, height * 0.08);
    context.rect(x, y, width, height);
    context.rect(x + 2 * step, y + height, width - 2 * step, step);
    context.rect(x + 4 * step, y + height + step, width - 4 * step, step);
  } else context.rect(x, y, width, height);
}

const patterns = new WeakMap<Context, { color: string; pattern: CanvasPattern }>();

/** The pattern of what is not known. */
function hatching(context: Context, look: Look): CanvasPattern | string {
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
