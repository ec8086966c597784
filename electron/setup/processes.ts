/**
 * Child processes of the set-up scripts. Invariant: nothing started here outlives the script. A signal goes to the
 * children and the script ends when they have; what they stand on (a display) goes last.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Finished {
  /** Exit status; 128 + signal number is not used: a signal gives 1. */
  code: number;
  /** What it printed on both streams, in order of arrival; empty when inherited. */
  output: string;
}

const children = new Set<ChildProcess>();
const supports = new Set<ChildProcess>();
/** How long children may take to end after a signal, ms. */
const PATIENCE = 10_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    process.exitCode = 1;
    for (const child of children) child.kill(signal);
    if (children.size === 0) process.exit();
    setTimeout(() => process.exit(), PATIENCE).unref();
  });
}
process.once('exit', () => {
  for (const child of [...children, ...supports]) child.kill();
});

/** Ends with the script whatever happens. A `support` is left alone by signals and ends last. */
export function own(child: ChildProcess, kind: 'child' | 'support' = 'child'): ChildProcess {
  const set = kind === 'child' ? children : supports;
  set.add(child);
  child.once('exit', () => set.delete(child));
  return child;
}

/** Runs to the end. Rejects only when the program cannot be started at all. */
export function run(
  command: string,
  args: readonly string[],
  options: SpawnOptions & {
    /** Show its output as it comes instead of keeping it. */ show?: boolean;
    /** ms */ limit?: number;
  } = {},
): Promise<Finished> {
  const { show = false, limit, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = own(spawn(command, args, { stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'], ...rest }));
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
    const timer = limit === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limit);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** Full path of a program, looked up in PATH and in the administrator's folders that an ordinary PATH leaves out. */
export function which(program: string): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (process.platform !== 'win32') folders.push('/usr/local/sbin', '/usr/sbin', '/sbin');
  for (const folder of folders) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}
