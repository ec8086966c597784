/**
 * First file of every npm command. Plain JavaScript on purpose: it must say something useful on a Node that cannot run
 * the rest, which is TypeScript and needs type stripping (Node 22.18) and better-sqlite3 (Node 22; it crashes on 20).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const modules = {
  start: './start.ts',
  build: './build.ts',
  test: './test.ts',
  check: './check.ts',
  bench: './bench.ts',
  dist: './dist.ts',
  hub: './hub.ts',
};
const [verb = '', ...rest] = process.argv.slice(2);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (!Object.hasOwn(modules, verb)) {
  console.error(`holdfast: no script "${verb}"; there are ${Object.keys(modules).join(', ')}.`);
  process.exit(2);
} else if (major > 22 || (major === 22 && minor >= 18)) {
  try {
    const { main } = await import(modules[verb]);
    process.exitCode = await main(rest);
  } catch (error) {
    console.error(error?.name === 'SetupProblem' ? `holdfast: ${error.message}` : error);
    process.exitCode = 1;
  }
} else {
  const bundled = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
  if (!existsSync(bundled)) {
    console.error(
      `holdfast: this is Node ${process.versions.node} and Holdfast needs 24. \`npm ci\` installs one for the project; ` +
        'if install scripts are switched off, run `npm rebuild node` or use a Node 24 of your own.',
    );
    process.exit(1);
  }
  process.exit(spawnSync(bundled, [fileURLToPath(import.meta.url), verb, ...rest], { stdio: 'inherit' }).status ?? 1);
}
