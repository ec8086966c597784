/** The unpacked application as a person would get it: outside the project, locked by its fuses, with Chromium's sandbox. */
import { getRawHeader } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { unpackedFolder } from '../../electron/setup/dist.ts';
import { consoleEnvironment, expect, test } from './console.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const root = process.getuid?.() === 0;
const NOBODY = 65_534;

test.describe.configure({ mode: 'serial', timeout: 240_000 });
test.skip(process.platform !== 'linux', 'reads /proc and the layout of a Linux package');

let folder = '';
let application = '';

test.beforeAll(() => {
  const { HOLDFAST_OUT: _, ...env } = process.env;
  const made = spawnSync(process.execPath, [join(ROOT, 'electron/setup/run.mjs'), 'dist', '--dir'], {
    env,
    encoding: 'utf8',
  });
  expect(made.stderr).toContain('Done: dist/');
  folder = mkdtempSync(join(tmpdir(), 'holdfast-package-'));
  chmodSync(folder, 0o755);
  application = join(folder, 'app');
  cpSync(join(ROOT, 'dist', unpackedFolder()), application, { recursive: true });
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

test('its fuses are set', async () => {
  const wire = await getCurrentFuseWire(join(application, 'holdfast'));
  const on = (fuse: FuseV1Options): boolean => wire[fuse] === FuseState.ENABLE;
  expect({
    runAsNode: on(FuseV1Options.RunAsNode),
    cookieEncryption: on(FuseV1Options.EnableCookieEncryption),
    nodeOptions: on(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    nodeCliInspect: on(FuseV1Options.EnableNodeCliInspectArguments),
    asarIntegrity: on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyAsar: on(FuseV1Options.OnlyLoadAppFromAsar),
    fileProtocol: on(FuseV1Options.GrantFileProtocolExtraPrivileges),
  }).toEqual({
    runAsNode: false,
    cookieEncryption: true,
    nodeOptions: false,
    nodeCliInspect: false,
    asarIntegrity: true,
    onlyAsar: true,
    fileProtocol: false,
  });
});

test('it carries the console, its assets and the two builds of the database, and nothing else', () => {
  const resources = join(application, 'resources');
  const top = Object.keys((getRawHeader(join(resources, 'app.asar')).header as { files: object }).files);
  expect(top.toSorted()).toEqual(['assets', 'node_modules', 'out', 'package.json']);
  const modules = join(resources, 'app.asar.unpacked', 'node_modules');
  const builds = ['better-sqlite3', 'better-sqlite3-multiple-ciphers'];
  expect(readdirSync(modules).toSorted()).toEqual(builds);
  for (const build of builds)
    expect(readdirSync(join(modules, build, 'prebuilds'))).toEqual([`linux-${process.arch}.node`]);
});

test('it starts outside the project and shows its first screen', async () => {
  const started = start(application, root ? ['--no-sandbox'] : [], {});
  expect(await started.line(/^holdfast: ready/)).toContain(`folder=${started.data}`);
  expect(existsSync(join(started.data, 'holdfast.db'))).toBe(true);
  await started.stop();
});

test('it is no Node for whoever asks', () => {
  const done = spawnSync(
    join(application, 'holdfast'),
    [...(root ? ['--no-sandbox'] : []), '-e', 'console.log("node runs")'],
    {
      env: consoleEnvironment({ ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--require /nonexistent' }),
      encoding: 'utf8',
    },
  );
  expect(done.status).toBe(2);
  expect(done.stdout).not.toContain('node runs');
  expect(done.stderr).toContain('holdfast: not started');
});

test('as an ordinary user it runs in Chromium’s sandbox', async () => {
  const user = root ? { uid: NOBODY, gid: NOBODY } : {};
  const allowed = spawnSync('unshare', ['--user', '--map-root-user', 'true'], user).status === 0;
  test.skip(!allowed && process.env.CI === undefined, 'this kernel forbids unprivileged user namespaces');
  const started = start(application, [], user);
  await started.line(/^holdfast: ready/);
  const pages = started.descendants().filter((pid) => read(pid, 'cmdline').includes('--type=renderer'));
  expect(pages.length).toBeGreaterThan(0);
  for (const pid of pages) {
    const status = read(pid, 'status');
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
  }
  await started.stop();
});

interface Started {
  data: string;
  /** The first line on stderr that matches; rejects when the program ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Ids of all processes below it. */
  descendants(): number[];
  stop(): Promise<void>;
}

/** Starts the application as a desktop would, from `/`, as `user`. */
function start(application: string, switches: string[], user: { uid?: number; gid?: number }): Started {
  const home = mkdtempSync(join(folder, 'home-'));
  const data = join(home, 'data');
  const authority = join(home, 'authority');
  mkdirSync(data);
  const env = consoleEnvironment({ HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XDG_RUNTIME_DIR: home });
  if (env.XAUTHORITY) {
    copyFileSync(env.XAUTHORITY, authority);
    env.XAUTHORITY = authority;
  }
  if (user.uid !== undefined)
    for (const path of [home, data, ...(env.XAUTHORITY ? [authority] : [])]) chownSync(path, user.uid, user.gid!);
  const child: ChildProcess = spawn(join(application, 'holdfast'), [...switches, '--data', data], {
    cwd: '/',
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  createInterface({ input: child.stderr! }).on('line', (line) => {
    lines.push(line);
    tell();
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void gone.then(tell);
  return {
    data,
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined && child.exitCode === null && child.signalCode === null) return;
          listeners.delete(look);
          if (found === undefined) reject(new Error(`it ended without saying it:\n${lines.join('\n')}`));
          else resolve(found);
        };
        listeners.add(look);
        look();
      }),
    descendants: () => {
      const parents = new Map<number, number>();
      for (const name of readdirSync('/proc')) {
        const parent = /^\d+$/.test(name) ? /^PPid:\s+(\d+)$/m.exec(read(Number(name), 'status'))?.[1] : undefined;
        if (parent !== undefined) parents.set(Number(name), Number(parent));
      }
      const below = (pid: number): number[] =>
        [...parents].flatMap(([id, parent]) => (parent === pid ? [id, ...below(id)] : []));
      return below(child.pid!);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** A file of /proc; empty once the process has gone. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
