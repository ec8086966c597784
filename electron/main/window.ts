/**
 * The console's window, and the big board's, which differs in its page and in what it may ask. Invariant: it shows at once, before the engine or the page are ready; a page that dies is loaded
 * again by itself; where it stood is remembered.
 */
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BridgeInfo } from '../../shared/contract/bridge.ts';
import type { Caller } from './engine.ts';
import { log } from './log.ts';
import { ORIGIN } from './origin.ts';
import { STOPPED_URL } from './scheme.ts';
import { INITIAL, LEAST, parseWindowState, placeWindow, type Theme, type WindowState } from './window-state.ts';

/** The console, or the board on the wall: that one only reads, and keeps to the screen it was put on. */
export type WindowRole = 'console' | 'board';

export interface ConsoleWindowOptions {
  role: WindowRole;
  /** Folder of the state file. */
  folder: string;
  preload: string;
  icon: string;
  info: BridgeInfo;
}

/** The page's background before its style sheet arrives, so that the dark console does not flash white: as in tokens.css. */
const BACKGROUND = { dark: '#0d1014', light: '#fcfcfb' };
/** So many deaths of the page within a minute are one too many: it is not loaded again. */
const ROLES = {
  console: { file: 'window.json', page: `${ORIGIN}/`, title: 'Holdfast', least: LEAST },
  board: { file: 'board.json', page: `${ORIGIN}/?board`, title: 'Holdfast – Big board', least: LEAST },
} as const satisfies Record<WindowRole, object>;
const DEATHS_TO_STOP = 4;
const MINUTE = 60_000;
/** Wait after the last move before the state is written, ms. */
const SETTLE = 500;
/** After which input the page may keep something, and how soon that is on the disk, ms. */
const KEEPS: ReadonlySet<string> = new Set(['keyDown', 'rawKeyDown', 'char', 'mouseUp']);
const KEEP_MS = 1000;

export class ConsoleWindow {
  readonly #window: BrowserWindow;
  readonly #file: string;
  readonly #deaths: number[] = [];
  readonly role: WindowRole;
  /** Whose calls its page's are, to the engine; the page is never told. */
  readonly caller: Caller;
  #state: WindowState;
  #timer: NodeJS.Timeout | undefined;
  /** What the state file holds. */
  #written = '';

  constructor(options: ConsoleWindowOptions) {
    const { role } = options;
    this.role = role;
    this.caller = { id: randomUUID(), kind: role === 'board' ? 'board' : 'window' };
    this.#file = join(options.folder, ROLES[role].file);
    this.#state = this.#read();
    if (role === 'console') nativeTheme.themeSource = this.#state.theme;
    const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()];
    // The wall is the screen that nobody works at.
    if (role === 'board') displays.sort((a, b) => Number(a.id === displays[0]!.id) - Number(b.id === displays[0]!.id));
    const areas = displays.map((display) => display.workArea);
    this.#window = new BrowserWindow({
      ...placeWindow(this.#state.bounds, areas),
      minWidth: ROLES[role].least.width,
      minHeight: ROLES[role].least.height,
      title: ROLES[role].title,
      autoHideMenuBar: role === 'board',
      icon: options.icon,
      fullscreen: this.#state.fullScreen,
      backgroundColor: BACKGROUND[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'],
      webPreferences: {
        preload: options.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
        spellcheck: false,
        devTools: !app.isPackaged,
        // In memory only: what an encrypted folder shows must not lie beside it for all to read.
        ...(options.info.passing ? { partition: 'holdfast-passing' } : {}),
        v8CacheOptions: 'bypassHeatCheck',
        additionalArguments: [`--holdfast-info=${Buffer.from(JSON.stringify(options.info)).toString('base64url')}`],
      },
    });
    if (this.#state.maximized) this.#window.maximize();
    this.#remember();
    this.#revive();
    if (role === 'board') this.#leaveFullScreenByKey();
    else this.#keepWhatIsTyped();
  }

