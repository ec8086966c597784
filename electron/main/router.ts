/**
 * The messages of the page. Invariant: each is checked (who, then what) before anything is done with it, and every
 * refusal is an answer, not an exception.
 */
import { dialog, ipcMain, type IpcMainInvokeEvent, type OpenDialogOptions } from 'electron';
import type { ChoosePurpose } from '../../shared/contract/bridge.ts';
import { CHANNEL } from '../../shared/contract/channels.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { checkCall } from './call.ts';
import type { EngineSupervisor } from './engine.ts';
import { forbidden, senderProblem } from './gate.ts';
import { log } from './log.ts';
import { ORIGIN } from './origin.ts';
import { plainCall } from './plain-call.ts';
import type { ConsoleWindow } from './window.ts';

const DIALOGS: Record<ChoosePurpose, OpenDialogOptions> = {
  'catalog-files': {
    title: 'Choose catalog files',
    properties: ['openFile', 'multiSelections'],
    filters: [
      { name: 'Catalog', extensions: ['yaml', 'yml'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  'catalog-folder': { title: 'Choose a catalog folder', properties: ['openDirectory'] },
  'export-folder': { title: 'Choose where to write the catalog', properties: ['openDirectory', 'createDirectory'] },
  'picture-folder': { title: 'Choose where to save the picture', properties: ['openDirectory', 'createDirectory'] },
  'backup-folder': { title: 'Choose where backups go', properties: ['openDirectory', 'createDirectory'] },
  'runbook-folder': { title: 'Choose a folder of runbooks', properties: ['openDirectory'] },
  'evidence-files': { title: 'Choose what to attach', properties: ['openFile', 'multiSelections'] },
  'evidence-folder': { title: 'Choose where to save it', properties: ['openDirectory', 'createDirectory'] },
  'record-folder': { title: 'Choose where to write the export', properties: ['openDirectory', 'createDirectory'] },
  'join-file': {
    title: 'Choose the file that came with the invitation',
    properties: ['openFile'],
    filters: [
      { name: 'Join codes and certificates', extensions: ['holdfast-join', 'txt', 'pem', 'crt'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
  'record-file': {
    title: 'Choose a bundle or an exported incident',
    properties: ['openFile'],
    filters: [
      { name: 'Bundles and incidents', extensions: ['holdfast', 'json'] },
      { name: 'All files', extensions: ['*'] },
    ],
  },
};

/** The contract's schemas: too much to read before the first screen stands. */
let check: typeof checkCall | undefined;
const schemas = async () => (check ??= (await import('./call.ts')).checkCall);

const LONGEST_PASSPHRASE = 1000;

/** How long after the first picture they are read, when nobody needed them before, ms. */
const SPARE = 500;

export interface RouterOptions {
  engine: EngineSupervisor;
  /** The console's windows by the id of their WebContents: only these may speak. */
  windows: ReadonlyMap<number, ConsoleWindow>;
  /** Opens the board for the wall. */
  openBoard: () => void;
  /** A window's first screen stands. */
  onPainted: () => void;
}

export function route({ engine, windows, openBoard, onPainted }: RouterOptions): void {
  /** Wraps a handler in the check of its sender, which has to come before the first await. */
  const handle = (channel: string, run: (event: IpcMainInvokeEvent, args: unknown[]) => unknown): void => {
    ipcMain.handle(channel, (event, ...args: unknown[]) => {
      const problem = senderProblem(event, windows, ORIGIN);
      if (problem === null) return run(event, args);
      log('message refused', { channel, problem });
      return forbidden(problem);
    });
  };

  handle(CHANNEL.call, async (event, args): Promise<Reply> => {
    const window = event.sender.id;
    const { caller } = windows.get(window)!;
    const checked = plainCall(args) ?? (check ?? (await schemas()))(args);
    if (!checked.ok) {
      log('call refused', { code: checked.reply.ok ? '' : checked.reply.code });
      return checked.reply;
    }
    const readOnly = windows.get(window)?.role === 'board';
    if (readOnly && checked.kind === 'command') {
      log('call refused', { code: 'forbidden' });
      return forbidden('the big board only reads');
    }
    const reply = await engine.call(checked.name, checked.input, caller);
    if (reply.ok && !readOnly && (checked.name === 'settings.get' || checked.name === 'settings.set')) {
      windows.get(window)?.setTheme((reply.value as { theme: 'system' | 'dark' | 'light' }).theme);
    }
    return reply;
  });
  handle(CHANNEL.engine, () => engine.status);
  handle(CHANNEL.retryEngine, () => engine.retry());
  handle(CHANNEL.openFolder, (event, [passphrase]) => {
    const typed = typeof passphrase === 'string' && passphrase.length <= LONGEST_PASSPHRASE;
    if (typed && windows.get(event.sender.id)?.role === 'console') engine.openFolder(passphrase);
  });
  handle(CHANNEL.openBoard, (event) => {
    if (windows.get(event.sender.id)?.role === 'console') openBoard();
  });
  handle(CHANNEL.painted, () => {
    onPainted();
    setTimeout(() => void schemas(), SPARE).unref();
  });
  handle(CHANNEL.choosePaths, async (event, [purpose]) => {
    const asking = windows.get(event.sender.id);
    const window = asking?.role === 'console' ? asking.browserWindow : undefined;
    if (!window || typeof purpose !== 'string' || !Object.hasOwn(DIALOGS, purpose)) return [];
    const chosen = await dialog.showOpenDialog(window, DIALOGS[purpose as ChoosePurpose]);
    return chosen.canceled ? [] : chosen.filePaths;
  });

  engine.onStatus((status) => {
    for (const window of windows.values()) window.send(CHANNEL.engineChanged, status);
  });
  engine.onChanged((changed) => {
    for (const window of windows.values()) window.send(CHANNEL.changed, changed);
  });
}
