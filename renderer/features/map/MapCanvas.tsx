/**
 * The canvas in React. Invariant: React never draws a frame; it hands over what to show and hears what was pointed at.
 * Keys and the table do everything that the pointer does.
 */
import { useEffect, useEffectEvent, useRef } from 'react';
import { readLook } from './draw/look.ts';
import { type Emphasis, MapView } from './draw/map-view.ts';
import type { Arranged } from './draw/messages.ts';
import type { View } from './draw/view.ts';
import styles from './Map.module.css';
import type { Casting } from './model/cast.ts';
import type { Live } from './draw/scene.ts';

export interface MapCanvasProps {
  casting: Casting;
  live: Live;
  arrangement: Arranged;
  /** Changes when the view should be fitted anew: another filter. */
  frame: unknown;
  emphasis: Emphasis;
  label: string;
  description: string;
  /** Where the view was left. */
  camera: View | null;
  onPick(service: number): void;
  onLaid(): void;
  onReady(): void;
  onFailed(message: string): void;
  /** Null: it was fitted, and is fitted again for whatever size the window has then. */
  onLeave(view: View | null): void;
  /** The map while it is drawn, null afterwards. */
  onView(view: MapView | null): void;
}

/** Pointer travel that still counts as a click, CSS pixels. */
const CLICK = 4;
/** Zoom per pixel of wheel travel, natural logarithm. */
const WHEEL = 0.0016;

export function MapCanvas(props: MapCanvasProps) {
  const { casting, live, arrangement, frame, emphasis, label, description, camera } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLCanvasElement>(null);
  const view = useRef<MapView | null>(null);
  const lastFrame = useRef<unknown>(undefined);

  const onView = useEffectEvent((now: MapView | null) => props.onView(now));
  const onLaid = useEffectEvent(() => props.onLaid());
  const onReady = useEffectEvent(() => props.onReady());
  const onFailed = useEffectEvent((message: string) => props.onFailed(message));
  const onPick = useEffectEvent((service: number) => props.onPick(service));
  const onLeave = useEffectEvent((left: View | null) => props.onLeave(left));
  const restore = useEffectEvent((mapView: MapView) => camera !== null && mapView.restore(camera));
  /** Whether the view stays where it is for a cast under this frame. */
  const staysFor = useEffectEvent((next: unknown) =>
    lastFrame.current === undefined ? camera !== null : lastFrame.current === next,
  );
  const liveNow = useEffectEvent(() => live);

  useEffect(() => {
    const surface = canvas.current!;
    const stage = box.current!;
    let mapView: MapView;
    try {
      const worker = new Worker(new URL('../../workers/map.ts', import.meta.url), { type: 'module', name: 'map' });
      mapView = new MapView(surface, minimap.current!, worker, readLook(surface), {
        laid: () => onLaid(),
        ready: () => onReady(),
        failed: (message) => onFailed(message),
      });
    } catch (cause) {
      onFailed(cause instanceof Error ? cause.message : String(cause));
      return undefined;
    }
    view.current = mapView;
    restore(mapView);
    onView(mapView);
    const measure = (): void => {
      const { clientWidth, clientHeight } = stage;
      if (clientWidth > 0 && clientHeight > 0)
        mapView.resize({ width: clientWidth, height: clientHeight }, window.devicePixelRatio);
    };
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(stage);
    const relook = (): void => mapView.setLook(readLook(surface));
    const themed = new MutationObserver(relook);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-density'] });
    document.fonts.addEventListener('loadingdone', relook);
    const stopWatching = watchRatio(measure);
    const stopPointing = point(surface, minimap.current!, mapView, (service) => onPick(service));
    return () => {
      onLeave(mapView.isFitted ? null : mapView.view);
      onView(null);
      resized.disconnect();
      themed.disconnect();
      document.fonts.removeEventListener('loadingdone', relook);
      stopWatching();
      stopPointing();
      mapView.end();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const stays = staysFor(frame);
    lastFrame.current = frame;
    view.current?.setCast(casting.cast, liveNow(), arrangement, stays);
  }, [casting, arrangement, frame]);
  useEffect(() => view.current?.setLive(live), [live]);
  useEffect(() => view.current?.setEmphasis(emphasis), [emphasis]);

  return (
    <div ref={box} className={styles.canvasBox}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        tabIndex={0}
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- the map takes the arrow keys itself
        role="application"
        aria-label={label}
        aria-describedby="map-description"
        data-testid="map-canvas"
      />
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
function point(
  canvas: HTMLCanvasElement,
  minimap: HTMLCanvasElement,
  view: MapView,
  pick: (service: number) => void,
): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let drag: { x: number; y: number; moved: boolean } | null = null;
  const at = (event: MouseEvent): { x: number; y: number } => ({ x: event.offsetX, y: event.offsetY });
  const hoverOver = (service: number): void => {
    canvas.dataset['over'] = service >= 0 ? 'service' : 'ground';
    view.setHover(service);
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
    if (drag && !drag.moved && event.type === 'pointerup' && event.button === 0) pick(view.at(at(event)));
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
      const unit =
        event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
      if (event.shiftKey)
        view.pan(-(event.deltaX || event.deltaY) * unit, event.deltaX === 0 ? 0 : -event.deltaY * unit);
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