  /** What the page keeps is on the disk soon after it was typed; by itself Chromium writes it up to a minute later. */
  #keepWhatIsTyped(): void {
    const { webContents } = this.#window;
    let due: NodeJS.Timeout | null = null;
    webContents.on('input-event', (_event, { type }) => {
      if (due !== null || !KEEPS.has(type)) return;
      due = setTimeout(() => {
        due = null;
        if (!webContents.isDestroyed()) webContents.session.flushStorageData();
      }, KEEP_MS);
    });
  }

  /** The board has no controls: Escape brings its frame back. */
  #leaveFullScreenByKey(): void {
    this.#window.webContents.on('before-input-event', (event, { type, key }) => {
      if (type !== 'keyDown' || key !== 'Escape' || !this.#window.isFullScreen()) return;
      event.preventDefault();
      this.#window.setFullScreen(false);
    });
  }

  /** Calls `touched` when a hand was on it, at most once in `every` ms. */
  onTouched(every: number, touched: () => void): void {
    let last = 0;
    this.#window.webContents.on('input-event', () => {
      const now = performance.now();
      if (now - last < every) return;
      last = now;
      touched();
    });
  }

  get contentsId(): number {
    return this.#window.webContents.id;
  }

  get browserWindow(): BrowserWindow {
    return this.#window;
  }

  /** Loads the page; afterwards only its death loads it again. */
  load(): void {
    this.#window
      .loadURL(ROLES[this.role].page)
      .catch((error: unknown) => log('page not loaded', { error: String(error) }));
  }

  /** Starts the page anew, as after it was stopped for failing. */
  reload(): void {
    this.#deaths.length = 0;
    this.load();
  }

  focus(): void {
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.show();
    this.#window.focus();
  }

  send(channel: string, value: unknown): void {
    if (!this.#window.isDestroyed()) this.#window.webContents.send(channel, value);
  }

  setTheme(theme: Theme): void {
    nativeTheme.themeSource = theme;
    if (this.#state.theme === theme) return;
    this.#state = { ...this.#state, theme };
    this.#write();
  }

  #revive(): void {
    const { webContents } = this.#window;
    webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
      if (reason === 'clean-exit') return;
      const now = Date.now();
      this.#deaths.push(now);
      const recent = this.#deaths.filter((at) => now - at < MINUTE).length;
      log('page stopped', { reason, exitCode, recent });
      // Not within the event: Chromium is still taking the old page down, and loading then ends the whole program.
      setImmediate(() => {
        if (this.#window.isDestroyed()) return;
        if (recent < DEATHS_TO_STOP) this.load();
        else void this.#window.loadURL(STOPPED_URL).catch(() => undefined);
      });
    });
    this.#window.on('unresponsive', () => log('page does not respond'));
    this.#window.on('responsive', () => log('page responds again'));
    this.#window.on('page-title-updated', (event) => event.preventDefault());
  }

  #remember(): void {
    const note = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#note(), SETTLE);
    };
    for (const event of [
      'resize',
      'move',
      'maximize',
      'unmaximize',
      'enter-full-screen',
      'leave-full-screen',
    ] as const) {
      this.#window.on(event as 'resize', note);
    }
    this.#window.on('close', () => this.#note());
  }

  #note(): void {
    clearTimeout(this.#timer);
    if (this.#window.isDestroyed()) return;
    const maximized = this.#window.isMaximized();
    const fullScreen = this.#window.isFullScreen();
    this.#state = { ...this.#state, bounds: this.#window.getNormalBounds(), maximized, fullScreen };
    this.#write();
  }

  #read(): WindowState {
    try {
      this.#written = readFileSync(this.#file, 'utf8');
      return parseWindowState(this.#written);
    } catch {
      return INITIAL;
    }
  }

  /** Not when nothing is new: replacing a file waits for the disk, and this is asked for while the first screen paints. */
  #write(): void {
    const text = JSON.stringify(this.#state);
    if (text === this.#written) return;
    try {
      writeFileSync(`${this.#file}.new`, text);
      renameSync(`${this.#file}.new`, this.#file);
      this.#written = text;
    } catch (error) {
      log('window state not kept', { error: (error as NodeJS.ErrnoException).code ?? String(error) });
    }
  }
}
