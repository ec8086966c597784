/**
 * How the application is built into `out/`. Invariant: everything but `electron` and the two builds of the native database is bundled, so
 * that a package needs no other module; the preload is one CommonJS file without a schema in it.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandSummaries, plainQueries } from '../shared/contract/summary.ts';
import { table } from '../shared/contract/table.ts';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, process.env.HOLDFAST_OUT ?? 'out');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

/** The oldest runtime that the console runs on: Electron 42. */
const NODE = 'node24';
const CHROMIUM = 'chrome148';

/**
 * What the first screen, the board and nearly every other screen need: one file, because each file that a start asks for is
 * a message to the main process and back.
 */
const FIRST =
  /node_modules\/(react|react-dom|scheduler|zustand)\/|lucide-react\/dist\/esm\/(createLucideIcon|Icon|context|defaultAttributes|shared)|renderer\/(state|bridge)\/|renderer\/ui\/(classes|words|rows|Age|TimeText|Time|HealthMark|ErrorLine|States|Button|Kbd|EmptyState|Skeleton|Panel|List|SeverityMark)\.|shared\/domain\/(times|selling|impact\/(money|range))\.ts/;

export default defineConfig({
  main: {
    define: {
      __HOLDFAST_VERSION__: JSON.stringify(version),
      __HOLDFAST_PLAIN_QUERIES__: JSON.stringify(plainQueries()),
    },
    build: {
      outDir: join(OUT, 'main'),
      target: NODE,
      externalizeDeps: false,
      minify: true,
      rolldownOptions: {
        external: ['better-sqlite3', 'better-sqlite3-multiple-ciphers'],
        input: {
          index: join(ROOT, 'electron/main/index.ts'),
          engine: join(ROOT, 'electron/engine/boot.ts'),
          worker: join(ROOT, 'electron/engine/worker.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    define: { __HOLDFAST_NAMES__: JSON.stringify(Object.keys(table)) },
    build: {
      outDir: join(OUT, 'preload'),
      target: NODE,
      externalizeDeps: false,
      minify: true,
      rolldownOptions: {
        input: { index: join(ROOT, 'electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    define: { __HOLDFAST_COMMANDS__: JSON.stringify(commandSummaries()) },
    root: join(ROOT, 'renderer'),
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      outDir: join(OUT, 'renderer'),
      emptyOutDir: true,
      target: CHROMIUM,
      minify: true,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { index: join(ROOT, 'renderer/index.html') },
        output: { codeSplitting: { groups: [{ name: 'base', test: FIRST }] } },
      },
    },
  },
});
