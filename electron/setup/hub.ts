/**
 * `npm run hub`: a nats-server with JetStream for trying what consoles do together, until Ctrl+C. It listens on this machine
 * only unless `--host` says otherwise, and keeps what it is given in `--data` (default `hub` in the project's folder's `out`).
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './paths.ts';
import { own, which } from './processes.ts';
import { SetupProblem, say } from './say.ts';

export async function main(args: string[]): Promise<number> {
  const { data, host, port, config } = optionsOf(args);
  const server = which('nats-server');
  if (server === null)
    throw new SetupProblem(
      'there is no nats-server here. Install it: sudo apt-get install nats-server (or from https://nats.io).',
    );
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), data ?? join(ROOT, 'out', 'hub'));
  mkdirSync(folder, { recursive: true });
  const file =
    config === undefined
      ? localConfig(folder, `${host}:${port}`)
      : resolve(process.env.INIT_CWD ?? process.cwd(), config);
  const child = own(spawn(server, ['--config', file], { stdio: ['ignore', 'inherit', 'inherit'] }));
  if (config === undefined) {
    say(`The hub listens on nats://${host}:${port} and keeps its streams in ${folder}. Ctrl+C ends it.`);
    say(`Tell each console: npm run -s cli -- hub set nats://${host}:${port} acme-retail (or the Link screen, g l).`);
  }
  return new Promise((done) => {
    child.once('error', (error) => {
      say(`holdfast: ${server} cannot be started: ${error.message}`);
      done(1);
    });
    child.once('close', (status) => done(status ?? 0));
  });
}

/**
 * `local.conf` with our first lines, beside the streams: a server of 2.9 refuses a switch for what its file says.
 * @returns its path
 */
function localConfig(folder: string, listen: string): string {
  const text = readFileSync(join(ROOT, 'assets', 'hub', 'local.conf'), 'utf8')
    .replace(/^LISTEN: .*$/m, () => `LISTEN: ${JSON.stringify(listen)}`)
    .replace(/^STORE: .*$/m, () => `STORE: ${JSON.stringify(folder)}`);
  const path = join(folder, 'hub.conf');
  writeFileSync(path, text);
  return path;
}

function optionsOf(args: string[]): { data?: string; host: string; port: string; config?: string } {
  try {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '4222' },
        config: { type: 'string' },
      },
    });
    if (!/^\d{1,5}$/.test(values.port)) throw new Error(`--port wants a number, such as 4222, not "${values.port}"`);
    return values;
  } catch (error) {
    throw new SetupProblem(
      `${(error as Error).message}. Usage: npm run hub -- [--host HOST] [--port PORT] [--data DIR] [--config FILE]`,
    );
  }
}
