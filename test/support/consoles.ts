/** Consoles without a window that a test starts and that end with it. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MODULE = fileURLToPath(new URL('console-process.ts', import.meta.url));

export interface RunningConsole {
  child: ChildProcess;
  /** Resolves when the process is gone. */
  gone: Promise<unknown>;
  /** Closes its files, as a person who quits does. */
  close(): Promise<unknown>;
}

/** Opens `data` and waits until its door is open. */
export async function startConsole(data: string, ...args: string[]): Promise<RunningConsole> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = fork(MODULE, ['--data', data, ...args], {
    env,
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  onTestFinished(() => void child.kill('SIGKILL'));
  await Promise.race([
    once(child, 'message'),
    gone.then(() => {
      throw new Error('the console did not start');
    }),
  ]);
  return {
    child,
    gone,
    close: () => {
      child.send('close');
      return gone;
    },
  };
}
