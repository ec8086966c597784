/**
 * Real servers for tests: prometheus, prometheus-alertmanager, nats-server, each on free ports of this machine with a
 * folder of its own, ready when it is handed over, stopped by its process id.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  accessSync,
  constants,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type ServerName = 'prometheus' | 'prometheus-alertmanager' | 'nats-server';

/** Where Debian puts them, which is not on every user's path. */
const FOLDERS = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
];

function find(name: ServerName): string | null {
  for (const folder of FOLDERS) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * Whether tests must do without some of these servers; says so by name. Under CI=true it never is so: then the test runs
 * and fails. Use as `describe.skipIf(missing('prometheus'))`.
 */
export function missing(...names: ServerName[]): boolean {
  const absent = names.filter((name) => find(name) === null);
  if (absent.length === 0) return false;
  const advice = `apt-get install ${absent.join(' ')}`;
  if (process.env['CI'] === 'true') return false;
  console.warn(`\n  SKIPPED: ${absent.join(', ')} ${absent.length === 1 ? 'is' : 'are'} not installed (${advice})\n`);
  return true;
}

export interface Server {
  name: ServerName;
  url: string;
  port: number;
  pid: number;
  /** Its folder; gone after `stop`. */
  directory: string;
  /** Kills it as a power cut would; its folder and port stay, so that it can be started again. */
  kill(): Promise<void>;
  /** Starts it again after `kill`. */
  restart(): Promise<void>;
  /** Freezes it (SIGSTOP): connections are taken by the system and never answered. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
  /** What it wrote. */
  log(): string;
}

interface Recipe {
  name: ServerName;
  port: number;
  directory: string;
  args: string[];
  ready: () => Promise<boolean>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts what a recipe says; it is ready when it is handed over. */
export async function startServer(recipe: Recipe): Promise<Server> {
  const { name, port, directory } = recipe;
  const file = find(name);
  if (file === null) throw new Error(`${name} is not installed: apt-get install ${name}`);
  const output = join(directory, 'server.log');
  let child: ChildProcess | null = null;
  let ended: Promise<void> = Promise.resolve();

  const launch = async () => {
    const one = spawn(file, recipe.args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = createWriteStream(output, { flags: 'a' });
    one.stdout?.pipe(log, { end: false });
    one.stderr?.pipe(log, { end: false });
    running.add(one);
    child = one;
    ended = new Promise((resolve) =>
      one.once('exit', () => {
        running.delete(one);
        log.end();
        resolve();
      }),
    );
    await until(`${name} to be ready on port ${port}`, async () => {
      if (one.exitCode !== null)
        throw new Error(`${name} ended with ${one.exitCode}:\n${readFileSync(output, 'utf8').slice(-2000)}`);
      return recipe.ready();
    });
  };
  const end = async (signal: NodeJS.Signals) => {
    child?.kill('SIGCONT');
    child?.kill(signal);
    await ended;
  };
  await launch();
  return {
    name,
    port,
    directory,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child!.pid!;
    },
    kill: () => end('SIGKILL'),
    restart: launch,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    stop: async () => {
      await end('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
    log: () => readFileSync(output, 'utf8'),
  };
}

export interface PrometheusOptions {
  /** Body of a rule group's `rules`, as YAML list items. */
  rules?: string;
  /** Scrape targets, host:port. */
  targets?: string[];
  /** Addresses of Alertmanagers, host:port. */
  alertmanagers?: string[];
  /** More of the command line. */
  args?: string[];
  /** Basic authentication: user → bcrypt hash. */
  users?: Record<string, string>;
}

/** A Prometheus that scrapes and evaluates every second. */
export async function startPrometheus({
  rules = '',
  targets = [],
  alertmanagers = [],
  args = [],
  users,
}: PrometheusOptions = {}): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-prometheus-'));
  const port = await freePort();
  const list = (addresses: string[]) => JSON.stringify(addresses);
  writeFileSync(
    join(directory, 'prometheus.yml'),
    [
      'global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}',
      'rule_files: [rules.yml]',
      'scrape_configs:',
      `  - {job_name: self, static_configs: [{targets: ${list([`127.0.0.1:${port}`])}}]}`,
      ...(targets.length > 0 ? [`  - {job_name: shop, static_configs: [{targets: ${list(targets)}}]}`] : []),
      ...(alertmanagers.length > 0
        ? [`alerting: {alertmanagers: [{static_configs: [{targets: ${list(alertmanagers)}}]}]}`]
        : []),
    ].join('\n'),
  );
  writeFileSync(
    join(directory, 'rules.yml'),
    rules === '' ? 'groups: []\n' : `groups:\n  - name: test\n    rules:\n${indent(rules, 6)}\n`,
  );
  const web: string[] = [];
  if (users) {
    writeFileSync(join(directory, 'web.yml'), JSON.stringify({ basic_auth_users: users }));
    web.push('--web.config.file=web.yml');
  }
  return startServer({
    name: 'prometheus',
    port,
    directory,
    args: [
      '--config.file=prometheus.yml',
      '--storage.tsdb.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      '--rules.alert.resend-delay=1s',
      ...web,
      ...args,
    ],
    ready: () => answers(`http://127.0.0.1:${port}/-/ready`, users !== undefined),
  });
}

/** Replaces the rules of a running Prometheus. */
export async function loadRules(server: Server, rules: string): Promise<void> {
  writeFileSync(join(server.directory, 'rules.yml'), `groups:\n  - name: test\n    rules:\n${indent(rules, 6)}\n`);
  const response = await fetch(`${server.url}/-/reload`, { method: 'POST' });
  if (!response.ok) throw new Error(`the rules were refused: ${await response.text()}`);
}

/** An Alertmanager that passes alerts on to nobody. */
export async function startAlertmanager(inhibitRules = '[]'): Promise<Server> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-alertmanager-'));
  const port = await freePort();
  writeFileSync(
    join(directory, 'alertmanager.yml'),
    `route: {receiver: nobody, group_wait: 1s, group_interval: 1s}\nreceivers: [{name: nobody}]\ninhibit_rules: ${inhibitRules}\n`,
  );
  mkdirSync(join(directory, 'data'));
  return startServer({
    name: 'prometheus-alertmanager',
    port,
    directory,
    args: [
      '--config.file=alertmanager.yml',
      '--storage.path=data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    ready: () => answers(`http://127.0.0.1:${port}/-/ready`),
  });
}

/** Gives an Alertmanager alerts, firing until `endsAt` (default: in an hour). */
export async function postAlerts(
  server: Server,
  alerts: {
    labels: Record<string, string>;
    annotations?: Record<string, string>;
    startsAt?: string;
    endsAt?: string;
  }[],
): Promise<void> {
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const response = await fetch(`${server.url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts.map((alert) => ({ endsAt, ...alert }))),
  });
  if (!response.ok) throw new Error(`the alerts were refused: ${await response.text()}`);
}

/** A port that nobody used a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/**
 * Waits until `fact` holds and gives what it gave. Fails with `what` after `limitMs`.
 * An exception from `fact` ends the waiting.
 */
export async function until<T>(what: string, fact: () => T | Promise<T>, limitMs = 30_000): Promise<NonNullable<T>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await fact();
    if (found) return found as NonNullable<T>;
    if (performance.now() > end) throw new Error(`Waited ${limitMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(url: string, anyStatus = false): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await response.arrayBuffer();
    return anyStatus ? response.status < 500 : response.ok;
  } catch {
    return false;
  }
}

function indent(text: string, by: number): string {
  return text
    .trim()
    .split('\n')
    .map((line) => ' '.repeat(by) + line)
    .join('\n');
}
