/** Which part of the screen takes the files that are dragged onto the window; without one, only bundles and incidents are taken. */
import { create } from 'zustand';

export interface DroppedFile {
  path: string;
  name: string;
  /** Bytes. */
  size: number;
}

export interface Taker {
  /** What the drop does, over the screen while something is dragged. */
  lead: string;
  /** `refused` says what was dropped besides and is not taken. */
  take(files: readonly DroppedFile[], refused: readonly string[]): void;
}

export const useDrops = create<{ taker: Taker | null }>(() => ({ taker: null }));
