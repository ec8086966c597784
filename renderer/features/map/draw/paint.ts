/**
 * Paints a part of the map. Invariant: depends on nothing but its arguments, so that the window and its worker paint the
 * same picture; what lies outside the frame costs a comparison, and detail is left out where it could not be read.
 */
import { STORES } from '../../../../shared/domain/layout/lanes.ts';
import { SIZES } from '../../../../shared/domain/layout/layout.ts';
import { HEALTHY } from '../model/graph.ts';
import { paintCards, paintChanged, paintLoudBlocks, paintQuietBlocks, seenBoxes } from './boxes.ts';
import { type Frame, detailAt } from './frame.ts';
import { paintPath, paintQuietLines, paintWeights, seenLines } from './lines.ts';
import type { Look } from './look.ts';
import type { Context } from './marks.ts';
import type { Scene } from './scene.ts';
import type { TextFitter } from './text.ts';
import type { View } from './view.ts';

export function paint(context: Context, scene: Scene, frame: Frame, look: Look): void {
  const { view, size, ratio } = frame;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.fillStyle = look.ground;
  context.fillRect(0, 0, size.width, size.height);
  const lines = seenLines(scene, frame);
  const boxes = seenBoxes(scene, frame);
  paintLanes(context, scene, frame, look);
  paintQuietLines(context, scene, lines, frame, look);
  if (detailAt(view.scale) === 'block') {
    paintQuietBlocks(context, scene, boxes[HEALTHY]!, frame, look);
    paintPath(context, scene, lines, frame, look);
    paintLoudBlocks(context, scene, boxes, frame, look);
  } else {
    paintPath(context, scene, lines, frame, look);
    paintCards(context, scene, boxes, frame, look);
    paintWeights(context, scene, lines, frame, look);
  }
  paintChanged(context, scene, boxes, frame, look);
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

/** Height of the strip with the names of the lanes, CSS pixels. */
const STRIP = 30;

/** A name may begin so far before its lane, CSS pixels. */
const MOST_SHIFT = 60;

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
  let next = size.width;
  for (const lane of across.toReversed()) {
    const title = scene.cast.laneTitles[lane.lane]!;
    const { width } = context.measureText(title);
    const own = Math.max(lane.x0 * view.scale + view.x, 12);
    if (own > size.width) continue;
    // A name that is longer than its lane begins before it where there is room.
    const shifted = Math.max(12, own - MOST_SHIFT, Math.min(own, next - 10 - width));
    const x = next - 10 - shifted >= width ? shifted : own;
    if (next - 10 - x < 0.6 * width) continue;
    const text = next - 10 - x >= width ? title : fitText.fit(context, font, title, next - 10 - x);
    context.fillText(text, x, STRIP / 2);
    next = x;
  }
  const stores = lanes.find(({ lane }) => lane === STORES);
  if (!stores) return;
  const y0 = stores.y0 * view.scale + view.y;
  const y1 = stores.y1 * view.scale + view.y;
  if (y1 < STRIP + 12 || y0 > size.height) return;
  const text = scene.cast.laneTitles[STORES]!;
  const wide = context.measureText(text).width;
  // Where the band has no room above its boxes, the name goes to the end that they seldom reach.
  const x = storesPad(view) < 20 ? size.width - wide - 12 : 12;
  const y = Math.min(Math.max(y0 - storesPad(view) / 2, STRIP + 14), size.height - 14);
  context.fillStyle = look.raised;
  context.fillRect(x - 6, y - 12, wide + 12, 24);
  context.fillStyle = look.quiet;
  context.fillText(text, x, y);
}
