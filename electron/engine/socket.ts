/**
 * The engine's door for other programs of the same person: a local socket (Unix) or named pipe (Windows) with one JSON
 * document per line. Invariant: only the owner of the data folder can find and open it; whatever comes through it is
 * answered by the very calls that the window uses; and what is no call ends that one connection, nothing else.
 *
 * The server first says `{"holdfast":1,"version":…}`. Then each line `{"id","name","input","session"?}` gets one line
 * `{"id","reply"}`, in the order in which they are done. The id is the request's: a command that is sent again under the
 * same id, over this road or another, is answered and not repeated.
 *
 * Where it listens stands in the file `engine.address` of the data folder, because a socket's path may have at most about
 * a hundred bytes and a folder's may have thousands.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Engine } from './engine.ts';

const PROTOCOL = 1;
const ADDRESS_FILE = 'engine.address';
/** Bytes of a socket's path, its final NUL included, that every platform takes (macOS: 104, Linux: 108). */
const LONGEST_PATH = 104;
/** The largest call: a catalog import with a thousand of the longest paths fits. Bytes. */
const LARGEST_LINE = 8 * 1024 * 1024;
const MOST_CONNECTIONS = 64;
/** Calls of one connection that may be under way; no more is read from it meanwhile. */
const MOST_AT_ONCE = 32;

const Call = z.strictObject({
  id: z.string().min(1).max(100),
  name: z.string().max(100),
  input: z.unknown(),
  /** What a command line that was unlocked calls itself; nobody else knows it. */
  session: z.string().min(20).max(200).optional(),
});

type Caller = Pick<Engine, 'call'>;

export interface Door {
  /** Where it listens. */
  address: string;
  /** Ends all connections; the next engine may listen. */
  close(): Promise<void>;
}

/**
 * Opens the door of the engine that has `data` open.
 * @throws Error when neither the data folder nor the folder for temporary files takes a socket.
 */
export async function openDoor(engine: Caller, data: string, version: string): Promise<Door> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    if (connections.size >= MOST_CONNECTIONS) {
      socket.destroy();
      return;
    }
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serve(socket, engine, version);
  });
  const address = await listenSomewhere(server, data);
  // A connection that could not be taken (too many open files) is that caller's trouble.
  server.on('error', () => undefined);
  const file = join(data, ADDRESS_FILE);
  try {
    writeFileSync(`${file}.new`, address, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    address,
    async close() {
      rmSync(file, { force: true });
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

async function listenSomewhere(server: Server, data: string): Promise<string> {
  if (process.platform === 'win32') return listen(server, `\\\\.\\pipe\\holdfast-${randomBytes(16).toString('hex')}`);
  const beside = join(resolve(data), 'engine.sock');
  if (Buffer.byteLength(beside) < LONGEST_PATH) {
    try {
      return await listen(server, beside);
    } catch {
      // Some file systems (FAT, network shares) take no sockets.
    }
  }
  return listen(
    server,
    join(privateFolder(), `${createHash('sha256').update(resolve(data)).digest('hex').slice(0, 24)}.sock`),
  );
}

/** A folder in the system's temporary one that nobody else can enter, checked because anybody may have made it first. */
export function privateFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `holdfast-${uid}`);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid) throw new Error(`${folder} belongs to somebody else.`);
  if ((stat.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}

/** The socket of an engine that died is replaced: who listens holds the lock of the data folder, so nobody else does. */
function listen(server: Server, path: string): Promise<string> {
  if (process.platform !== 'win32') rmSync(path, { force: true });
  return new Promise((done, fail) => {
    server.once('error', fail);
    const mask = process.umask(0o177);
    try {
      server.listen(path, () => {
        server.off('error', fail);
        done(path);
      });
    } finally {
      process.umask(mask);
    }
  });
}

function serve(socket: Socket, engine: Caller, version: string): void {
  let underWay = 0;
  let full = false;
  const send = (value: unknown): void => {
    if (socket.writable) full = !socket.write(`${JSON.stringify(value)}\n`);
  };
  const breathe = (): void => {
    if (underWay < MOST_AT_ONCE && !full) socket.resume();
    else socket.pause();
  };
  socket.on('drain', () => {
    full = false;
    breathe();
  });
  socket.on('error', () => socket.destroy());
  send({ holdfast: PROTOCOL, version });
  onLines(socket, LARGEST_LINE, (line) => {
    const call = Call.safeParse(parse(line));
    if (!call.success) {
      socket.destroy();
      return;
    }
    const { id, name, input, session } = call.data;
    underWay++;
    breathe();
    void engine
      .call(name, input, { request: id, ...(session ? { caller: { id: session, kind: 'terminal' } } : {}) })
      .then((reply) => {
        underWay--;
        send({ id, reply });
        breathe();
      });
  });
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
  } catch {
    return undefined;
  }
}

/** Calls `take` with every line; a line longer than `limit` bytes ends the connection. */
function onLines(socket: Socket, limit: number, take: (line: Buffer) => void): void {
  let parts: Buffer[] = [];
  let length = 0;
  socket.on('data', (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(10); end >= 0 && !socket.destroyed; end = rest.indexOf(10)) {
      if (length + end > limit) break;
      take(Buffer.concat([...parts, rest.subarray(0, end)]));
      parts = [];
      length = 0;
      rest = rest.subarray(end + 1);
    }
    length += rest.length;
    if (length > limit) socket.destroy();
    else if (rest.length > 0) parts.push(rest);
  });
}

/** An engine that another process runs. */
export interface RemoteEngine {
  /** Of the program that runs it. */
  version: string;
  /** @throws ConnectionLost when the engine went away before it answered: it may or may not have done it. */
  call(name: string, input: unknown, request: string, session?: string): Promise<Reply>;
  close(): void;
}

/** The other end went away; the same request may be sent again, by its id it is not done twice. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** How long an engine may take to say who it is, ms. */
const GREETING_LIMIT = 3000;

/** The engine that has `data` open, or null when none listens. */
export function connectEngine(data: string): Promise<RemoteEngine | null> {
  let address: string;
  try {
    address = readFileSync(join(data, ADDRESS_FILE), 'utf8').trim();
  } catch {
    return Promise.resolve(null);
  }
  if (!isAbsolute(address)) return Promise.resolve(null);
  return new Promise((done) => {
    const waiting = new Map<string, { answer: (reply: Reply) => void; fail: (error: Error) => void }>();
    const socket = createConnection({ path: address });
    const timer = setTimeout(() => socket.destroy(), GREETING_LIMIT);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      done(null);
      for (const { fail } of waiting.values()) fail(new ConnectionLost('The console closed before it answered.'));
      waiting.clear();
    });
    const remote = (version: string): RemoteEngine => ({
      version,
      call: (name, input, request, session) =>
        new Promise((answer, fail) => {
          if (socket.destroyed) fail(new ConnectionLost('The console has closed.'));
          waiting.set(request, { answer, fail });
          socket.write(`${JSON.stringify({ id: request, name, input, session })}\n`);
        }),
      close: () => socket.destroy(),
    });
    let greeted = false;
    onLines(socket, Number.MAX_SAFE_INTEGER, (line) => {
      const message = parse(line) as Record<string, unknown> | undefined;
      if (!greeted) {
        greeted = true;
        clearTimeout(timer);
        if (message?.['holdfast'] === PROTOCOL) done(remote(String(message['version'])));
        else socket.destroy();
        return;
      }
      const id = String(message?.['id']);
      waiting.get(id)?.answer(message?.['reply'] as Reply);
      waiting.delete(id);
    });
  });
}
