/**
 * The console under test. Invariant: each test has a data folder of its own, waits for facts that the console states
 * (`data-ready`, a reply, a process that is gone) and leaves no process behind.
 */
import { _electron, test as base, expect, type ElectronApplication, type Page } from '@playwright/test';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { openDisplay } from '../../electron/setup/display.ts';
import type { Bridge } from '../../shared/contract/bridge.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';

export { expect };

declare global {
  interface Window {
    readonly holdfast: Bridge;
  }
}

export interface OpenOptions {
  /** Another data folder than the test's own. */
  folder?: string;
  /** Load the demonstration into a new folder; most tests of the shell do without. */
  demonstration?: boolean;
  /** Further arguments of the console. */
  args?: string[];
  /** Switches for Chromium. */
  switches?: string[];
  env?: Record<string, string>;
  /** The fact to wait for: a screen with its data, or only the page. */
  until?: 'ready' | 'page';
}

export class Console {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #lines: string[] = [];
  readonly #onLine = new Set<() => void>();

  constructor(app: ElectronApplication, page: Page, folder: string) {
    this.app = app;
    this.page = page;
    this.folder = folder;
    this.#process = app.process();
    createInterface({ input: this.#process.stderr! }).on('line', (line) => {
      this.#lines.push(line);
      for (const told of this.#onLine) told();
    });
  }

  /** Waits until the shell has logged `event`, since the console was opened; the line. */
  logged(event: string): Promise<string> {
    return new Promise((resolve) => {
      const look = (): void => {
        const line = this.#lines.find((one) => one.startsWith(`holdfast: ${event}`));
        if (line === undefined) return;
        this.#onLine.delete(look);
        resolve(line);
      };
      this.#onLine.add(look);
      look();
    });
  }

  /** Calls the contract as a screen does. */
  call<K extends Name>(name: K, input: Input<K>): Promise<Reply<Output<K>>> {
    return this.page.evaluate(([name, input]) => window.holdfast.call(name, input as never), [
      name,
      input,
    ] as const) as Promise<Reply<Output<K>>>;
  }

  /** Calls and expects it to be done. */
  async done<K extends Name>(name: K, input: Input<K>): Promise<Output<K>> {
    const reply = await this.call(name, input);
    if (!reply.ok) throw new Error(`${name} was refused: ${reply.message}`);
    return reply.value;
  }

  /** Waits until a screen stands with its data. */
  async ready(): Promise<void> {
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }

  /** Process id of the data engine; null while there is none. */
  enginePid(): Promise<number | null> {
    return this.app.evaluate(
      ({ app }) =>
        app.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('Holdfast engine'))?.pid ??
        null,
    );
  }

  /** Quits as a person does and waits until the process is gone; after 10 s it is ended. */
  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    const limit = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await this.app.close().catch(() => this.#process.kill('SIGKILL'));
    await gone;
    clearTimeout(limit);
  }
}

interface Fixtures {
  /** A data folder of this test's own, absolute, removed afterwards. */
  folder: string;
  /** Opens a console; closed at the end of the test if the test has not. */
  open: (options?: OpenOptions) => Promise<Console>;
  /** The console on the demonstration estate, with its first screen up and its first signals in. */
  holdfast: Console;
}

export const test = base.extend<Fixtures, { display: void }>({
  // A person's display where there is one, else a virtual one for this worker alone.
  display: [
    async ({}, use) => {
      const { env, stop } = await openDisplay();
      Object.assign(process.env, env);
      await use();
      stop();
    },
    { scope: 'worker', auto: true },
  ],
  folder: async ({}, use) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-e2e-')));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  },
  open: async ({ folder }, use) => {
    const opened: Console[] = [];
    await use(async (options = {}) => {
      const app = await launch({ folder, ...options });
      const process_ = app.process();
      const page = await app.firstWindow().catch((error: unknown) => {
        process_.kill('SIGKILL');
        throw error;
      });
      const console_ = new Console(app, page, options.folder ?? folder);
      opened.push(console_);
      if (options.until === 'page') await page.waitForLoadState('load');
      else await console_.ready();
      return console_;
    });
    for (const console_ of opened) await console_.close();
  },
  holdfast: async ({ open }, use) => {
    const console_ = await open({ demonstration: true });
    // What a test reads first is then what the page goes on to show.
    await expect.poll(async () => (await console_.done('situation', {})).services.byHealth.healthy).toBeGreaterThan(0);
    await use(console_);
  },
});

/** Arguments with which Electron opens a console on `folder`. */
export function consoleArguments(options: OpenOptions & { folder: string }): string[] {
  const { folder, demonstration = false, args = [], switches = [] } = options;
  const forced = JSON.parse(process.env.HOLDFAST_SWITCHES!) as string[];
  return [
    ...forced,
    ...switches,
    process.env.HOLDFAST_ENTRY!,
    '--data',
    folder,
    ...(demonstration ? [] : ['--empty']),
    ...args,
  ];
}

/** The environment of a console: this one, without what would make Electron something else. */
export function consoleEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env as Record<string, string>;
  return { ...env, HOLDFAST_E2E: '1', ...more };
}

/**
 * Playwright's own hook, which holds the application back until Playwright is attached. It leaves the hook out when it is
 * given the runtime's path; then a window that opens while it attaches makes it wait for ever, about once in twenty times.
 */
const HOLD_BACK = join(
  dirname(createRequire(import.meta.url).resolve('playwright-core')),
  'lib/server/electron/loader.js',
);

/** Starts the real Electron on the built console, under Playwright. */
export async function launch(options: OpenOptions & { folder: string }): Promise<ElectronApplication> {
  const app = await _electron.launch({
    executablePath: process.env.HOLDFAST_ELECTRON!,
    args: ['-r', HOLD_BACK, ...consoleArguments(options)],
    env: consoleEnvironment(options.env),
  });
  return heardAgain(app);
}

/** What the inspector says when nobody but it still waits for an answer of the main process: then that was not heard. */
const UNHEARD = /promise was garbage collected/;

/** Seen twice in a row once in a few hundred tests. */
const MOST_ASKED = 10;

/** Asks the main process again when its answer was lost on the way; what tests ask there may be asked several times. */
function heardAgain(app: ElectronApplication): ElectronApplication {
  const ask = app.evaluate.bind(app) as (...args: unknown[]) => Promise<unknown>;
  const again = async (...args: unknown[]): Promise<unknown> => {
    for (let left = MOST_ASKED; ; left--) {
      try {
        return await ask(...args);
      } catch (error) {
        if (left === 1 || !UNHEARD.test(String(error))) throw error;
      }
    }
  };
  app.evaluate = again as typeof app.evaluate;
  return app;
}
