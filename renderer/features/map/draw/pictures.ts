/**
 * Pictures of the map that the worker painted, and where they lie on the screen. Invariant: a picture carries the frame it was
 * painted for, so that it can be shown in its place under any other view until a better one is there.
 */
import type { Area } from '../../../../shared/domain/layout/layout.ts';
import type { Frame } from './frame.ts';
import { type Size, fit } from './view.ts';

export interface Picture {
  frame: Frame;
  bitmap: ImageBitmap;
}

/** Part of the screen that a near picture covers beyond each edge. */
const BEYOND = 0.25;
/** Largest picture of the whole map, device pixels. */
const FAR_PIXELS = 3_500_000;

/** The whole map, somewhat larger than the screen. */
export function farFrame(bounds: Area, size: Size, ratio: number): Frame {
  const view = fit(bounds, size);
  const grow = Math.min(1.6, Math.max(1, Math.sqrt(FAR_PIXELS / (size.width * size.height * ratio * ratio))));
  return {
    view: { scale: view.scale * grow, x: view.x * grow, y: view.y * grow },
    size: { width: Math.ceil(size.width * grow), height: Math.ceil(size.height * grow) },
    ratio,
  };
}

/** What is on the screen and some way around it, at the scale of the screen. */
export function nearFrame({ view, size, ratio }: Frame): Frame {
  const beyond = { x: Math.round(size.width * BEYOND), y: Math.round(size.height * BEYOND) };
  return {
    view: { scale: view.scale, x: view.x + beyond.x, y: view.y + beyond.y },
    size: { width: size.width + 2 * beyond.x, height: size.height + 2 * beyond.y },
    ratio,
  };
}

/** Where a picture lies on the screen, CSS pixels. */
function placed(picture: Picture, { view }: Frame): { x: number; y: number; grow: number } {
  const grow = view.scale / picture.frame.view.scale;
  return { x: view.x - picture.frame.view.x * grow, y: view.y - picture.frame.view.y * grow, grow };
}

/** Whether a picture fills the screen. */
export function covers(picture: Picture, frame: Frame): boolean {
  const { x, y, grow } = placed(picture, frame);
  const { width, height } = picture.frame.size;
  return x <= 0 && y <= 0 && x + width * grow >= frame.size.width && y + height * grow >= frame.size.height;
}

/** Draws the part of a picture that is on the screen; at its own scale exactly pixel by pixel. */
export function drawPicture(context: CanvasRenderingContext2D, picture: Picture, frame: Frame): void {
  const { x, y, grow } = placed(picture, frame);
  const { width, height } = picture.frame.size;
  const x0 = Math.max(0, x);
  const y0 = Math.max(0, y);
  const x1 = Math.min(frame.size.width, x + width * grow);
  const y1 = Math.min(frame.size.height, y + height * grow);
  if (x1 <= x0 || y1 <= y0) return;
  const pixels = picture.frame.ratio / grow;
  if (grow === 1 && picture.frame.ratio === frame.ratio) {
    context.imageSmoothingEnabled = false;
    context.setTransform(1, 0, 0, 1, 0, 0);
    const w = Math.round((x1 - x0) * frame.ratio);
    const h = Math.round((y1 - y0) * frame.ratio);
    context.drawImage(
      picture.bitmap,
      Math.round((x0 - x) * frame.ratio),
      Math.round((y0 - y) * frame.ratio),
      w,
      h,
      Math.round(x0 * frame.ratio),
      Math.round(y0 * frame.ratio),
      w,
      h,
    );
    context.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    return;
  }
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'low';
  context.drawImage(
    picture.bitmap,
    (x0 - x) * pixels,
    (y0 - y) * pixels,
    (x1 - x0) * pixels,
    (y1 - y0) * pixels,
    x0,
    y0,
    x1 - x0,
    y1 - y0,
  );
}
