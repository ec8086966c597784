/**
 * The bridge between page and console. Invariant: the page gets plain functions and values: no `ipcRenderer`, no event
 * object, no channel name, and no name that the contract does not have.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge, BridgeInfo } from '../../shared/contract/bridge.ts';
import { CHANNEL } from '../../shared/contract/channels.ts';

/** Every name of the contract's table, written in by the build so that no schema has to be loaded here. */
declare const __HOLDFAST_NAMES__: readonly string[];

const names = new Set<string>(__HOLDFAST_NAMES__);
const PREFIX = '--holdfast-info=';
const info = JSON.parse(
  decode(process.argv.find((argument) => argument.startsWith(PREFIX))!.slice(PREFIX.length)),
) as BridgeInfo;

const bridge: Bridge = {
  call: ((name: unknown, input: unknown) =>
    typeof name === 'string' && names.has(name)
      ? ipcRenderer.invoke(CHANNEL.call, name, input)
      : Promise.resolve({
          ok: false,
          code: 'bad_input',
          message: `There is no command or query ${JSON.stringify(String(name).slice(0, 60))}.`,
          retryable: false,
        })) as Bridge['call'],
  onChanged: (listener) => subscribe(CHANNEL.changed, listener),
  engine: () => ipcRenderer.invoke(CHANNEL.engine),
  onEngine: (listener) => subscribe(CHANNEL.engineChanged, listener),
  retryEngine: () => ipcRenderer.invoke(CHANNEL.retryEngine),
  openFolder: (passphrase) => ipcRenderer.invoke(CHANNEL.openFolder, passphrase),
  onMenu: (listener) => subscribe(CHANNEL.menu, listener),
  openBoard: () => ipcRenderer.invoke(CHANNEL.openBoard),
  choosePaths: (purpose) => ipcRenderer.invoke(CHANNEL.choosePaths, purpose),
  pathOf: (file) => {
    try {
      return webUtils.getPathForFile(file as File);
    } catch {
      return '';
    }
  },
  painted: () => void ipcRenderer.invoke(CHANNEL.painted),
  platform: process.platform as Bridge['platform'],
  info,
};

contextBridge.exposeInMainWorld('holdfast', bridge);

function subscribe(channel: string, listener: (value: never) => void): () => void {
  const receive = (_event: unknown, value: unknown): void => listener(value as never);
  ipcRenderer.on(channel, receive);
  return () => void ipcRenderer.removeListener(channel, receive);
}

/** Base64url to text; a sandboxed preload has no Buffer of its own to rely on. */
function decode(text: string): string {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}
