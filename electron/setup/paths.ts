/** Where things stand in the project. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What set-up fetched or derived; goes with node_modules. */
export const CACHE = join(ROOT, 'node_modules', '.cache', 'holdfast');

/** The built application. `HOLDFAST_OUT` builds a second one beside a console that runs from the first. */
export const OUT = join(ROOT, process.env.HOLDFAST_OUT ?? 'out');

/** The JavaScript file behind a development dependency's command, to be run with this very Node on any platform. */
export function tool(dependency: string, command = dependency): string {
  const folder = join(ROOT, 'node_modules', dependency);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const file = typeof bin === 'string' ? bin : bin[command];
  if (file === undefined) throw new Error(`${dependency} has no command ${command}`);
  return join(folder, file);
}
