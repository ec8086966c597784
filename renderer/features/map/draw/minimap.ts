/** The whole map in a corner, with the part that is on the screen. Invariant: the boxes are painted again only when they changed. */
import type { MapLayout } from '../../../../shared/domain/layout/layout.ts';
import { DEGRADED, EARLY_WARNING, FAILING, HEALTHY, UNKNOWN } from '../model/graph.ts';
import type { Frame } from './frame.ts';
import type { Look } from './look.ts';
import { HALF, type Scene } from './scene.ts';
import { type View, visible } from './view.ts';

/** CSS pixels. */
const SIZE = { width: 176, height: 112 };
const MARGIN = 6;

export class Minimap {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #boxes = new OffscreenCanvas(1, 1);
  #ratio = 1;
  #stale = true;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This machine gives the minimap no drawing surface.');
    this.#canvas = canvas;
    this.#context = context;
  }

  hide(): void {
    if (!this.#canvas.hidden) this.#canvas.hidden = true;
  }

  /** The boxes changed. */
  spoil(): void {
    this.#stale = true;
  }

  resize(ratio: number): void {
    this.#ratio = ratio;
    this.#canvas.width = this.#boxes.width = Math.round(SIZE.width * ratio);
    this.#canvas.height = this.#boxes.height = Math.round(SIZE.height * ratio);
    this.#stale = true;
  }

  /** The point of the map at a point of the minimap, given as shares of its width and height. */
  at(layout: MapLayout, share: { x: number; y: number }): { x: number; y: number } {
    const { scale, x, y } = viewOf(layout);
    return { x: (share.x * SIZE.width - x) / scale, y: (share.y * SIZE.height - y) / scale };
  }

  /** Hidden while the whole map is on the screen. */
  draw(scene: Scene, frame: Frame, look: Look): void {
    const { bounds } = scene.layout;
    const area = visible(frame.view, frame.size);
    const whole = area.x0 <= bounds.x0 && area.x1 >= bounds.x1 && area.y0 <= bounds.y0 && area.y1 >= bounds.y1;
    if (this.#canvas.hidden !== whole) this.#canvas.hidden = whole;
    if (whole) return;
    const view = viewOf(scene.layout);
    if (this.#stale) this.#stale = !this.#paintBoxes(scene, view, look);
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#boxes, 0, 0);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.strokeStyle = look.accent;
    context.lineWidth = 1.5;
    const within = (value: number, length: number): number => Math.min(length - 1, Math.max(1, value));
    const x0 = within(area.x0 * view.scale + view.x, SIZE.width);
    const y0 = within(area.y0 * view.scale + view.y, SIZE.height);
    const x1 = within(area.x1 * view.scale + view.x, SIZE.width);
    const y1 = within(area.y1 * view.scale + view.y, SIZE.height);
    context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }

  /** The boxes alone, each at least a dot: that is all a minimap can carry. */
  #paintBoxes({ layout, live }: Scene, view: View, look: Look): boolean {
    const context = this.#boxes.getContext('2d', { alpha: false });
    if (!context) return false;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.fillStyle = look.raised;
    context.fillRect(0, 0, SIZE.width, SIZE.height);
    const width = Math.max(1.5, 2 * HALF.width * view.scale);
    const height = Math.max(1, 2 * HALF.height * view.scale);
    for (const health of [HEALTHY, EARLY_WARNING, UNKNOWN, DEGRADED, FAILING]) {
      const grow = health === HEALTHY ? 0 : 1;
      context.beginPath();
      for (let v = 0; v < layout.x.length; v++) {
        if (live.health[v] !== health) continue;
        const x = layout.x[v]! * view.scale + view.x - width / 2 - grow;
        const y = layout.y[v]! * view.scale + view.y - height / 2 - grow;
        context.rect(x, y, width + 2 * grow, height + 2 * grow);
      }
      context.fillStyle = health === HEALTHY ? look.lineControl : look.health[health]!;
      context.globalAlpha = health === HEALTHY ? 0.6 : 1;
      context.fill();
    }
    context.globalAlpha = 1;
    return true;
  }
}

function viewOf({ bounds: { x0, y0, x1, y1 } }: MapLayout): View {
  const scale = Math.min(
    (SIZE.width - 2 * MARGIN) / Math.max(1, x1 - x0),
    (SIZE.height - 2 * MARGIN) / Math.max(1, y1 - y0),
  );
  return { scale, x: SIZE.width / 2 - (scale * (x0 + x1)) / 2, y: SIZE.height / 2 - (scale * (y0 + y1)) / 2 };
}
