/**
 * The map on its canvas. Invariants: nothing is drawn unless something changed; a frame never costs more than a glance:
 * what is little is painted anew, what is much comes as a picture from the worker and only what points (hover, choice,
 * names) is drawn over it; the last picture stays until a better one is there, so the map is never blank.
 */
import type { Area, MapLayout } from '../../../../shared/domain/layout/layout.ts';
import { HEALTHY, LOUDNESS } from '../model/graph.ts';
import { HURT } from '../model/path.ts';
import type { Look } from './look.ts';
import type { FromWorker, PictureId, ToWorker } from './messages.ts';
import {
  DASHES,
  type Frame,
  arrowheads,
  boxPath,
  detailAt,
  inkOf,
  lineMeets,
  paint,
  paintLaneNames,
  strokeAll,
} from './paint.ts';
import { type Cast, HALF, type Live, type Scene, buildScene, linesOf, serviceAt, setLive } from './scene.ts';
import { TextFitter } from './text.ts';
import { type Size, type View, farthest, fit, keepInSight, pan, reveal, toMap, visible, zoomAt } from './view.ts';

export interface MapEvents {
  /** Another cast has its places. */
  laid(): void;
  /** A cast stands on the screen for the first time. */
  ready(): void;
  failed(message: string): void;
}

/** What stands out, by service id. Services that are not shown are passed over. */
export interface Emphasis {
  current: string | null;
  selected: string | null;
  found: readonly string[];
}

/** Work that a frame may do itself, in CSS pixels of line; a box counts as so many. Beyond it the worker paints. */
const AFFORDABLE = 50_000;
const BOX = 150;
/** Below this scale a service that is looked for is brought to scale CLOSE. */
const READABLE = 0.6;
const CLOSE = 0.8;
/** Part of the screen that a near picture covers beyond each edge. */
const BEYOND = 0.25;
/** Largest picture of the whole map, device pixels. */
const FAR_PIXELS = 3_500_000;
/** Least time between two pictures, ms: while the view moves; when only health changed; when it is not on the screen now. */
const SPACING = 90;
const LIVE_SPACING = 400;
const UNSEEN_SPACING = 2000;
const MINIMAP = { width: 176, height: 112 };

interface Picture {
  frame: Frame;
  bitmap: ImageBitmap;
}

