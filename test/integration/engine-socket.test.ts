import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { connectEngine, ConnectionLost, openDoor, type Door } from '../../electron/engine/socket.ts';
import type { Reply } from '../../shared/contract/spec.ts';

interface Heard {
  name: string;
  input: unknown;
  request: string | undefined;
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

function folder(name = 'data'): string {
  const base = mkdtempSync(join(tmpdir(), 'holdfast-door-'));
  cleanups.push(() => rmSync(base, { recursive: true, force: true }));
  const data = join(base, name);
  mkdirSync(data, { recursive: true });
  return data;
}

/** A door before an engine that answers what it was asked, or what `answer` says. */
async function open(
  data: string,
  answer: (heard: Heard) => Promise<Reply> | Reply = (heard) => ({ ok: true, value: heard }),
) {
  const heard: Heard[] = [];
  const engine = {
    async call(name: string, input: unknown, options: { request?: string } = {}): Promise<Reply> {
      const one = { name, input, request: options.request };
      heard.push(one);
      return answer(one);
    },
  };
  const door = await openDoor(engine, data, '1.2.3');
  cleanups.push(() => door.close());
  return { door, heard };
}

async function connect(data: string) {
  const remote = await connectEngine(data);
  if (!remote) throw new Error('nobody listens');
  cleanups.push(() => remote.close());
  return remote;
}

/** A raw connection: the lines that come, and a promise of its end. */
async function raw(
  door: Door,
): Promise<{ socket: Socket; lines: string[]; closed: Promise<void>; line: (index: number) => Promise<string> }> {
  const socket = createConnection(door.address);
  const lines: string[] = [];
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    rest += text;
    const parts = rest.split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    socket.emit('line');
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((done) => socket.once('close', () => done()));
  const line = async (index: number): Promise<string> => {
    while (lines.length <= index) await new Promise((next) => socket.once('line', next));
    return lines[index]!;
  };
  await line(0);
  return { socket, lines, closed, line };
}

describe('the door of an engine', () => {
  it('passes calls on with their request ids, many at once, and says whose it is', async () => {
    const data = folder();
    const { heard } = await open(data);
    const remote = await connect(data);
    expect(remote.version).toBe('1.2.3');
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, n) => remote.call('incident.say', { text: `é😀\n${n}` }, `request-${n}`)),
    );
    replies.forEach((reply, n) =>
      expect(reply).toEqual({
        ok: true,
        value: { name: 'incident.say', input: { text: `é😀\n${n}` }, request: `request-${n}` },
      }),
    );
    expect(heard).toHaveLength(200);
  });

  it('answers a quick call before a slow one that was asked first', async () => {
    const data = folder();
    let finish = (): void => undefined;
    const slow = new Promise<void>((done) => (finish = done));
    await open(data, async ({ name }) => {
      if (name === 'slow') await slow;
      return { ok: true, value: name };
    });
    const remote = await connect(data);
    const first = remote.call('slow', {}, 'a');
    expect(await remote.call('quick', {}, 'b')).toEqual({ ok: true, value: 'quick' });
    finish();
    expect(await first).toEqual({ ok: true, value: 'slow' });
  });

  it.skipIf(process.platform === 'win32')('can be found and opened by its owner alone', async () => {
    const data = folder();
    const { door } = await open(data);
    expect(door.address).toBe(join(data, 'engine.sock'));
    expect(statSync(door.address).mode & 0o777).toBe(0o600);
    expect(statSync(join(data, 'engine.address')).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.platform === 'win32')(
    'stands in a private folder when the path of the data folder is too long for a socket',
    async () => {
      const data = folder('d'.repeat(120));
      const { door } = await open(data);
      const home = join(tmpdir(), `holdfast-${process.getuid!()}`);
      expect(door.address.startsWith(`${home}/`)).toBe(true);
      expect(statSync(home).mode & 0o777).toBe(0o700);
      expect(lstatSync(home).uid).toBe(process.getuid!());
      expect(await (await connect(data)).call('status', {}, 'a')).toMatchObject({ ok: true });
    },
  );

  it.skipIf(process.platform === 'win32')('closes that folder to others when it was left open', async () => {
    const home = join(tmpdir(), `holdfast-${process.getuid!()}`);
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o777);
    await open(folder('d'.repeat(120)));
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.platform === 'win32')('replaces the socket that a killed engine left behind', async () => {
    const data = folder();
    const left = createServer().listen(join(data, 'engine.sock'));
    await new Promise((listening) => left.once('listening', listening));
    await new Promise((closed) => left.close(closed));
    writeFileSync(join(data, 'engine.sock'), '');
    writeFileSync(join(data, 'engine.address'), join(data, 'engine.sock'));
    expect(await connectEngine(data)).toBeNull();
    await open(data);
    expect(await (await connect(data)).call('status', {}, 'a')).toMatchObject({ ok: true });
  });

  it('leaves nothing behind when it closes, and tells whoever still waits that it went', async () => {
    const data = folder();
    const { door } = await open(data, () => new Promise<Reply>(() => undefined));
    const remote = await connect(data);
    const waiting = remote.call('status', {}, 'a');
    waiting.catch(() => undefined);
    await turn();
    await door.close();
    await expect(waiting).rejects.toBeInstanceOf(ConnectionLost);
    await expect(remote.call('status', {}, 'b')).rejects.toBeInstanceOf(ConnectionLost);
    expect(existsSync(join(data, 'engine.address'))).toBe(false);
    expect(await connectEngine(data)).toBeNull();
  });

  it('is nobody when something else listens at its address', async () => {
    const data = folder();
    const stranger = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')).listen(join(data, 'other.sock'));
    cleanups.push(() => stranger.close());
    await new Promise((listening) => stranger.once('listening', listening));
    writeFileSync(join(data, 'engine.address'), join(data, 'other.sock'));
    expect(await connectEngine(data)).toBeNull();
    for (const nonsense of ['', '9090', 'localhost:9090', 'engine.sock']) {
      writeFileSync(join(data, 'engine.address'), nonsense);
      expect(await connectEngine(data)).toBeNull();
    }
  });
});

