/**
 * Lays the map out and paints pictures of it off the main thread. Invariant: keeps no more than the newest cast and where
 * things stood; a map that was seen before comes back as it was.
 */
import interLatinExtended from '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?url';
import interLatin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url';
import { type LayoutNode, type Places, layoutMap, placesOf } from '../../shared/domain/layout/layout.ts';
import type { FromWorker, ToWorker } from '../features/map/draw/messages.ts';
import { paint } from '../features/map/draw/paint.ts';
import { type Scene, buildScene, setLive } from '../features/map/draw/scene.ts';
import { loadPlaces, savePlaces } from './places.ts';

declare const self: {
  readonly fonts: FontFaceSet;
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
};

let turn = 0;
let scene: Scene | null = null;
/** Places of the whole estate by arrangement, and of what was shown last. */
const kept = new Map<string, Places>();
let last: Places | null = null;
let anew = 0;
const surfaces = new Map<string, OffscreenCanvas>();

/** A worker has no style sheet: it loads the faces itself; letters that they lack come from the system, as on the page. */
const fonts = [
  new FontFace('Inter Variable', `url(${interLatin}) format('woff2')`, { weight: '100 900' }),
  new FontFace('Inter Variable', `url(${interLatinExtended}) format('woff2')`, {
    weight: '100 900',
    unicodeRange: 'U+0100-02BA, U+1E00-1E9F, U+1EF2-1EFF, U+2C60-2C7F',
  }),
];
const fontsReady = Promise.allSettled(fonts.map(async (face) => self.fonts.add(await face.load())));

const answer = (message: FromWorker, transfer: Transferable[] = []): void => self.postMessage(message, transfer);

async function take(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'lay': {
      const { cast, live } = message;
      const nodes = cast.ids.map((id, i): LayoutNode => ({ id, lane: cast.lane[i]!, group: cast.groups[i]! }));
      const { key, whole } = message.arrangement;
      if (message.arrangement.anew !== anew) {
        anew = message.arrangement.anew;
        kept.clear();
        last = null;
      } else if (!kept.has(key)) {
        const before = await loadPlaces(key);
        if (before) kept.set(key, before);
      }
      const before = kept.get(key) ?? last;
      const known = !whole && message.same ? (last ?? before) : before;
      const keep = whole || (message.same && last) ? 'places' : 'order';
      const layout = layoutMap({
        nodes,
        from: cast.from,
        to: cast.to,
        hints: known ? { places: known, keep } : undefined,
      });
      last = placesOf(nodes, layout);
      if (whole) {
        kept.set(key, last);
        void savePlaces(key, last);
      }
      turn = message.turn;
      scene = buildScene(cast, layout, live);
      answer({ type: 'laid', turn, layout });
      return;
    }
    case 'live':
      if (scene && message.turn === turn) setLive(scene, message.live);
      return;
    case 'paint': {
      const { frame, picture, look } = message;
      if (!scene || message.turn !== turn) return;
      await fontsReady;
      const width = Math.max(1, Math.round(frame.size.width * frame.ratio));
      const height = Math.max(1, Math.round(frame.size.height * frame.ratio));
      let surface = surfaces.get(picture);
      if (!surface) surfaces.set(picture, (surface = new OffscreenCanvas(width, height)));
      if (surface.width !== width || surface.height !== height) {
        surface.width = width;
        surface.height = height;
      }
      const context = surface.getContext('2d', { alpha: false });
      if (!context) throw new Error('This machine gives the map no drawing surface.');
      paint(context, scene, frame, look);
      const bitmap = surface.transferToImageBitmap();
      answer({ type: 'painted', turn, picture, frame, bitmap }, [bitmap]);
    }
  }
}

let work: Promise<void> = Promise.resolve();

self.addEventListener('message', ({ data }) => {
  work = work
    .then(() => take(data))
    .catch((cause: unknown) =>
      answer({ type: 'failed', turn: data.turn, message: cause instanceof Error ? cause.message : String(cause) }),
    );
});
