/**
 * What is drawn over the map in every frame: what stands out, and names that must be readable at any distance. Invariant:
 * costs by what can be seen, and is bounded, so that a hub with thousands of dependencies can be pointed at.
 */
import type { Area } from '../../../../shared/domain/layout/layout.ts';
import { FAILING, HEALTHY, LOUDNESS } from '../model/graph.ts';
import { HURT } from '../../../../shared/domain/graph/path.ts';
import { type Frame, detailAt } from './frame.ts';
import { DASHES, arrowheads, lineMeets, strokeAll } from './lines.ts';
import type { Look } from './look.ts';
import type { Context } from './marks.ts';
import { paintLaneNames } from './paint.ts';
import { HALF, type Scene } from './scene.ts';
import { TextFitter } from './text.ts';
import { visible } from './view.ts';

/** Places in the cast; -1 for none. */
export interface Standing {
  hover: number;
  current: number;
  selected: number;
  found: readonly number[];
  worse: readonly number[];
  better: readonly number[];
  /** Lines of, and services beside, the three above. */
  lines: readonly number[];
  near: readonly number[];
}

/** Lines from which on they are drawn thin and without dashes and heads. */
const MANY = 400;
/** Names from afar: how many are tried, and how many drawn. */
const TRIED = 120;
const NAMED = 40;

const fitter = new TextFitter();

export function paintOver(context: Context, scene: Scene, standing: Standing, frame: Frame, look: Look): void {
  const { hover, current, selected } = standing;
  const detail = detailAt(frame.view.scale);
  context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
  paintLinesOf(context, scene, standing.lines, frame, look);
  outline(context, scene, standing.near, frame, look.text, 1, 1);
  outline(context, scene, standing.worse, frame, look.health[FAILING]!, 2, 4);
  context.setLineDash([4, 3]);
  outline(context, scene, standing.better, frame, look.accent, 2, 4);
  context.setLineDash([]);
  outline(context, scene, standing.found, frame, look.accent, 1.5, 2);
  if (hover >= 0) outline(context, scene, [hover], frame, look.text, 2, 2);
  if (selected >= 0) outline(context, scene, [selected], frame, look.accent, 2.5, 2);
  if (current >= 0) outline(context, scene, [current], frame, look.accent, 2.5, current === selected ? 2 : 5);
  if (detail === 'block')
    paintNames(
      context,
      scene,
      [hover, selected, current].filter((v) => v >= 0),
      frame,
      look,
    );
  else if (detail === 'label' && hover >= 0) paintTip(context, scene, hover, frame, look);
  paintLaneNames(context, scene, frame, look, fitter);
}

function paintLinesOf(context: Context, { lines }: Scene, list: readonly number[], frame: Frame, look: Look): void {
  const area = visible(frame.view, frame.size);
  // The failing path keeps its own colour.
  const seen = list.filter((i) => lines.state[i] !== HURT && lineMeets(lines, i, area.x0, area.y0, area.x1, area.y1));
  if (seen.length === 0) return;
  const plain = seen.length > MANY || detailAt(frame.view.scale) === 'block';
  context.strokeStyle = context.fillStyle = look.text;
  context.lineWidth = seen.length > MANY ? 1 : 2;
  // So many lie over each other that the boxes below would be gone.
  context.globalAlpha = Math.max(0.25, Math.min(1, MANY / seen.length));
  DASHES.forEach((dashes, mode) => {
    const used = plain ? [] : dashes;
    context.setLineDash(used);
    strokeAll(
      context,
      lines,
      seen.filter((i) => lines.style[i]! >> 1 === mode),
      frame,
      false,
      used,
    );
  });
  context.setLineDash([]);
  context.globalAlpha = 1;
  if (!plain) arrowheads(context, lines, seen, frame.view, 9);
}

function outline(
  context: Context,
  { layout }: Scene,
  list: readonly number[],
  { view, size }: Frame,
  color: string,
  width: number,
  gap: number,
): void {
  const w = Math.max(6, 2 * HALF.width * view.scale) + 2 * gap;
  const h = Math.max(6, 2 * HALF.height * view.scale) + 2 * gap;
  context.beginPath();
  for (const v of list) {
    const x = layout.x[v]! * view.scale + view.x - w / 2;
    const y = layout.y[v]! * view.scale + view.y - h / 2;
    if (x < size.width && x + w > 0 && y < size.height && y + h > 0) context.rect(x, y, w, h);
  }
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

/** From afar: the names of what is hurt, and of what is pointed at, as far as there is room. */
function paintNames(
  context: Context,
  { layout, live, cast }: Scene,
  pointed: readonly number[],
  { view, size }: Frame,
  look: Look,
): void {
  const area = visible(view, size);
  const byLoudness: number[][] = LOUDNESS.map(() => []);
  for (let v = 0; v < live.health.length; v++) {
    if (live.health[v] === HEALTHY) continue;
    const x = layout.x[v]!;
    const y = layout.y[v]!;
    if (x > area.x0 && x < area.x1 && y > area.y0 && y < area.y1) byLoudness[LOUDNESS[live.health[v]!]!]!.push(v);
  }
  const candidates: number[] = [];
  for (const list of byLoudness.toReversed()) {
    if (candidates.length >= TRIED) break;
    // Of what most services are, no name tells anything.
    if (list.length > TRIED * 4) continue;
    candidates.push(...list.sort((a, b) => (cast.tier[a] || 9) - (cast.tier[b] || 9) || a - b));
  }
  const font = `600 13px ${look.family}`;
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const taken: Area[] = [];
  for (const v of new Set([...pointed, ...candidates.slice(0, TRIED)])) {
    const text = fitter.fit(context, font, cast.names[v]!, 180);
    const width = context.measureText(text).width;
    const beside = Math.max(9, HALF.width * view.scale) + 5;
    const centre = layout.x[v]! * view.scale + view.x;
    const x = centre + beside + width > size.width - 4 ? centre - beside - width : centre + beside;
    const y = layout.y[v]! * view.scale + view.y;
    const box = { x0: x - 3, y0: y - 9, x1: x + width + 3, y1: y + 9 };
    const meets = (other: Area): boolean =>
      box.x0 < other.x1 && box.x1 > other.x0 && box.y0 < other.y1 && box.y1 > other.y0;
    if (!pointed.includes(v) && taken.some(meets)) continue;
    taken.push(box);
    context.globalAlpha = 0.85;
    context.fillStyle = look.ground;
    context.fillRect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
    context.globalAlpha = 1;
    context.fillStyle = live.health[v] === HEALTHY ? look.text : look.health[live.health[v]!]!;
    context.fillText(text, x, y);
    if (taken.length >= NAMED) break;
  }
}

/** The whole name of a service that is pointed at, above its box, where the box is too small for it. */
function paintTip(context: Context, { layout, cast }: Scene, v: number, { view, size }: Frame, look: Look): void {
  const font = `600 14px ${look.family}`;
  context.font = font;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const text = fitter.fit(context, font, cast.names[v]!, 420);
  const width = context.measureText(text).width + 16;
  const x = Math.max(4, Math.min(size.width - width - 4, (layout.x[v]! - HALF.width) * view.scale + view.x));
  const above = (layout.y[v]! - HALF.height) * view.scale + view.y - 34;
  const y = above > 32 ? above : (layout.y[v]! + HALF.height) * view.scale + view.y + 8;
  context.fillStyle = look.ground;
  context.fillRect(x, y, width, 26);
  context.strokeStyle = look.lineControl;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, 25);
  context.fillStyle = look.text;
  context.fillText(text, x + 8, y + 13.5);
}