describe('what is no call', () => {
  const hostile: [string, (socket: Socket) => void][] = [
    ['is not JSON', (socket) => socket.write('GET / HTTP/1.1\r\n\r\n')],
    ['is half a document', (socket) => socket.write('{"id":"a","name":\n')],
    ['lacks an id', (socket) => socket.write('{"name":"status","input":{}}\n')],
    ['has an empty id', (socket) => socket.write('{"id":"","name":"status","input":{}}\n')],
    [
      'has members besides',
      (socket) => socket.write('{"id":"a","name":"status","input":{},"session":{"actor":"ana"}}\n'),
    ],
    ['is a list', (socket) => socket.write('[]\n')],
    ['is no UTF-8', (socket) => socket.write(Buffer.from('7b226964223a22ff227d0a', 'hex'))],
    ['is nested a million times', (socket) => socket.write(`${'['.repeat(1_000_000)}\n`)],
    [
      'never ends',
      (socket) => {
        const more = (): void => {
          while (socket.writable && socket.write('x'.repeat(65_536)));
          socket.once('drain', more);
        };
        more();
      },
    ],
  ];

  it.each(hostile)('because it %s ends its connection and no other', async (_, send) => {
    const data = folder();
    const { door, heard } = await open(data);
    const remote = await connect(data);
    const { socket, closed } = await raw(door);
    send(socket);
    await closed;
    expect(heard).toEqual([]);
    expect(await remote.call('status', {}, 'a')).toMatchObject({ ok: true });
  });

  it('that goes away before its answer disturbs nobody', async () => {
    const data = folder();
    let finish = (): void => undefined;
    const slow = new Promise<void>((done) => (finish = done));
    const { door, heard } = await open(data, async () => {
      await slow;
      return { ok: true, value: 1 };
    });
    const { socket, closed } = await raw(door);
    socket.write('{"id":"a","name":"status","input":{}}\n');
    while (heard.length === 0) await turn();
    socket.destroy();
    await closed;
    finish();
    expect(await (await connect(data)).call('status', {}, 'b')).toMatchObject({ ok: true });
  });
});

describe('a connection', () => {
  it('takes a line in any pieces and several lines in one', async () => {
    const { door } = await open(folder());
    const { socket, line } = await raw(door);
    for (const byte of Buffer.from('{"id":"ü","name":"status","input":{}}\n')) {
      socket.write(Buffer.from([byte]));
      await turn();
    }
    expect(JSON.parse(await line(1))).toMatchObject({ id: 'ü', reply: { ok: true } });
    socket.write('{"id":"b","name":"x","input":1}\n{"id":"c","name":"y","input":2}\n');
    expect([JSON.parse(await line(2)).id, JSON.parse(await line(3)).id]).toEqual(['b', 'c']);
  });

  it('that asks without reading is not read either, so that it cannot fill the memory', async () => {
    const data = folder();
    const large = 'x'.repeat(200_000);
    const { door, heard } = await open(data, () => ({ ok: true, value: large }));
    const socket = createConnection(door.address);
    cleanups.push(() => socket.destroy());
    await new Promise((connected) => socket.once('connect', connected));
    socket.pause();
    const asked = 5000;
    for (let n = 0; n < asked; n++) socket.write(`{"id":"${n}","name":"status","input":{}}\n`);
    const other = await connect(data);
    for (let n = 0; n < 50; n++) await other.call('status', {}, `other-${n}`);
    expect(heard.filter(({ request }) => !request?.startsWith('other')).length).toBeLessThan(asked / 10);
  });

  it('beyond the sixty-fourth is turned away, and there is room again when one ends', async () => {
    const data = folder();
    await open(data);
    const many = await Promise.all(Array.from({ length: 64 }, () => connect(data)));
    expect(await connectEngine(data)).toBeNull();
    many[0]!.close();
    let again = await connectEngine(data);
    while (!again) again = await connectEngine(data);
    again.close();
  });

  it('finds its way by the address file alone', async () => {
    const data = folder();
    const { door } = await open(data);
    expect(readFileSync(join(data, 'engine.address'), 'utf8')).toBe(door.address);
  });
});
