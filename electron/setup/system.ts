/**
 * System packages. Invariant: asks the system what is missing (the loader for libraries, PATH for programs) instead of
 * trusting package names, and installs only as root on a system with apt; elsewhere it names the one command to run.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { run, which } from './processes.ts';
import { SetupProblem, say, step } from './say.ts';

/** One thing the system must offer, and what it is called by each package manager. Several names: the first that exists. */
interface Need {
  packages: Record<Manager, readonly string[]>;
}
type Manager = 'apt-get' | 'dnf' | 'pacman' | 'zypper';

const same = (name: string): Need['packages'] => ({ 'apt-get': [name], dnf: [name], pacman: [name], zypper: [name] });

/** What Electron's window links to or opens by name at run time. */
const WINDOW: readonly Need[] = [
  { packages: { 'apt-get': ['libnss3'], dnf: ['nss'], pacman: ['nss'], zypper: ['mozilla-nss'] } },
  { packages: { 'apt-get': ['libgtk-3-0t64', 'libgtk-3-0'], dnf: ['gtk3'], pacman: ['gtk3'], zypper: ['gtk3'] } },
  {
    packages: {
      'apt-get': ['libasound2t64', 'libasound2'],
      dnf: ['alsa-lib'],
      pacman: ['alsa-lib'],
      zypper: ['libasound2'],
    },
  },
  { packages: { 'apt-get': ['libgbm1'], dnf: ['mesa-libgbm'], pacman: ['mesa'], zypper: ['libgbm1'] } },
  { packages: { 'apt-get': ['libxss1'], dnf: ['libXScrnSaver'], pacman: ['libxss'], zypper: ['libXss1'] } },
  { packages: { 'apt-get': ['libsecret-1-0'], dnf: ['libsecret'], pacman: ['libsecret'], zypper: ['libsecret-1-0'] } },
];
const DISPLAY: readonly Need[] = [
  {
    packages: {
      'apt-get': ['xvfb'],
      dnf: ['xorg-x11-server-Xvfb'],
      pacman: ['xorg-server-xvfb'],
      zypper: ['xorg-x11-server-Xvfb'],
    },
  },
];
/** Real servers that the integration tests start; without one, the tests that need it are skipped by name. */
export const TEST_SERVERS = ['nats-server', 'prometheus', 'prometheus-alertmanager'] as const;

/** Opened by name at run time, so the loader does not list it as needed. */
const OPENED_BY_NAME = ['libsecret-1.so.0'];

/** Shared libraries that `electron` needs and the system does not have. Always empty where the loader cannot be asked. */
export async function missingLibraries(electron: string): Promise<string[]> {
  if (process.platform !== 'linux' || which('ldd') === null) return [];
  const [linked, known] = await Promise.all([
    run('ldd', [electron], { env: { ...process.env, LD_LIBRARY_PATH: dirname(electron), LC_ALL: 'C' } }),
    run(which('ldconfig') ?? 'ldconfig', ['-p']).catch(() => null),
  ]);
  const missing = [...linked.output.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]!);
  if (known?.code === 0) missing.push(...OPENED_BY_NAME.filter((name) => !known.output.includes(`\t${name} `)));
  return [...new Set(missing)];
}

export interface Wanted {
  /** Path of the Electron executable whose libraries must be there; null leaves libraries out. */
  electron: string | null;
  /** Whether a virtual display will be needed. */
  display: boolean;
  /** Whether the servers of the integration tests are wanted. Their absence never stops a run here. */
  servers: boolean;
}

/** Makes the system offer what is wanted. Throws a SetupProblem with the exact command when a person has to do it. */
export async function ensureSystem(wanted: Wanted): Promise<void> {
  if (process.platform !== 'linux') return;
  const libraries = wanted.electron === null ? [] : await missingLibraries(wanted.electron);
  const display = wanted.display && which('Xvfb') === null;
  const servers = wanted.servers ? TEST_SERVERS.filter((name) => which(name) === null) : [];
  const required: Need[] = [...(libraries.length > 0 ? WINDOW : []), ...(display ? DISPLAY : [])];
  const needs = [...required, ...servers.map((name) => ({ packages: same(name) }))];
  if (needs.length === 0) return;

  const manager = (['apt-get', 'dnf', 'pacman', 'zypper'] as const).find((name) => which(name) !== null);
  if (manager === 'apt-get' && process.getuid?.() === 0) {
    await install(needs);
    const still = wanted.electron === null ? [] : await missingLibraries(wanted.electron);
    if (still.length > 0) throw new SetupProblem(`still missing after the installation: ${still.join(', ')}.`);
    return;
  }
  const what = [...libraries, ...(display ? ['Xvfb'] : []), ...servers].join(', ');
  const command = await commandFor(manager, needs);
  if (required.length > 0) throw new SetupProblem(`missing on this system: ${what}. ${command}`);
  say(`Tests that need ${servers.join(', ')} will be skipped. ${command}`);
}

async function commandFor(manager: Manager | undefined, needs: readonly Need[]): Promise<string> {
  if (manager === undefined) return 'Install them with the package manager of this system.';
  const names = manager === 'apt-get' ? await availableNames(needs) : needs.map((need) => need.packages[manager][0]!);
  const verb = {
    'apt-get': 'apt-get install -y',
    dnf: 'dnf install -y',
    pacman: 'pacman -S --needed',
    zypper: 'zypper install',
  }[manager];
  return `Run: sudo ${verb} ${names.join(' ')}`;
}

/** Package names as this release calls them (Debian 13 and Ubuntu 24.04 renamed some to …t64). */
async function availableNames(needs: readonly Need[]): Promise<string[]> {
  const alternatives = needs.map((need) => need.packages['apt-get']);
  const policy = await run('apt-cache', ['policy', ...alternatives.flat()], { env: { ...process.env, LC_ALL: 'C' } });
  const available = new Set<string>();
  for (const [, name, body] of policy.output.matchAll(/^(\S+):\n((?:[ \t].*\n?)+)/gm)) {
    if (!/Candidate: \(none\)/.test(body!)) available.add(name!);
  }
  return alternatives.map((names) => names.find((name) => available.has(name)) ?? names.at(-1)!);
}

async function install(needs: readonly Need[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const apt = async (label: string, args: string[]): Promise<void> => {
    const done = await step(label, () => run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', ...args], { env }));
    if (done.code !== 0) {
      const names = await availableNames(needs);
      throw new SetupProblem(
        `${label} failed:\n${done.output.trim().split('\n').slice(-8).join('\n')}\nBy hand: apt-get update && apt-get install -y ${names.join(' ')}`,
      );
    }
  };
  await apt('Reading the lists of system packages', ['update']);
  const names = await availableNames(needs);
  const unblock = blockServices();
  try {
    await apt(`Installing system packages (${names.join(' ')})`, [
      'install',
      '-y',
      '--no-install-recommends',
      ...names,
    ]);
  } finally {
    unblock();
  }
}

/** Debian starts a server when its package is installed; the tests want the programs, not daemons on their default ports. */
function blockServices(): () => void {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return () => undefined;
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(policy, { force: true });
}
