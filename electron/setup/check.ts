/** `npm run check`: types, lint, format, imports, dead code. Each is one check that passes or fails. */
import { cpus } from 'node:os';
import { checkImports } from './imports.ts';
import { ROOT, tool } from './paths.ts';
import { run } from './processes.ts';
import type { Tally } from './suites.ts';

interface Check {
  name: string;
  run(): Promise<{ ok: boolean; output: string }>;
}

const command = (name: string, dependency: string, bin: string, args: string[]): Check => ({
  name,
  async run() {
    const { code, output } = await run(process.execPath, [tool(dependency, bin), ...args], { cwd: ROOT });
    return { ok: code === 0, output };
  },
});
const types = (folder: string): Check =>
  command(`types ${folder}`, 'typescript', 'tsc', ['-p', `${folder}/tsconfig.json`, '--pretty', 'false']);

const CHECKS: readonly Check[] = [
  types('shared'),
  types('electron'),
  types('renderer'),
  types('assets'),
  types('test'),
  command('lint', 'oxlint', 'oxlint', ['--type-aware', '--deny-warnings']),
  command('format', 'oxfmt', 'oxfmt', ['--check', '.']),
  {
    name: 'imports',
    run: async () => {
      const broken = await checkImports(ROOT);
      return { ok: broken.length === 0, output: broken.join('\n') };
    },
  },
  command('dead code', 'knip', 'knip', []),
];

/** Runs all of them, as many at once as there are processors, and shows the output of those that fail. */
export async function runChecks(): Promise<Tally> {
  const waiting = [...CHECKS];
  const tally: Tally = { passed: 0, failed: 0, skipped: [], failures: [] };
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const start = performance.now();
      const { ok, output } = await check.run();
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stdout.write(`${ok ? '✓' : '✗'} ${check.name} (${seconds} s)\n${ok ? '' : `${output.trim()}\n`}`);
      if (ok) tally.passed++;
      else {
        tally.failed++;
        tally.failures.push(`check: ${check.name}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(cpus().length, 4) }, worker));
  return tally;
}

export async function main(): Promise<number> {
  return (await runChecks()).failed === 0 ? 0 : 1;
}
