/**
 * The window onto the map. Invariant: a view is a plain value; whatever moves it returns another one, and the point under
 * the pointer stays under the pointer while zooming.
 */
import type { Area } from '../../../../shared/domain/layout/layout.ts';

/** screen = map × scale + (x, y); CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const CLOSEST = 2.5;
/** Room around what is fitted, CSS pixels; above it stand the names of the lanes. */
const MARGIN = { x: 44, top: 48, bottom: 24 };
/** No closer than this when something small is fitted. */
const FIT_CLOSEST = 1.25;

/** The view that shows an area as large as it can be. */
export function fit(area: Area, size: Size): View {
  const width = Math.max(1, area.x1 - area.x0);
  const height = Math.max(1, area.y1 - area.y0);
  const scale = Math.min(
    FIT_CLOSEST,
    Math.max(1, size.width - 2 * MARGIN.x) / width,
    Math.max(1, size.height - MARGIN.top - MARGIN.bottom) / height,
  );
  return {
    scale,
    x: size.width / 2 - (scale * (area.x0 + area.x1)) / 2,
    y: MARGIN.top + (size.height - MARGIN.top - MARGIN.bottom) / 2 - (scale * (area.y0 + area.y1)) / 2,
  };
}

/** The least scale at which there is still something to see. */
export function farthest(bounds: Area, size: Size): number {
  return Math.min(fit(bounds, size).scale, 1) / 2;
}

/** Zooms by a factor about a point of the screen. */
export function zoomAt(view: View, factor: number, at: { x: number; y: number }, least: number): View {
  const scale = Math.min(CLOSEST, Math.max(least, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio };
}

export function pan(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** Keeps at least a corner of the map on the screen. */
export function keepInSight(view: View, bounds: Area, size: Size): View {
  const keep = 80;
  const x = Math.min(size.width - keep - bounds.x0 * view.scale, Math.max(keep - bounds.x1 * view.scale, view.x));
  const y = Math.min(size.height - keep - bounds.y0 * view.scale, Math.max(keep - bounds.y1 * view.scale, view.y));
  return x === view.x && y === view.y ? view : { ...view, x, y };
}

/** Moves the view as little as it takes to bring an area onto the screen with `margin` CSS pixels around it; centres what does not fit. */
export function reveal(view: View, area: Area, size: Size, margin: number): View {
  const along = (low: number, high: number, length: number): number => {
    if (high - low > length - 2 * margin) return length / 2 - (low + high) / 2;
    if (low < margin) return margin - low;
    if (high > length - margin) return length - margin - high;
    return 0;
  };
  return pan(
    view,
    along(area.x0 * view.scale + view.x, area.x1 * view.scale + view.x, size.width),
    along(area.y0 * view.scale + view.y, area.y1 * view.scale + view.y, size.height),
  );
}

/** The part of the map that a screen of this size shows. */
export function visible(view: View, size: Size): Area {
  return {
    x0: -view.x / view.scale,
    y0: -view.y / view.scale,
    x1: (size.width - view.x) / view.scale,
    y1: (size.height - view.y) / view.scale,
  };
}

export function toMap(view: View, at: { x: number; y: number }): { x: number; y: number } {
  return { x: (at.x - view.x) / view.scale, y: (at.y - view.y) / view.scale };
}
