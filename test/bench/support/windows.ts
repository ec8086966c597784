/**
 * Real windows for the benches, started as a person starts them and watched from outside. Invariant: the console and the
 * bare window are started with the same runtime, switches and display, and are timed by the same mark: a line on stderr
 * when a frame with their content has been painted.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { own } from '../../../electron/setup/processes.ts';
import { prepareWindow, type PreparedWindow } from '../../../electron/setup/window.ts';

const BARE = fileURLToPath(new URL('../bare/main.mjs', import.meta.url));
/** How long a window may take to paint, ms. */
const PAINT_LIMIT = 60_000;

export interface OpenWindow {
  pid: number;
  /** From the start of its process to its first meaningful frame, ms. */
  paintMs: number;
  /** Quits as a person does; resolves when the process is gone. */
  close(): Promise<void>;
}

export class Windows {
  readonly prepared: PreparedWindow;
  /** A folder of this bench's own, on the disk for temporary files. */
  readonly folder: string;

  private constructor(prepared: PreparedWindow, folder: string) {
    this.prepared = prepared;
    this.folder = folder;
  }

  static async prepare(): Promise<Windows> {
    const prepared = await prepareWindow();
    return new Windows(prepared, mkdtempSync(join(tmpdir(), 'holdfast-bench-')));
  }

  /** The console on the data folder `data`. */
  openConsole(data: string): Promise<OpenWindow> {
    return this.#open([this.prepared.entry, '--data', data], /^holdfast: ready /);
  }

  /** The baseline. */
  openBare(): Promise<OpenWindow> {
    const profile = join(this.folder, 'bare');
    mkdirSync(profile, { recursive: true });
    return this.#open([BARE, profile], /^bare: ready$/);
  }

  async #open(args: string[], mark: RegExp): Promise<OpenWindow> {
    const { runtime, switches, display } = this.prepared;
    const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env;
    const started = performance.now();
    const child = own(
      spawn(runtime.executable, [...switches, ...args], {
        env: { ...env, ...display },
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    const paintMs = await painted(child, mark, started);
    return { pid: child.pid!, paintMs, close: () => close(child) };
  }

  stop(): void {
    this.prepared.stop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function painted(child: ChildProcess, mark: RegExp, started: number): Promise<number> {
  const said: string[] = [];
  const timer = setTimeout(() => child.kill('SIGKILL'), PAINT_LIMIT);
  try {
    return await new Promise<number>((done, fail) => {
      createInterface({ input: child.stderr! }).on('line', (line) => {
        if (mark.test(line)) done(performance.now() - started);
        said.push(line);
      });
      child.once('exit', (code) =>
        fail(new Error(`the window ended (${code}) before it had painted:\n${said.slice(-10).join('\n')}`)),
      );
    });
  } finally {
    clearTimeout(timer);
  }
}

async function close(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}
