/** Windows that a bench drives from inside. */
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Windows } from './windows.ts';

/** Playwright's own hook, which holds the application back until Playwright is attached; it leaves it out when it is given the runtime's path. */
const HOLD_BACK = join(
  dirname(createRequire(import.meta.url).resolve('playwright-core')),
  'lib/server/electron/loader.js',
);

/** Frames as fast as they are made, not as a display shows them. */
const UNPACED = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

/**
 * @param args the application's first file and what it is given
 * @param paced whether frames wait for the display, as they do for a person
 */
export async function drive(
  { prepared: { runtime, switches, display } }: Windows,
  args: readonly string[],
  paced = true,
): Promise<{ app: ElectronApplication; page: Page }> {
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env as Record<string, string>;
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: ['-r', HOLD_BACK, ...switches, ...(paced ? [] : UNPACED), ...args],
    env: { ...env, ...display },
  });
  return { app, page: await app.firstWindow() };
}
