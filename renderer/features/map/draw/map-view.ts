/**
 * The map on its canvas. Invariants: nothing is drawn unless something changed; a frame never costs more than a glance:
 * what is little is painted anew, what is much comes as a picture from the worker and only what points (hover, choice,
 * names) is drawn over it; the last picture stays until a better one is there, so the map is never blank.
 */
import type { Area, MapLayout } from '../../../../shared/domain/layout/layout.ts';
import type { Frame } from './frame.ts';
import { inkOf, lineMeets } from './lines.ts';
import type { Look } from './look.ts';
import type { Arranged, FromWorker, PictureId, ToWorker } from './messages.ts';
import { Minimap } from './minimap.ts';
import { type Standing, paintOver } from './over.ts';
import { paint } from './paint.ts';
import { type Picture, covers, drawPicture, farFrame, nearFrame } from './pictures.ts';
import { type Cast, HALF, type Live, type Scene, buildScene, linesOf, serviceAt, setLive } from './scene.ts';
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
  /** What is louder than at the time that is compared with, and what is quieter. */
  worse: readonly string[];
  better: readonly string[];
}

/** Work that a frame may do itself, in CSS pixels of line; a box counts as so many. Beyond it the worker paints. */
const AFFORDABLE = 50_000;
const BOX = 150;
/** Below this scale a service that is looked for is brought to scale CLOSE. */
const READABLE = 0.6;
const CLOSE = 0.8;
/** Least time between two pictures, ms: while the view moves; when only health changed; when it is not on the screen now. */
const SPACING = 90;
const LIVE_SPACING = 400;
const UNSEEN_SPACING = 2000;

export class MapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #minimap: Minimap;
  readonly #context: CanvasRenderingContext2D;
  readonly #worker: Worker;
  readonly #events: MapEvents;
  #look: Look;
  #size: Size = { width: 1, height: 1 };
  #ratio = 1;
  #view: View = { scale: 1, x: 0, y: 0 };
  #turn = 0;
  #laying = false;
  #next: { cast: Cast; live: Live; arrangement: Arranged; keepView: boolean } | null = null;
  #pending: { cast: Cast; live: Live; sent: Live; keepView: boolean } | null = null;
  #scene: Scene | null = null;
  #places: ReadonlyMap<string, number> = new Map();
  #emphasis: Emphasis = { current: null, selected: null, found: [], worse: [], better: [] };
  #hover = -1;
  #standing: Standing = { hover: -1, current: -1, selected: -1, found: [], worse: [], better: [], lines: [], near: [] };
  #pictures: Partial<Record<PictureId, Picture>> = {};
  #stale: Record<PictureId, boolean> = { far: true, near: true };
  #painting: PictureId | null = null;
  #askedAt = 0;
  /** How long the worker took for the last picture, ms. */
  #paintMs = 0;
  #askTimer: ReturnType<typeof setTimeout> | null = null;
  #request: number | null = null;
  #ended = false;
  #placed = false;
  #ready = false;

  constructor(canvas: HTMLCanvasElement, minimap: HTMLCanvasElement, worker: Worker, look: Look, events: MapEvents) {
    const context = canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This machine gives the map no drawing surface; the table shows the same.');
    this.#canvas = canvas;
    this.#minimap = new Minimap(minimap);
    this.#context = context;
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

  /** Whether the view is as `fit` would put it. */
  get isFitted(): boolean {
    if (!this.#scene) return false;
    const { scale, x, y } = fit(this.#scene.layout.bounds, this.#size);
    return scale === this.#view.scale && Math.abs(x - this.#view.x) < 1 && Math.abs(y - this.#view.y) < 1;
  }

  /** Another estate or another filter: lays it out. `keepView`: the same things as before, where they were. */
  setCast(cast: Cast, live: Live, arrangement: Arranged, keepView: boolean): void {
    this.#next = { cast, live, arrangement, keepView: keepView && (this.#next?.keepView ?? true) };
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
    this.#minimap.spoil();
    this.#emphasise();
    this.#invalidate();
  }

  setLook(look: Look): void {
    this.#look = look;
    this.#stale = { far: true, near: true };
    this.#minimap.spoil();
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
    // A panel that opens beside the map must not move it away under the pointer; else what was shown whole stays whole.
    const stays = this.isFitted && size.width >= before.width;
    this.#size = size;
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(size.width * ratio));
    this.#canvas.height = Math.max(1, Math.round(size.height * ratio));
    this.#minimap.resize(ratio);
    if (stays) this.fit();
    else if (this.#scene && before.width > 1) {
      const { current } = this.#standing;
      const wasSeen = current >= 0 && this.#isSeen(current, before);
      this.#moveTo(pan(this.#view, (size.width - before.width) / 2, (size.height - before.height) / 2));
      if (wasSeen) this.#show(current, false);
    }
    this.#draw();
  }

  /** Puts the view where it was left; before the first cast too. */
  restore(view: View): void {
    this.#placed = true;
    if (this.#scene) this.#moveTo(view);
    else this.#view = view;
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

  /** What is drawn, for pictures of it; null while there is nothing. */
  get scene(): Scene | null {
    return this.#scene;
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
    const { x, y } = this.#minimap.at(this.#scene.layout, share);
    const { scale } = this.#view;
    this.#moveTo({ scale, x: this.#size.width / 2 - x * scale, y: this.#size.height / 2 - y * scale });
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
    const { cast, live, arrangement, keepView } = this.#next;
    this.#next = null;
    this.#laying = true;
    this.#pending = { cast, live, sent: live, keepView };
    this.#turn++;
    this.#send({ type: 'lay', turn: this.#turn, cast, live, arrangement, same: keepView });
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
    this.#minimap.spoil();
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
    if (this.#painting === message.picture) {
      this.#painting = null;
      this.#paintMs = performance.now() - this.#askedAt;
    }
    if (message.turn !== this.#turn) {
      message.bitmap.close();
      return;
    }
    this.#pictures[message.picture]?.bitmap.close();
    this.#pictures[message.picture] = { frame: message.frame, bitmap: message.bitmap };
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
      this.#minimap.hide();
    } else {
      if (this.#affordable(scene, frame)) paint(context, scene, frame, this.#look);
      else if (!this.#drawPictures(scene, frame)) return;
      paintOver(context, scene, this.#standing, frame, this.#look);
      this.#minimap.draw(scene, frame, this.#look);
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
    else if (!exact) this.#ask('near', nearFrame(frame), near ? Math.max(SPACING, 2 * this.#paintMs) : 0);
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
    const places = (ids: readonly string[]): number[] => ids.map(place).filter((v) => v >= 0);
    const found = places(this.#emphasis.found);
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
    this.#standing = {
      hover: this.#hover,
      current,
      selected,
      found,
      worse: places(this.#emphasis.worse),
      better: places(this.#emphasis.better),
      lines: [...lines],
      near: [...near].filter((v) => !centres.has(v)),
    };
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
