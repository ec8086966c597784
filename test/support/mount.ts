/** Small file systems of a test's own, to fill or to make read-only. Only where this user may mount. */
import { spawnSync } from 'node:child_process';
import { onTestFinished, type TestContext } from 'vitest';
import { scratch } from './scratch.ts';

/**
 * A file system of `bytes` in memory, mounted until the test is over. Skips the test, and says why, where that is not
 * allowed.
 */
export function smallDisk(context: TestContext, bytes: number): { path: string; remount(option: 'ro' | 'rw'): void } {
  const path = scratch();
  const mounted =
    process.platform === 'linux' &&
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path]).status === 0;
  if (!mounted) context.skip('only root on Linux may mount a small disk');
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]));
  return {
    path,
    remount(option) {
      const done = spawnSync('mount', ['-o', `remount,${option},size=${bytes}`, path], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(done.stderr);
    },
  };
}
