/** End to end: the real Electron, the built console, a data folder per test. No retries: a wavering test is a failing one. */
import { defineConfig } from '@playwright/test';
import { displayMissing } from '../../electron/setup/display.ts';

const report = process.env.HOLDFAST_REPORT;

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: './prepare.ts',
  // On one display windows would take the focus from each other; a virtual one costs nothing, so there each worker has its own.
  workers: displayMissing() ? 2 : 1,
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: report === undefined ? [['list']] : [['list'], ['json', { outputFile: report }]],
});
