/**
 * The canvas in React. Invariant: React never draws a frame; it hands over what to show and hears what was pointed at.
 * Keys and the table do everything that the pointer does.
 */
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { readLook } from './draw/look.ts';
import { type Emphasis, MapView } from './draw/map-view.ts';
import type { View } from './draw/view.ts';
import styles from './Map.module.css';
import type { Casting } from './model/cast.ts';
import type { Live } from './draw/scene.ts';

export interface MapCanvasProps {
  casting: Casting;
  live: Live;
  /** The cast is the whole estate. */
  whole: boolean;
  /** Changes when the view should be fitted anew: another filter. */
  frame: unknown;
  emphasis: Emphasis;
  label: string;
  description: string;
  /** Where the view was left. */
  camera: View | null;
  onHover(service: number): void;
  onPick(service: number): void;
  onReady(): void;
  onFailed(message: string): void;
  onLeave(view: View): void;
  /** Set while the map is drawn. */
  view: RefObject<MapView | null>;
}

/** Pointer travel that still counts as a click, CSS pixels. */
const CLICK = 4;
/** Zoom per pixel of wheel travel, natural logarithm. */
const WHEEL = 0.0016;

export function MapCanvas(props: MapCanvasProps) {
  const { casting, live, whole, frame, emphasis, label, description, view } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    let mapView: MapView;
    try {
      const worker = new Worker(new URL('../../workers/map.ts', import.meta.url), { type: 'module', name: 'map' });
      mapView = new MapView(canvas.current!, minimap.current!, worker, readLook(canvas.current!), {
        hover: (service) => latest.current.onHover(service),
        pick: (service) => latest.current.onPick(service),
        ready: () => latest.current.onReady(),
        failed: (message) => latest.current.onFailed(message),
      });
    } catch (cause) {
      latest.current.onFailed(cause instanceof Error ? cause.message : String(cause));
      return undefined;
    }
    view.current = mapView;
    if (latest.current.camera) mapView.restore(latest.current.camera);
    const measure = (): void => {
      const { clientWidth, clientHeight } = box.current!;
      if (clientWidth > 0 && clientHeight > 0) mapView.resize({ width: clientWidth, height: clientHeight }, window.devicePixelRatio);
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(box.current!);
    const themed = new MutationObserver(() => mapView.setLook(readLook(canvas.current!)));
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-density'] });
    const stopWatching = watchRatio(measure);
    let over = false;
    void document.fonts.ready.then(() => over || mapView.setLook(readLook(canvas.current!)));
    const stopPointing = point(canvas.current!, minimap.current!, mapView, latest);
    return () => {
      over = true;
      latest.current.onLeave(mapView.view);
      resized.disconnect();
      themed.disconnect();
      stopWatching();
      stopPointing();
      mapView.end();
      view.current = null;
    };
  }, [view]);

  const lastFrame = useRef<unknown>(undefined);
  useEffect(() => {
    const same = lastFrame.current === frame || (lastFrame.current === undefined && latest.current.camera !== null);
    lastFrame.current = frame;
    view.current?.setCast(casting.cast, latest.current.live, whole, same);
  }, [view, casting, whole, frame]);
  useEffect(() => view.current?.setLive(live), [view, live]);
  useEffect(() => view.current?.setEmphasis(emphasis), [view, emphasis]);

  return (
    <div ref={box} className={styles.canvasBox}>
      <canvas ref={canvas} className={styles.canvas} tabIndex={0} role="application" aria-label={label} aria-describedby="map-description" data-testid="map-canvas" />
      <p id="map-description" className="visually-hidden">
        {description}
      </p>
      <canvas ref={minimap} className={styles.minimap} aria-hidden="true" hidden data-testid="minimap" />
    </div>
  );
}

/** Calls back when the window moves to a screen of another density. */
function watchRatio(changed: () => void): () => void {
  let query: MediaQueryList | null = null;
  const watch = (): void => {
    query?.removeEventListener('change', watch);
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', watch);
    changed();
  };
  watch();
  return () => query?.removeEventListener('change', watch);
}

/** Drag, wheel, hover and click. */
function point(canvas: HTMLCanvasElement, minimap: HTMLCanvasElement, view: MapView, latest: { current: MapCanvasProps }): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let drag: { x: number; y: number; moved: boolean } | null = null;
  let hover = -1;
  const at = (event: MouseEvent): { x: number; y: number } => ({ x: event.offsetX, y: event.offsetY });
  const hoverOver = (service: number): void => {
    if (service === hover) return;
    hover = service;
    canvas.dataset['over'] = service >= 0 ? 'service' : 'ground';
    latest.current.onHover(service);
  };
  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 && event.button !== 1) return;
      drag = { x: event.clientX, y: event.clientY, moved: false };
      canvas.setPointerCapture(event.pointerId);
    },
    options,
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (!drag) {
        hoverOver(view.at(at(event)));
        return;
      }
      const dx = event.clientX - drag.x;
      const dy = event.clientY - drag.y;
      if (!drag.moved && Math.hypot(dx, dy) < CLICK) return;
      canvas.dataset['drag'] = 'on';
      view.pan(dx, dy);
      drag = { x: event.clientX, y: event.clientY, moved: true };
    },
    options,
  );
  const drop = (event: PointerEvent): void => {
    if (drag && !drag.moved && event.type === 'pointerup' && event.button === 0) latest.current.onPick(view.at(at(event)));
    drag = null;
    delete canvas.dataset['drag'];
  };
  canvas.addEventListener('pointerup', drop, options);
  canvas.addEventListener('pointercancel', drop, options);
  canvas.addEventListener('pointerleave', () => hoverOver(-1), options);
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
      if (event.shiftKey) view.pan(-(event.deltaX || event.deltaY) * unit, event.deltaX === 0 ? 0 : -event.deltaY * unit);
      else view.zoom(Math.exp(-event.deltaY * unit * (event.ctrlKey ? 4 : 1) * WHEEL), at(event));
    },
    { ...options, passive: false },
  );
  const centre = (event: PointerEvent): void => {
    const { left, top, width, height } = minimap.getBoundingClientRect();
    view.centreOnMinimap({ x: (event.clientX - left) / width, y: (event.clientY - top) / height });
  };
  minimap.addEventListener(
    'pointerdown',
    (event) => {
      minimap.setPointerCapture(event.pointerId);
      centre(event);
    },
    options,
  );
  minimap.addEventListener(
    'pointermove',
    (event) => {
      if (minimap.hasPointerCapture(event.pointerId)) centre(event);
    },
    options,
  );
  return () => listening.abort();
}
