/** The shapes of health, the same as in the rest of the console: ● ◐ ▲ ■ and the hatched question mark. */
import { DEGRADED, EARLY_WARNING, FAILING, HEALTHY, UNKNOWN } from '../model/graph.ts';

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Adds the filled part of a mark of `size` about (x, y) to the current path. */
export function markPath(context: Context, health: number, x: number, y: number, size: number): void {
  const half = size / 2;
  switch (health) {
    case HEALTHY:
      context.moveTo(x + half * 0.6, y);
      context.arc(x, y, half * 0.6, 0, 2 * Math.PI);
      break;
    case EARLY_WARNING:
      context.moveTo(x, y - half * 0.85);
      context.arc(x, y, half * 0.85, -Math.PI / 2, Math.PI / 2, true);
      context.closePath();
      break;
    case DEGRADED:
      context.moveTo(x, y - half);
      context.lineTo(x + half, y + half * 0.85);
      context.lineTo(x - half, y + half * 0.85);
      context.closePath();
      break;
    case FAILING:
      context.rect(x - half * 0.9, y - half * 0.9, size * 0.9, size * 0.9);
      break;
    case UNKNOWN:
      break;
  }
}

/** Adds the stroked part of a mark to the current path; only early warning and unknown have one. */
export function markOutline(context: Context, health: number, x: number, y: number, size: number): void {
  const half = size / 2;
  if (health === EARLY_WARNING) {
    context.moveTo(x + half * 0.85, y);
    context.arc(x, y, half * 0.85, 0, 2 * Math.PI);
  } else if (health === UNKNOWN) {
    context.rect(x - half * 0.85, y - half * 0.85, size * 0.85, size * 0.85);
    if (size < 9) return;
    context.moveTo(x - half * 0.35, y - half * 0.3);
    context.arc(x, y - half * 0.28, half * 0.35, Math.PI, 0.25 * Math.PI);
    context.lineTo(x, y + half * 0.22);
    context.moveTo(x, y + half * 0.42);
    context.lineTo(x, y + half * 0.6);
  }
}
