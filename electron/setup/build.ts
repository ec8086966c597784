/**
 * The built application in `out/`. Invariant: its stamp is written last and removed first, so that a build that was
 * interrupted is never taken for a whole one.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { OUT, ROOT, tool } from './paths.ts';
import { run } from './processes.ts';
import { SetupProblem, step } from './say.ts';

const SOURCES = ['assets', 'electron', 'renderer', 'shared', 'package.json', 'package-lock.json', 'tsconfig.json'];
const STAMP = join(OUT, '.stamp');
const LOCK = `${OUT}.lock`;

/** Path, size and time of every source file, hashed: cheap enough for every start. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (path: string): void => {
    const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(join(ROOT, path)).sort()) visit(`${path}/${name}`);
    } else {
      hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  for (const path of SOURCES) visit(path);
  return hash.digest('hex');
}

function stamped(): string | null {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return null;
  }
}

/** Builds if a source changed since the last whole build. Two scripts that come at once build one after the other. */
export async function ensureBuilt(): Promise<void> {
  if (stamped() === fingerprint()) return;
  await withLock(async () => {
    const current = fingerprint();
    if (stamped() === current) return;
    rmSync(STAMP, { force: true });
    const done = await step('Building', () =>
      run(
        process.execPath,
        [tool('electron-vite'), 'build', '--config', 'electron/electron.vite.config.ts', '--logLevel', 'warn'],
        { cwd: ROOT },
      ),
    );
    if (done.code !== 0) throw new SetupProblem(`the build failed:\n${stripVTControlCharacters(done.output).trim()}`);
    writeFileSync(STAMP, current);
  });
}

async function withLock(work: () => Promise<void>): Promise<void> {
  const holder = join(LOCK, 'pid');
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (!alive(holder)) rmSync(LOCK, { recursive: true, force: true });
      else await delay(200);
    }
  }
  try {
    writeFileSync(holder, String(process.pid));
    await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

/** Whether the process that took the lock still runs. A lock younger than a second may not have its id yet. */
function alive(holder: string): boolean {
  try {
    const pid = Number(readFileSync(holder, 'utf8'));
    // 0 would mean our own group: an id that was not written yet.
    if (pid > 0) return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') return true;
  }
  const stat = statSync(LOCK, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs < 1000;
}

export async function main(): Promise<number> {
  await ensureBuilt();
  return 0;
}
