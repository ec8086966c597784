/**
 * Libraries that serve only as opponents. Invariant: they have a package.json and a lock of their own, are installed by the
 * bench that needs them exactly as locked, and nothing of the console can import them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, which } from '../../../electron/setup/processes.ts';
import { progress } from './report.ts';

export const OPPONENTS = fileURLToPath(new URL('../opponents/', import.meta.url));

/** Installs what the lock names, unless exactly that is there. Throws when npm can't. */
export async function installOpponents(): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync(join(OPPONENTS, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const there = Object.entries(dependencies).every(([name, version]) => {
    const file = join(OPPONENTS, 'node_modules', name, 'package.json');
    return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version === version;
  });
  if (there) return;
  progress('Installing the opponents …');
  const npm = which('npm');
  if (npm === null) throw new Error('the opponents of this bench are installed with npm, which is not in the PATH');
  const { code, output } = await run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: OPPONENTS });
  if (code !== 0) throw new Error(`npm could not install the opponents of this bench:\n${output.trim()}`);
}

/** The versions that a bench was run against. */
export function opponentVersions(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const file = join(OPPONENTS, 'node_modules', name, 'package.json');
      return [name, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version];
    }),
  );
}