export class MapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #minimap: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #miniContext: CanvasRenderingContext2D;
  readonly #worker: Worker;
  readonly #events: MapEvents;
  readonly #fitter = new TextFitter();
  #look: Look;
  #size: Size = { width: 1, height: 1 };
  #ratio = 1;
  #view: View = { scale: 1, x: 0, y: 0 };
  #turn = 0;
  #laying = false;
  #next: { cast: Cast; live: Live; whole: boolean; keepView: boolean } | null = null;
  #pending: { cast: Cast; live: Live; sent: Live; keepView: boolean } | null = null;
  #scene: Scene | null = null;
  #places: ReadonlyMap<string, number> = new Map();
  #emphasis: Emphasis = { current: null, selected: null, found: [] };
  /** The same as places in the cast, -1 for none, with the lines and services beside them. */
  #stands = { current: -1, selected: -1, found: [] as number[], lines: [] as number[], near: [] as number[] };
  #hover = -1;
  #pictures: Partial<Record<PictureId, Picture>> = {};
  #stale: Record<PictureId, boolean> = { far: true, near: true };
  #painting: PictureId | null = null;
  #askedAt = 0;
  #askTimer: ReturnType<typeof setTimeout> | null = null;
  #mini: OffscreenCanvas | null = null;
  #miniStale = true;
  #request: number | null = null;
  #ended = false;
  #placed = false;
  #ready = false;

  constructor(canvas: HTMLCanvasElement, minimap: HTMLCanvasElement, worker: Worker, look: Look, events: MapEvents) {
    const context = canvas.getContext('2d', { alpha: false });
    const miniContext = minimap.getContext('2d', { alpha: false });
    if (!context || !miniContext)
      throw new Error('This machine gives the map no drawing surface; the table shows the same.');
    this.#canvas = canvas;
    this.#minimap = minimap;
    this.#context = context;
    this.#miniContext = miniContext;
    this.#worker = worker;
    this.#look = look;
    this.#events = events;
    worker.addEventListener('message', this.#onMessage);
    worker.addEventListener('error', this.#onError);
  }

  end(): void {
    this.#ended = true;
    if (this.#request !== null) cancelAnimationFrame(this.#request);
    if (this.#askTimer !== null) clearTimeout(this.#askTimer);
    this.#worker.terminate();
    for (const picture of Object.values(this.#pictures)) picture.bitmap.close();
  }

  get view(): View {
    return this.#view;
  }

  /** Another estate or another filter: lays it out. `keepView`: the same things as before, where they were. */
  setCast(cast: Cast, live: Live, whole: boolean, keepView: boolean): void {
    this.#next = { cast, live, whole, keepView: keepView && (this.#next?.keepView ?? true) };
    this.#lay();
  }

  /** New healths for the same cast. */
  setLive(live: Live): void {
    const waiting = this.#next ?? this.#pending;
    if (waiting) {
      waiting.live = live;
      return;
    }
    if (!this.#scene || this.#scene.live === live) return;
    setLive(this.#scene, live);
    this.#send({ type: 'live', turn: this.#turn, live });
    this.#stale = { far: true, near: true };
    this.#miniStale = true;
    this.#emphasise();
    this.#invalidate();
  }

  setLook(look: Look): void {
    this.#look = look;
    this.#stale = { far: true, near: true };
    this.#miniStale = true;
    this.#invalidate();
  }

  setEmphasis(emphasis: Emphasis): void {
    this.#emphasis = emphasis;
    this.#emphasise();
    this.#invalidate();
  }

  /** The pointer is over a service, or none (-1). */
  setHover(service: number): void {
    if (service === this.#hover) return;
    this.#hover = service;
    this.#emphasise();
    this.#invalidate();
  }

  resize(size: Size, ratio: number): void {
    if (size.width === this.#size.width && size.height === this.#size.height && ratio === this.#ratio) return;
    const before = this.#size;
    this.#size = size;
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(size.width * ratio));
    this.#canvas.height = Math.max(1, Math.round(size.height * ratio));
    this.#minimap.width = Math.round(MINIMAP.width * ratio);
    this.#minimap.height = Math.round(MINIMAP.height * ratio);
    this.#miniStale = true;
    if (this.#scene && before.width > 1) {
      const { current } = this.#stands;
      const wasSeen = current >= 0 && this.#isSeen(current, before);
      this.#moveTo(pan(this.#view, (size.width - before.width) / 2, (size.height - before.height) / 2));
      if (wasSeen) this.#show(current, false);
    }
    this.#draw();
  }

  /** Puts the view where it was left; call before the first cast. */
  restore(view: View): void {
    this.#view = view;
    this.#placed = true;
  }

  fit(): void {
    if (this.#scene) this.#moveTo(fit(this.#scene.layout.bounds, this.#size));
  }

  zoom(factor: number, at: { x: number; y: number } = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    if (this.#scene) this.#moveTo(zoomAt(this.#view, factor, at, farthest(this.#scene.layout.bounds, this.#size)));
  }

  pan(dx: number, dy: number): void {
    this.#moveTo(pan(this.#view, dx, dy));
  }

  /** Brings a service onto the screen; when `close`, near enough to read. False when it has no place (yet). */
  show(service: string, close: boolean): boolean {
    const place = this.#places.get(service);
    if (place === undefined || this.#laying || this.#next) return false;
    this.#show(place, close);
    return true;
  }

  /** Middle of a shown service's box, map units. */
  place(service: string): { x: number; y: number } | null {
    const place = this.#places.get(service);
    return place === undefined || !this.#scene
      ? null
      : { x: this.#scene.layout.x[place]!, y: this.#scene.layout.y[place]! };
  }

  #show(service: number, close: boolean): void {
    if (!this.#scene) return;
    const { x, y } = this.#scene.layout;
    let view = this.#view;
    if (close && view.scale < READABLE) {
      view = {
        scale: CLOSE,
        x: this.#size.width / 2 - CLOSE * x[service]!,
        y: this.#size.height / 2 - CLOSE * y[service]!,
      };
    }
    this.#moveTo(reveal(view, boxOf(this.#scene, service), this.#size, 48));
  }

  #isSeen(service: number, size: Size): boolean {
    const box = boxOf(this.#scene!, service);
    const area = visible(this.#view, size);
    return box.x1 > area.x0 && box.x0 < area.x1 && box.y1 > area.y0 && box.y0 < area.y1;
  }

  /** The service at a point of the canvas, CSS pixels; -1 for none. */
  at(point: { x: number; y: number }): number {
    return this.#scene ? serviceAt(this.#scene, toMap(this.#view, point), 6 / this.#view.scale) : -1;
  }

  /** Middle of the screen in map units. */
  middle(): { x: number; y: number } {
    return toMap(this.#view, { x: this.#size.width / 2, y: this.#size.height / 2 });
  }

  /** Centres the view on a point of the minimap, given as shares of its width and height. */
  centreOnMinimap(share: { x: number; y: number }): void {
    if (!this.#scene) return;
    const { scale, x, y } = this.#miniView();
    const point = { x: (share.x * MINIMAP.width - x) / scale, y: (share.y * MINIMAP.height - y) / scale };
    this.#moveTo({
      scale: this.#view.scale,
      x: this.#size.width / 2 - point.x * this.#view.scale,
      y: this.#size.height / 2 - point.y * this.#view.scale,
    });
  }

  readonly #onMessage = ({ data }: MessageEvent<FromWorker>): void => {
    if (this.#ended) {
      if (data.type === 'painted') data.bitmap.close();
      return;
    }
    if (data.type === 'failed') {
      this.#laying = false;
      this.#painting = null;
      this.#events.failed(data.message);
    } else if (data.type === 'laid') this.#laid(data.layout);
    else this.#painted(data);
  };

  readonly #onError = (event: ErrorEvent): void => {
    this.#events.failed(event.message || 'The map’s worker could not be started.');
  };

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #lay(): void {
    if (this.#laying || !this.#next) return;
    const { cast, live, whole, keepView } = this.#next;
    this.#next = null;
    this.#laying = true;
    this.#pending = { cast, live, sent: live, keepView };
    this.#turn++;
    this.#send({ type: 'lay', turn: this.#turn, cast, live, whole, same: keepView });
  }

  #laid(layout: MapLayout): void {
    this.#laying = false;
    const { cast, live, sent, keepView } = this.#pending!;
    this.#pending = null;
    if (this.#next) {
      const next = this.#next;
      next.keepView &&= keepView;
      this.#lay();
      return;
    }
    this.#scene = buildScene(cast, layout, live);
    if (live !== sent) this.#send({ type: 'live', turn: this.#turn, live });
    for (const picture of Object.values(this.#pictures)) picture.bitmap.close();
    this.#pictures = {};
    this.#stale = { far: true, near: true };
    this.#painting = null;
    this.#miniStale = true;
    this.#places = new Map(cast.ids.map((id, v) => [id, v]));
    this.#hover = -1;
    this.#emphasise();
    if (!this.#placed || !keepView) this.fit();
    this.#placed = true;
    this.#ready = false;
    this.#events.laid();
    this.#invalidate();
  }

  #painted(message: Extract<FromWorker, { type: 'painted' }>): void {
    if (this.#painting === message.picture) this.#painting = null;
    if (message.turn !== this.#turn) {
      message.bitmap.close();
      return;
    }
    this.#pictures[message.picture]?.bitmap.close();
    this.#pictures[message.picture] = { frame: message.frame, bitmap: message.bitmap };
    if (message.picture === 'far') this.#miniStale = true;
    this.#invalidate();
  }

  #moveTo(view: View): void {
    const kept = this.#scene ? keepInSight(view, this.#scene.layout.bounds, this.#size) : view;
    this.#view = {
      scale: kept.scale,
      x: Math.round(kept.x * this.#ratio) / this.#ratio,
      y: Math.round(kept.y * this.#ratio) / this.#ratio,
    };
    this.#invalidate();
  }

  #invalidate(): void {
    if (this.#request !== null || this.#ended) return;
    this.#request = requestAnimationFrame(() => {
      this.#request = null;
      this.#draw();
    });
  }

  #draw(): void {
    const scene = this.#scene;
    const context = this.#context;
    const frame: Frame = { view: this.#view, size: this.#size, ratio: this.#ratio };
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    if (!scene || scene.cast.ids.length === 0) {
      context.fillStyle = this.#look.ground;
      context.fillRect(0, 0, this.#size.width, this.#size.height);
      this.#minimap.hidden = true;
    } else {
      if (this.#affordable(scene, frame)) paint(context, scene, frame, this.#look);
      else if (!this.#drawPictures(scene, frame)) return;
      this.#drawOver(scene, frame);
      this.#drawMinimap(scene);
    }
    if (!scene || this.#ready) return;
    this.#ready = true;
    this.#events.ready();
  }

  #affordable(scene: Scene, frame: Frame): boolean {
    const { lines, layout } = scene;
    const area = visible(frame.view, frame.size);
    let cost = 0;
    for (let v = 0; v < layout.x.length; v++) {
      const x = layout.x[v]!;
      const y = layout.y[v]!;
      if (
        x + HALF.width > area.x0 &&
        x - HALF.width < area.x1 &&
        y + HALF.height > area.y0 &&
        y - HALF.height < area.y1
      )
        cost += BOX;
    }
    for (let i = 0; i < lines.x0.length && cost <= AFFORDABLE; i++) {
      if (lineMeets(lines, i, area.x0, area.y0, area.x1, area.y1)) cost += inkOf(lines, i, frame);
    }
    return cost <= AFFORDABLE;
  }

  /** False while there is no picture at all. */
  #drawPictures(scene: Scene, frame: Frame): boolean {
    const { near, far } = this.#pictures;
    const covered = near !== undefined && covers(near, frame);
    const exact = covered && near.frame.view.scale === frame.view.scale && near.frame.ratio === frame.ratio;
    if (!far) this.#ask('far', farFrame(scene.layout.bounds, this.#size, this.#ratio), 0);
    else if (!exact) this.#ask('near', nearFrame(frame), near ? SPACING : 0);
    else if (this.#stale.near) this.#ask('near', nearFrame(frame), LIVE_SPACING);
    else if (this.#stale.far) this.#ask('far', farFrame(scene.layout.bounds, this.#size, this.#ratio), UNSEEN_SPACING);
    if (!near && !far) return false;
    if (!covered) {
      this.#context.fillStyle = this.#look.ground;
      this.#context.fillRect(0, 0, frame.size.width, frame.size.height);
      if (far) drawPicture(this.#context, far, frame);
    }
    if (near) drawPicture(this.#context, near, frame);
    return true;
  }

  /** Asks for a picture, one at a time and not too often; while that waits, the newest wish wins at the next frame. */
  #ask(picture: PictureId, frame: Frame, spacing: number): void {
    if (this.#askTimer !== null) clearTimeout(this.#askTimer);
    this.#askTimer = null;
    if (this.#painting !== null) return;
    const wait = this.#askedAt + spacing - performance.now();
    if (wait > 0) {
      this.#askTimer = setTimeout(() => {
        this.#askTimer = null;
        this.#invalidate();
      }, wait);
      return;
    }
    this.#painting = picture;
    this.#stale[picture] = false;
    this.#askedAt = performance.now();
    this.#send({ type: 'paint', turn: this.#turn, picture, frame, look: this.#look });
  }

  #emphasise(): void {
    const scene = this.#scene;
    if (!scene) return;
    const place = (id: string | null): number => (id === null ? -1 : (this.#places.get(id) ?? -1));
    const current = place(this.#emphasis.current);
    const selected = place(this.#emphasis.selected);
    const found = this.#emphasis.found.map(place).filter((v) => v >= 0);
    const centres = new Set([this.#hover, current, selected].filter((v) => v >= 0));
    const lines = new Set<number>();
    const near = new Set<number>();
    if (centres.size > 0) {
      for (let e = 0; e < scene.cast.from.length; e++) {
        const a = scene.cast.from[e]!;
        const b = scene.cast.to[e]!;
        if (!centres.has(a) && !centres.has(b)) continue;
        for (const line of linesOf(scene, e)) lines.add(line);
        near.add(a).add(b);
      }
    }
    this.#stands = { current, selected, found, lines: [...lines], near: [...near].filter((v) => !centres.has(v)) };
  }

  #drawOver(scene: Scene, frame: Frame): void {
    const context = this.#context;
    const look = this.#look;
    const { view } = frame;
    const area = visible(view, frame.size);
    const { lines, layout } = scene;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    const seen = this.#stands.lines.filter((i) => lineMeets(lines, i, area.x0, area.y0, area.x1, area.y1));
    if (seen.length > 0) {
      context.strokeStyle = context.fillStyle = look.text;
      const plain = seen.length > 400;
      for (const dash of [0, 1, 2]) {
        context.lineWidth = plain ? 1 : 2;
        const dashes = plain || detailAt(view.scale) === 'block' ? [] : DASHES[dash]!;
        context.setLineDash(dashes);
        const alike = seen.filter((i) => lines.style[i]! >> 1 === dash && lines.state[i] !== HURT);
        strokeAll(context, lines, alike, frame, false, dashes);
      }
      context.setLineDash([]);
      if (detailAt(view.scale) !== 'block')
        arrowheads(
          context,
          lines,
          seen.filter((i) => lines.state[i] !== HURT),
          view,
          9,
        );
    }
    const outline = (v: number, color: string, width: number, gap: number): void => {
      const w = Math.max(6, 2 * HALF.width * view.scale);
      const h = Math.max(6, 2 * HALF.height * view.scale);
      context.beginPath();
      boxPath(
        context,
        0,
        layout.x[v]! * view.scale + view.x - w / 2 - gap,
        layout.y[v]! * view.scale + view.y - h / 2 - gap,
        w + 2 * gap,
        h + 2 * gap,
      );
      context.strokeStyle = color;
      context.lineWidth = width;
      context.stroke();
    };
    for (const v of this.#stands.near) outline(v, look.text, 1, 1);
    for (const v of this.#stands.found) outline(v, look.accent, 1.5, 2);
    const { selected, current } = this.#stands;
    const hover = this.#hover;
    if (hover >= 0) outline(hover, look.text, 2, 2);
    if (selected >= 0) outline(selected, look.accent, 2.5, 2);
    if (current >= 0) outline(current, look.accent, 2.5, current === selected ? 2 : 5);
    if (detailAt(view.scale) === 'block') this.#drawNames(scene, frame, area);
    else if (detailAt(view.scale) === 'label' && hover >= 0) this.#drawTip(scene, frame, hover);
    paintLaneNames(context, scene, frame, look, this.#fitter);
  }

  /** From afar: the names of what is hurt, and of what is pointed at, as far as there is room. */
  #drawNames(scene: Scene, { view, size }: Frame, area: Area): void {
    const { layout, live, cast } = scene;
    const { selected, current } = this.#stands;
    const pointed = [this.#hover, selected, current].filter((v) => v >= 0);
    const candidates: number[] = [];
    for (let v = 0; v < live.health.length; v++) {
      if (live.health[v] === HEALTHY) continue;
      if (layout.x[v]! < area.x0 || layout.x[v]! > area.x1 || layout.y[v]! < area.y0 || layout.y[v]! > area.y1)
        continue;
      candidates.push(v);
    }
    candidates.sort(
      (a, b) =>
        LOUDNESS[live.health[b]!]! - LOUDNESS[live.health[a]!]! || (cast.tier[a] || 9) - (cast.tier[b] || 9) || a - b,
    );
    const context = this.#context;
    const font = `600 13px ${this.#look.family}`;
    context.font = font;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const taken: Area[] = [];
    for (const v of new Set([...pointed, ...candidates.slice(0, 120)])) {
      const text = this.#fitter.fit(context, font, cast.names[v]!, 180);
      const width = context.measureText(text).width;
      const beside = Math.max(9, HALF.width * view.scale) + 5;
      const centre = layout.x[v]! * view.scale + view.x;
      const x = centre + beside + width > size.width - 4 ? centre - beside - width : centre + beside;
      const y = layout.y[v]! * view.scale + view.y;
      const box = { x0: x - 3, y0: y - 9, x1: x + width + 3, y1: y + 9 };
      if (
        !pointed.includes(v) &&
        taken.some((other) => box.x0 < other.x1 && box.x1 > other.x0 && box.y0 < other.y1 && box.y1 > other.y0)
      )
        continue;
      taken.push(box);
      context.globalAlpha = 0.85;
      context.fillStyle = this.#look.ground;
      context.fillRect(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0);
      context.globalAlpha = 1;
      context.fillStyle = this.#look.health[live.health[v]!]!;
      context.fillText(text, x, y);
      if (taken.length >= 40) break;
    }
  }

  /** The whole name of a service that is pointed at, above its box, where the box is too small for it. */
  #drawTip(scene: Scene, { view, size }: Frame, v: number): void {
    const context = this.#context;
    const font = `600 14px ${this.#look.family}`;
    context.font = font;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    const text = this.#fitter.fit(context, font, scene.cast.names[v]!, 420);
    const width = context.measureText(text).width + 16;
    const x = Math.max(4, Math.min(size.width - width - 4, (scene.layout.x[v]! - HALF.width) * view.scale + view.x));
    const above = (scene.layout.y[v]! - HALF.height) * view.scale + view.y - 34;
    const y = above > 32 ? above : (scene.layout.y[v]! + HALF.height) * view.scale + view.y + 8;
    context.fillStyle = this.#look.ground;
    context.fillRect(x, y, width, 26);
    context.strokeStyle = this.#look.lineControl;
    context.lineWidth = 1;
    context.strokeRect(x + 0.5, y + 0.5, width - 1, 25);
    context.fillStyle = this.#look.text;
    context.fillText(text, x + 8, y + 13.5);
  }

  #miniView(): View {
    const { x0, y0, x1, y1 } = this.#scene!.layout.bounds;
    const scale = Math.min((MINIMAP.width - 12) / Math.max(1, x1 - x0), (MINIMAP.height - 12) / Math.max(1, y1 - y0));
    return { scale, x: MINIMAP.width / 2 - (scale * (x0 + x1)) / 2, y: MINIMAP.height / 2 - (scale * (y0 + y1)) / 2 };
  }

  #drawMinimap(scene: Scene): void {
    const { bounds } = scene.layout;
    const area = visible(this.#view, this.#size);
    const whole = area.x0 <= bounds.x0 && area.x1 >= bounds.x1 && area.y0 <= bounds.y0 && area.y1 >= bounds.y1;
    if (this.#minimap.hidden !== whole) this.#minimap.hidden = whole;
    if (whole) return;
    const view = this.#miniView();
    if (this.#miniStale || !this.#mini) {
      this.#mini ??= new OffscreenCanvas(1, 1);
      this.#mini.width = this.#minimap.width;
      this.#mini.height = this.#minimap.height;
      this.#miniStale = !this.#paintMini(scene, view);
    }
    const context = this.#miniContext;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#mini, 0, 0);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.strokeStyle = this.#look.accent;
    context.lineWidth = 1.5;
    const clampX = (value: number): number => Math.min(MINIMAP.width - 1, Math.max(1, value * view.scale + view.x));
    const clampY = (value: number): number => Math.min(MINIMAP.height - 1, Math.max(1, value * view.scale + view.y));
    context.strokeRect(
      clampX(area.x0),
      clampY(area.y0),
      clampX(area.x1) - clampX(area.x0),
      clampY(area.y1) - clampY(area.y0),
    );
  }

  /** The boxes alone, each at least a dot: that is all a minimap can carry. */
  #paintMini(scene: Scene, view: View): boolean {
    const context = this.#mini!.getContext('2d', { alpha: false });
    if (!context) return false;
    const { layout, live } = scene;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.fillStyle = this.#look.raised;
    context.fillRect(0, 0, MINIMAP.width, MINIMAP.height);
    const width = Math.max(1.5, 2 * HALF.width * view.scale);
    const height = Math.max(1, 2 * HALF.height * view.scale);
    for (const health of [0, 1, 4, 2, 3]) {
      const grow = health === HEALTHY ? 0 : 1;
      context.beginPath();
      for (let v = 0; v < layout.x.length; v++) {
        if (live.health[v] !== health) continue;
        context.rect(
          layout.x[v]! * view.scale + view.x - width / 2 - grow,
          layout.y[v]! * view.scale + view.y - height / 2 - grow,
          width + 2 * grow,
          height + 2 * grow,
        );
      }
      context.fillStyle = health === HEALTHY ? this.#look.lineControl : this.#look.health[health]!;
      context.globalAlpha = health === HEALTHY ? 0.6 : 1;
      context.fill();
    }
    context.globalAlpha = 1;
    return true;
  }
}

function boxOf({ layout: { x, y } }: Scene, service: number): Area {
  return {
    x0: x[service]! - HALF.width,
    y0: y[service]! - HALF.height,
    x1: x[service]! + HALF.width,
    y1: y[service]! + HALF.height,
  };
}

function farFrame(bounds: Area, size: Size, ratio: number): Frame {
  const view = fit(bounds, size);
  const grow = Math.min(1.6, Math.max(1, Math.sqrt(FAR_PIXELS / (size.width * size.height * ratio * ratio))));
  return {
    view: { scale: view.scale * grow, x: view.x * grow, y: view.y * grow },
    size: { width: Math.ceil(size.width * grow), height: Math.ceil(size.height * grow) },
    ratio,
  };
}

function nearFrame({ view, size, ratio }: Frame): Frame {
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

function covers(picture: Picture, frame: Frame): boolean {
  const { x, y, grow } = placed(picture, frame);
  const { width, height } = picture.frame.size;
  return x <= 0 && y <= 0 && x + width * grow >= frame.size.width && y + height * grow >= frame.size.height;
}

/** Draws the part of a picture that is on the screen; at its own scale exactly pixel by pixel. */
function drawPicture(context: CanvasRenderingContext2D, picture: Picture, frame: Frame): void {
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
