import { defineConfig } from 'vitest/config';
import { commandSummaries } from '../shared/contract/summary.ts';

/** One project per suite; `npm run test:<suite>` runs one of them. */
const suite = (name: string, testTimeout: number) => ({
  define: { __HOLDFAST_COMMANDS__: JSON.stringify(commandSummaries()) },
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000, pool: 'forks' as const },
});

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [
      suite('unit', 60_000),
      suite('property', 600_000),
      suite('simulation', 3_600_000),
      suite('integration', 240_000),
    ],
  },
});
