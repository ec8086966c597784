/** `npm run bench -- NAME [--json]`: runs `test/bench/NAME.ts` with this Node; its exit status is the bench's. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';
import { run } from './processes.ts';
import { SetupProblem } from './say.ts';

const FOLDER = join(ROOT, 'test', 'bench');

export async function main([name = '', ...args]: string[]): Promise<number> {
  const file = join(FOLDER, `${name}.ts`);
  if (!/^[a-z][a-z0-9-]*$/.test(name) || !existsSync(file)) {
    const names = readdirSync(FOLDER).flatMap((entry) => (entry.endsWith('.ts') ? [entry.slice(0, -3)] : []));
    throw new SetupProblem(`${name === '' ? 'name a bench' : `no bench "${name}"`}; there are ${names.join(', ')}.`);
  }
  return (await run(process.execPath, ['--expose-gc', file, ...args], { cwd: ROOT, show: true })).code;
}
