/**
 * What the preload hands to the renderer as `window.holdfast`, and nothing else. Invariant: every member takes and
 * returns plain data; a refusal is a value, never a thrown error; a subscription returns the function that ends it.
 */
import type { Changed, Reply } from './spec.ts';
import type { Input, Name, Output } from './table.ts';

/** Whether the data engine can answer. `fatal`: it will not start again by itself; `message` says why in one sentence. */
export interface EngineStatus {
  state: 'starting' | 'ready' | 'restarting' | 'fatal';
  message: string | null;
  /** Since when it is so, ms since 1970 UTC. */
  since: number;
}

/** What a menu item or an accelerator asks the window to do. */
export type MenuAction =
  | { do: 'go'; screen: string }
  | { do: 'declare' }
  | { do: 'palette' }
  | { do: 'keys' }
  | { do: 'back' }
  | { do: 'import-catalog' }
  | { do: 'export-catalog' };

export interface Bridge {
  readonly platform: 'darwin' | 'linux' | 'win32';
  call<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>>;
  onChanged(listener: (changed: Changed) => void): () => void;
  engine(): Promise<EngineStatus>;
  onEngine(listener: (status: EngineStatus) => void): () => void;
  onMenu(listener: (action: MenuAction) => void): () => void;
  /** Asks the person for files and folders (`catalog`) or for one folder; empty when they cancelled. */
  choosePaths(kind: 'catalog' | 'folder'): Promise<string[]>;
  /** Opens an https, mailto or tel address outside; refused when it is anything else. */
  openExternal(url: string): Promise<Reply<Record<string, never>>>;
  /** Shows the data folder, or a file in it, in the file manager. */
  showInFolder(path: string): Promise<Reply<Record<string, never>>>;
  /** Starts the data engine once more after it gave up. */
  restartEngine(): Promise<Reply<Record<string, never>>>;
}
