/**
 * The console's main process: a thin broker. Invariant: no data and no network here. The order of the start is the point:
 * what must come before `ready`, then the engine and the window side by side, then everything that can wait.
 */
import { app, powerMonitor, session, utilityProcess } from 'electron';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { ToBrowser } from '../../shared/contract/browsing.ts';
import { CHANNEL } from '../../shared/contract/channels.ts';
import type { EngineArguments } from '../../shared/contract/engine-process.ts';
import type { ToKeychain } from '../../shared/contract/keychain.ts';
import type { ToPrinter } from '../../shared/contract/printing.ts';
import { HELP, parseArguments } from './arguments.ts';
import { browse } from './browse.ts';
import { forgetPages, prepareFolders, type Folders } from './data-folder.ts';
import { EngineSupervisor, type EngineProcess, type FromEngine } from './engine.ts';
import { hardenApplication } from './hardening.ts';
import { keepLogIn, log } from './log.ts';
import { answer } from './keychain.ts';
import { installMenu } from './menu.ts';
import { printFor } from './print.ts';
import { route } from './router.ts';
import { registerScheme, serveRenderer } from './scheme.ts';
import { ConsoleWindow, type WindowRole } from './window.ts';

declare const __HOLDFAST_VERSION__: string;

const HERE = import.meta.dirname;
const ASSETS = join(HERE, '..', '..', 'assets');
/** How long the engine may take to close its files before it is ended, ms. Confirmed commands are on disk already. */
const CLOSING_LIMIT = 5000;
/** How often the engine hears that a hand is on a window, ms. */
const TOUCHED_EVERY = 5000;

start();

function start(): void {
  const own = app.isPackaged ? process.argv.slice(1) : process.argv.slice(process.argv.findIndex(isEntry) + 1);
  const parsed = parseArguments(own);
  switch (parsed.kind) {
    case 'help':
      return leave(0, HELP);
    case 'version':
      return leave(0, `${__HOLDFAST_VERSION__}\n`);
    case 'refused':
      return leave(2, `holdfast: not started: ${parsed.message}\n`);
    case 'open':
      return open(prepareFolders(parsed.data), parsed.empty, parsed.board);
  }
}

function isEntry(argument: string): boolean {
  return !argument.startsWith('-') && /[\\/]main[\\/]index\.js$/.test(argument);
}

function leave(status: number, text: string): void {
  (status === 0 ? process.stdout : process.stderr).write(text);
  app.exit(status);
}

function open(folders: Folders, empty: boolean, board: boolean): void {
  app.setName('Holdfast');
  app.setPath('userData', folders.window);
  app.setAppUserModelId('dev.holdfast.console');
  if (!app.requestSingleInstanceLock()) {
    return leave(0, `Holdfast is already open on ${folders.data}; its window was brought to the front.\n`);
  }
  keepLogIn(folders.window);
  if (folders.encrypted) forgetPages(folders.window);
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerScheme();
  hardenApplication();
  process.on('uncaughtException', (error) => log('error in the main process', { error: String(error.stack ?? error) }));
  process.on('unhandledRejection', (reason) => log('rejection in the main process', { reason: String(reason) }));
  void app.whenReady().then(() => ready(folders, empty, board));
}

