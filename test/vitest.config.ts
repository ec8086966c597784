import { defineConfig } from 'vitest/config';

/** One project per suite; `npm run test:<suite>` runs one of them. */
const suite = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 60_000, pool: 'forks' as const },
});

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    projects: [suite('unit', 10_000), suite('property', 120_000), suite('simulation', 600_000), suite('integration', 120_000)],
  },
});
