/**
 * `window.holdfast`: all that the renderer can reach outside itself. Invariant: plain values only, no event object, no
 * Electron; every subscription returns the function that ends it.
 */
import type { Changed, Reply } from './spec.ts';
import type { Input, Name, Output } from './table.ts';

export type EngineState =
  /** Not heard of yet; calls wait. */
  | 'starting'
  | 'ready'
  /** It stopped by itself and comes back; calls wait and are sent again, none is lost or run twice. */
  | 'restarting'
  /** The data folder is encrypted and waits for its passphrase; so do calls. `openFolder` gives it. */
  | 'locked'
  /** It cannot open the data folder; calls are refused. `retryEngine` tries again. */
  | 'fatal';

export interface EngineStatus {
  state: EngineState;
  /** One sentence for the person; null while all is well. */
  message: string | null;
  /** Since when it is in this state, ms since 1970 UTC. */
  since: number;
  /** Only when `locked`: until when no passphrase is looked at, ms since 1970 UTC; null for now. */
  until?: number | null;
}

export type MenuScreen =
  | 'situation'
  | 'map'
  | 'incidents'
  | 'stores'
  | 'estate'
  | 'runbooks'
  | 'sources'
  | 'record'
  | 'settings';

/**
 * What the application menu asks of the window. A key that the window has handled (`preventDefault`) does not reach the
 * menu, so an action never arrives twice.
 */
export type MenuAction =
  | { type: 'go'; screen: MenuScreen }
  | { type: 'back' }
  | { type: 'declare' }
  | { type: 'palette' }
  | { type: 'import-catalog' }
  | { type: 'theme'; theme: 'system' | 'dark' | 'light' }
  | { type: 'keys' };

/** What the person is asked to choose in the system's own dialog. */
export type ChoosePurpose =
  | 'catalog-files'
  | 'catalog-folder'
  | 'export-folder'
  | 'picture-folder'
  | 'backup-folder'
  | 'runbook-folder'
  | 'evidence-files'
  | 'evidence-folder'
  | 'record-folder'
  | 'record-file'
  | 'join-file';

export interface BridgeInfo {
  /** Of Holdfast. */
  version: string;
  electron: string;
  chromium: string;
  /** Absolute path of the data folder, to be shown, not opened. */
  dataFolder: string;
  /** Nothing of this window is written to the disk: what it keeps lasts as long as the program. */
  passing: boolean;
  /** An automated test drives this window. */
  e2e: boolean;
}

export interface Bridge {
  /** Runs a command or a query of the table. Rejects only when the bridge itself is broken. */
  call<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>>;
  /** What to read again. */
  onChanged(listener: (changed: Changed) => void): () => void;
  engine(): Promise<EngineStatus>;
  onEngine(listener: (status: EngineStatus) => void): () => void;
  /** Tries to open the data folder again after `fatal`; does nothing in any other state. */
  retryEngine(): Promise<void>;
  /** While `locked` only: tries to open the data folder with its passphrase. What came of it is the next status. */
  openFolder(passphrase: string): Promise<void>;
  onMenu(listener: (action: MenuAction) => void): () => void;
  /** Absolute paths chosen in the system's dialog; empty when the person cancelled. */
  choosePaths(purpose: ChoosePurpose): Promise<string[]>;
  /** Absolute path of a DOM File that was dropped on the window; empty when it is not a file on disk. */
  pathOf(file: { readonly name: string }): string;
  /** Opens the board for the wall, or brings it to the front; the board itself asks in vain. */
  openBoard(): Promise<void>;
  /** Said once, when the first screen stands with its data: ends the measurement of the start. */
  painted(): void;
  readonly platform: 'darwin' | 'linux' | 'win32';
  readonly info: BridgeInfo;
}