function ready(folders: Folders, empty: boolean, board: boolean): void {
  const engine = new EngineSupervisor(() => forkEngine(folders, empty), { now: Date.now, after }, log);
  engine.start();

  const windows = new Map<number, ConsoleWindow>();
  const first = (role: WindowRole): ConsoleWindow | undefined =>
    windows.values().find((window) => window.role === role);
  const current = (): ConsoleWindow | undefined => first('console');
  engine.onAfresh(() => {
    // A test starts the next one itself.
    if (app.isPackaged || process.env.HOLDFAST_E2E !== '1') app.relaunch();
    app.quit();
  });
  installMenu({
    send: (action) => current()?.send(CHANNEL.menu, action),
    reload: () => current()?.reload(),
    board: () => reveal('board'),
    developer: !app.isPackaged,
  });
  route({
    engine,
    windows,
    openBoard: () => reveal('board'),
    onPainted: () => {
      log('ready', { ms: Math.round(performance.now()), folder: folders.data });
      keepYoungGenerationSmall();
    },
  });
  const show = (role: WindowRole): void => {
    const window = new ConsoleWindow({
      role,
      folder: folders.window,
      preload: join(HERE, '..', 'preload', 'index.cjs'),
      icon: join(ASSETS, 'icons', '256x256.png'),
      info: {
        version: __HOLDFAST_VERSION__,
        electron: process.versions.electron,
        chromium: process.versions.chrome,
        dataFolder: folders.data,
        passing: folders.encrypted,
        e2e: !app.isPackaged && process.env.HOLDFAST_E2E === '1',
      },
    });
    const id = window.contentsId;
    windows.set(id, window);
    serveOnce(window);
    if (role === 'console') window.onTouched(TOUCHED_EVERY, () => engine.touch(window.caller));
    window.browserWindow.once('closed', () => windows.delete(id));
    window.load();
  };
  const reveal = (role: WindowRole): void => {
    const window = first(role);
    if (window) window.focus();
    else show(role);
  };
  show(board ? 'board' : 'console');

  app.setAboutPanelOptions({
    applicationName: 'Holdfast',
    applicationVersion: __HOLDFAST_VERSION__,
    version: `Electron ${process.versions.electron}`,
    copyright: 'Apache-2.0',
  });
  app.on('second-instance', (_event, argv) => reveal(argv.includes('--big-board') ? 'board' : 'console'));
  app.on('activate', () => reveal('console'));
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  powerMonitor.on('lock-screen', () => engine.lock());
  powerMonitor.on('suspend', () => engine.lock());
  closeInOrder(engine);
}

/**
 * From here on the shell only passes messages on, and what it makes is dead at once. Left alone its young generation doubles
 * with every burst of them, up to tens of megabytes that are never given back. (A switch of the command line reaches every
 * process but this one.)
 */
function keepYoungGenerationSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

let served = false;
function serveOnce(window: ConsoleWindow): void {
  if (served) return;
  served = true;
  serveRenderer(window.browserWindow.webContents.session, join(HERE, '..', 'renderer'));
}

/** Holds the end of the program until the engine has closed its files. */
function closeInOrder(engine: EngineSupervisor): void {
  let closing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    // What the page keeps for the next start is otherwise written some seconds later.
    session.defaultSession.flushStorageData();
    void engine.stop(CLOSING_LIMIT).then(() => app.exit(0));
  });
}

function forkEngine(folders: Folders, empty: boolean): EngineProcess {
  const { data, window } = folders;
  const told: EngineArguments = {
    ...{ data, assets: ASSETS, version: __HOLDFAST_VERSION__, empty },
    worker: join(HERE, 'worker.js'),
    compiled: join(window, 'compiled'),
  };
  const child = utilityProcess.fork(join(HERE, 'engine.js'), [JSON.stringify(told)], {
    serviceName: 'Holdfast engine',
    stdio: 'inherit',
    // Rebuilding, taking in and thousands of signals a minute make much that is dead at once. A larger young generation only
    // lets more of it lie about, and with gigabytes allowed the old one is let grow to several times what lives in it.
    execArgv: ['--js-flags=--max-semi-space-size=8 --heap-growing-percent=40'],
  });
  child.on('error', (type, location) => log('engine error', { type, location }));
  return {
    get pid() {
      return child.pid;
    },
    postMessage: (message) => child.postMessage(message),
    onMessage: (listener) =>
      child.on('message', (message: FromEngine | ToBrowser | ToKeychain | ToPrinter) => {
        if (message.type === 'keychain') void answer(message).then((reply) => child.postMessage(reply));
        else if (message.type === 'browse') void browse(message).then((reply) => child.postMessage(reply));
        else if (message.type === 'print') void printFor(message).then((reply) => child.postMessage(reply));
        else listener(message);
      }),
    onExit: (listener) => child.once('exit', listener),
    kill: () => child.kill(),
  };
}

function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
}
