/** `npm start`: everything a console needs on this machine, then the console. */
import { spawn } from 'node:child_process';
import { isAbsolute, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { own } from './processes.ts';
import { say } from './say.ts';
import { prepareWindow } from './window.ts';

/** What Chromium says on machines without a message bus; it works without one. */
const NOISE = /:ERROR:dbus\//;

export async function main(args: string[]): Promise<number> {
  const { runtime, switches, entry, display, stop } = await prepareWindow();
  if (display.DISPLAY) say(`No display here: the window is on a virtual one (DISPLAY=${display.DISPLAY}).`);
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const holdfast = own(
    spawn(runtime.executable, [...switches, entry, ...withCallersPaths(args)], {
      env: { ...env, ...display },
      stdio: ['ignore', 'inherit', 'pipe'],
      // Apart from the terminal's group: Ctrl+C reaches the window once, through us, and it closes its engine in order.
      detached: process.platform !== 'win32',
    }),
  );
  createInterface({ input: holdfast.stderr! }).on('line', (line) => {
    if (!NOISE.test(line)) say(line);
  });
  const code = await new Promise<number>((done) => {
    holdfast.once('error', (error) => {
      say(`holdfast: ${runtime.executable} cannot be started: ${error.message}`);
      done(1);
    });
    holdfast.once('close', (status) => done(status ?? 1));
  });
  stop();
  return code;
}

/** A relative `--data` is meant from where the person typed it; npm has moved to the project's folder. */
function withCallersPaths(args: string[]): string[] {
  const from = process.env.INIT_CWD ?? process.cwd();
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(from, path));
  return args.map((arg, index) => {
    if (arg.startsWith('--data=') && arg.length > 7) return `--data=${absolute(arg.slice(7))}`;
    return args[index - 1] === '--data' && arg !== '' && !arg.startsWith('--') ? absolute(arg) : arg;
  });
}
