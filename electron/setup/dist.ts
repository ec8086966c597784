/**
 * `npm run dist` makes the packages of this platform, `npm run dist:dir` the unpacked application. Invariant: only the
 * official Electron is ever shipped; the repack goes no further than an unpacked application for tests.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { OUT, ROOT, tool } from './paths.ts';
import { run } from './processes.ts';
import { ensureRuntime } from './runtime.ts';
import { say, SetupProblem, step } from './say.ts';

export async function main(args: string[]): Promise<number> {
  const unpacked = args.includes('--dir');
  const unknown = args.find((argument) => argument !== '--dir');
  if (unknown !== undefined) throw new SetupProblem(`dist does not know "${unknown}"; it takes --dir or nothing.`);
  if (OUT !== join(ROOT, 'out')) throw new SetupProblem('a package is made from out/; unset HOLDFAST_OUT.');
  const runtime = await ensureRuntime();
  if (!unpacked && !runtime.official) {
    throw new SetupProblem(
      `packages are made with the official Electron only, and this is a third party's repack of ${runtime.version}. ` +
        'Run npm run dist where GitHub can be reached, or npm run dist:dir for an unpacked application to test.',
    );
  }
  await ensureBuilt();
  if (unpacked) rmSync(join(ROOT, 'dist', unpackedFolder()), { recursive: true, force: true });
  const done = await step(unpacked ? 'Making the unpacked application' : 'Making the packages', () =>
    run(
      process.execPath,
      [
        tool('electron-builder'),
        '--config',
        'electron-builder.yml',
        '--publish',
        'never',
        ...(unpacked ? ['--dir'] : []),
        `-c.electronDist=${runtime.dist}`,
        `-c.electronVersion=${runtime.version}`,
      ],
      {
        cwd: ROOT,
        env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: process.env.CSC_IDENTITY_AUTO_DISCOVERY ?? 'false' },
      },
    ),
  );
  if (done.code !== 0)
    throw new SetupProblem(`electron-builder failed:\n${done.output.trim().split('\n').slice(-25).join('\n')}`);
  say(`Done: dist/${unpacked ? unpackedFolder() : ''}`);
  return 0;
}

/** Where electron-builder puts the unpacked application of this platform, below `dist/`. */
export function unpackedFolder(): string {
  const arch = process.arch === 'x64' ? '' : `-${process.arch}`;
  if (process.platform === 'darwin') return `mac${arch}`;
  return `${process.platform === 'win32' ? 'win' : 'linux'}${arch}-unpacked`;
}
