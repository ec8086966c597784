/** What the window and the map's worker say to each other. A `turn` names the cast that a message is about; answers to an old turn are dropped. */
import type { MapLayout } from '../../../../shared/domain/layout/layout.ts';
import type { Look } from './look.ts';
import type { Frame } from './frame.ts';
import type { Cast, Live } from './scene.ts';

export interface Arranged {
  /** Names lanes and groups: what stands under one name has places that go together. */
  key: string;
  /** The cast is the whole estate, whose places are kept for the next time. */
  whole: boolean;
  /** Grows when a person asks for a layout that owes nothing to the one before. */
  anew: number;
}

/** `same`: the filter is that of the cast before. */
export type ToWorker =
  | { type: 'lay'; turn: number; cast: Cast; live: Live; arrangement: Arranged; same: boolean }
  | { type: 'live'; turn: number; live: Live }
  | { type: 'paint'; turn: number; picture: PictureId; frame: Frame; look: Look };

/** `far`: the whole map, small; `near`: what is seen and some way around it. */
export type PictureId = 'far' | 'near';

export type FromWorker =
  | { type: 'laid'; turn: number; layout: MapLayout }
  | { type: 'painted'; turn: number; picture: PictureId; frame: Frame; bitmap: ImageBitmap }
  | { type: 'failed'; turn: number; message: string };
