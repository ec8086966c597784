/**
 * The data engine's utility process. Invariant: every call gets exactly one reply, and the process ends only
 * when it was told to or can't open its data folder, after saying why in one sentence.
 */
import type { MessageEvent } from 'electron';
import { flushCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Refusal, type Reply } from '../../shared/contract/spec.ts';
import type { EngineArguments } from '../../shared/contract/engine-process.ts';
import type { FromBrowser, ToBrowser } from '../../shared/contract/browsing.ts';
import type { FromKeychain, ToKeychain } from '../../shared/contract/keychain.ts';
import type { FromPrinter, ToPrinter } from '../../shared/contract/printing.ts';
import { Keychain } from './access/keychain.ts';
import type { Caller } from './access/session.ts';
import { BrowserClient } from './access/sso/browser.ts';
import { openEngine, type Engine } from './engine.ts';
import { PrintClient } from './exports/printer.ts';
import { openDoor, type Door } from './socket.ts';

interface Call {
  type: 'call';
  /** Of the whole console's life: a call that is sent again after a restart has the same id. */
  id: string;
  name: string;
  input: unknown;
  caller: Caller;
}
type Incoming =
  | Call
  | { type: 'touch'; caller: Caller }
  | { type: 'lock' }
  | { type: 'shutdown' }
  | FromBrowser
  /** Of the encrypted data folder, as it was typed. */
  | { type: 'passphrase'; text: string }
  | FromKeychain
  | FromPrinter;
type Outgoing =
  | { type: 'ready'; revision: number }
  | { type: 'fatal'; message: string; retryable: boolean }
  /** The data folder wants its passphrase. */
  | { type: 'locked'; message: string | null; until: number | null }
  /** It closes its files and does something to them that takes a while. */
  | { type: 'busy'; message: string }
  | { type: 'reply'; id: string; reply: Reply }
  | { type: 'changed'; revision: number; keys: string[] }
  | ToBrowser
  | ToKeychain
  | ToPrinter;

const port = process.parentPort;
const send = (message: Outgoing) => port.postMessage(message);

const { data, assets, version, empty, worker } = JSON.parse(process.argv[2]!) as EngineArguments;

const keychain = new Keychain(send);
const browser = new BrowserClient(send);
const printer = new PrintClient(send);
/** Takes the next passphrase; null while none is waited for. */
let give: ((text: string) => void) | null = null;
const opening = openEngine({
  keychain,
  passphrase: ({ message, until }) =>
    new Promise((done) => {
      give = done;
      send({ type: 'locked', message, until });
    }),
  print: printer.print,
  browse: browser.browse,
  data,
  assets,
  version,
  demonstration: !empty,
  poll: true,
  quietMs: 800,
  worker: pathToFileURL(worker),
});

let door: Door | null = null;

port.on('message', (event: MessageEvent) => void receive(event.data as Incoming));
void opening.then(opened, refused);

function opened(engine: Engine): void {
  engine.onChanged(({ revision, keys }) => send({ type: 'changed', revision, keys }));
  send({ type: 'ready', revision: engine.revision });
  // What the first screen asks, before it can ask: what is read and compiled for it then stands.
  void engine.call('situation', {});
  openDoor(engine, data, version).then(
    (opened) => (door = opened),
    (error: Error) => console.error(`holdfast: the command line cannot reach this console: ${error.message}`),
  );
  engine.onRestart(() => setImmediate(() => void leave(engine, RESTART)));
  setTimeout(() => void settle(engine), SETTLED_MS).unref();
}

/** What can wait until the first screen is shown, ms. */
const SETTLED_MS = 2000;

async function settle(engine: Engine): Promise<void> {
  await engine.warm();
  flushCompileCache();
  await engine
    .protectKey()
    .catch((error: Error) => console.error(`holdfast: the signing key stays in its file: ${error.message}`));
}

function refused(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  send({ type: 'fatal', message, retryable: error instanceof Refusal && error.retryable });
}

async function receive(message: Incoming): Promise<void> {
  if (message.type === 'keychain') return keychain.receive(message);
  if (message.type === 'browse') return browser.receive(message);
  if (message.type === 'print') return printer.receive(message);
  if (message.type === 'passphrase') {
    const taken = give;
    give = null;
    taken?.(message.text);
    return;
  }
  // Whoever asks for the passphrase has nothing open.
  if (message.type === 'shutdown' && give) process.exit(0);
  let engine: Engine;
  try {
    engine = await opening;
  } catch {
    return;
  }
  if (message.type === 'shutdown') return leave(engine, 0);
  if (message.type === 'touch') return engine.touch(message.caller);
  if (message.type === 'lock') return engine.lock();
  send({
    type: 'reply',
    id: message.id,
    reply: await engine.call(message.name, message.input, { request: message.id, caller: message.caller }),
  });
}

/** Exit status that asks for a successor. */
const RESTART = 75;
/** The same, and for a window that is made anew: from now on it must leave nothing on the disk. */
const AFRESH = 76;
const TURNING = {
  encrypt: 'The data folder is being encrypted; the console starts again when that is done.',
  decrypt: 'The data folder is being decrypted; the console starts again when that is done.',
};

async function leave(engine: Engine, status: number): Promise<void> {
  const { turning } = engine;
  if (turning) send({ type: 'busy', message: TURNING[turning] });
  await door?.close();
  await engine.close();
  process.exit(status === RESTART && turning === 'encrypt' ? AFRESH : status);
}
