/** A nats-server with JetStream and whatever else its configuration says. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { jetstream, jetstreamManager, type StreamAPI } from '@nats-io/jetstream';
import { connect as connectTo } from '@nats-io/transport-node';
import { freePort, startServer, type Server } from './servers.ts';

export interface NatsOptions {
  /** Further lines of the configuration. */
  config?: string;
  /** Lines inside `jetstream { … }`. */
  jetstream?: string;
  port?: number;
}

const SHIPPED = new URL('../../assets/hub/', import.meta.url);

/** The settings by which a shipped configuration is made one's own: its lines that begin with a word in capitals. */
export type Settings = Record<string, string | readonly string[]>;

/** The text of a shipped configuration with other settings. @throws when it has no such setting, or one that differs elsewhere too */
export function shippedConfig(file: string, settings: Settings): string {
  return Object.entries(settings).reduce(
    (text, [name, value]) => {
      const line = new RegExp(`^${name}: .*$`, 'm');
      if (!line.test(text)) throw new Error(`${file} has no setting ${name}`);
      return text.replace(line, () => `${name}: ${JSON.stringify(value)}`);
    },
    readFileSync(new URL(file, SHIPPED), 'utf8'),
  );
}

/** A server with one of the configurations that are shipped; the caller stops it. */
export async function startShipped(file: string, settings: Settings = {}, port?: number): Promise<Nats> {
  const at = port ?? (await freePort());
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-nats-'));
  const own = { LISTEN: `127.0.0.1:${at}`, STORE: join(directory, 'data'), ...settings };
  writeFileSync(join(directory, 'nats.conf'), shippedConfig(file, own));
  return run(directory, at, () => {
    throw new Error('a shipped configuration stays as it is');
  });
}

export interface Nats extends Server {
  /** As a console is told. */
  hub: string;
  /** Writes its configuration anew; it counts from the next `restart` on. */
  configure(options: Omit<NatsOptions, 'port'>): void;
}

/** A server with JetStream in a folder of its own, ready when it is handed over; the caller stops it. */
export async function startNats(options: NatsOptions = {}): Promise<Nats> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-nats-'));
  const port = options.port ?? (await freePort());
  const configure = ({ config = '', jetstream = '' }: NatsOptions) =>
    writeFileSync(
      join(directory, 'nats.conf'),
      `listen: "127.0.0.1:${port}"\njetstream {\n  store_dir: "${directory}/data"\n  ${jetstream}\n}\n${config}\n`,
    );
  configure(options);
  return run(directory, port, configure);
}

async function run(directory: string, port: number, configure: Nats['configure']): Promise<Nats> {
  const server = await startServer({
    name: 'nats-server',
    port,
    directory,
    args: ['-c', 'nats.conf'],
    ready: () => greets(port),
  });
  return Object.assign(server, { hub: `nats://127.0.0.1:${port}`, configure });
}

/** Whether something on `port` says what a nats-server says first. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(500, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('INFO'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

/** Publishes bodies to a stream's subject as anybody could. */
export async function publishRaw(server: Nats, subject: string, bodies: readonly Uint8Array[]): Promise<void> {
  const connection = await connectTo({ servers: server.hub });
  const js = jetstream(connection);
  for (const body of bodies) await js.publish(subject, body);
  await connection.close();
}

/** Makes a stream, or gives the one of that name other settings. */
export async function setStream(server: Nats, config: Parameters<StreamAPI['add']>[0]): Promise<void> {
  const connection = await connectTo({ servers: server.hub });
  const { streams } = await jetstreamManager(connection);
  await streams.update(config.name, config).catch(() => streams.add(config));
  await connection.close();
}
