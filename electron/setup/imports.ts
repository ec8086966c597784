/**
 * Which folder may import which. Invariant of the project: `shared` is pure, `renderer` knows only `shared`, the main
 * process talks to the engine and never links it. Types count too: a type import is how a layer starts to leak.
 */
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

interface Rule {
  /** Folder with a trailing slash; the first rule that matches a file holds. */
  from: string;
  /** Folders, or single files, that it may import from besides its own folder. */
  folders: readonly string[];
  node: boolean;
  /** `types`: only what the compiler erases. */
  electron: boolean | 'types';
  /** Packages it may import: all, or these. */
  packages: 'any' | readonly string[];
}

const RULES: readonly Rule[] = [
  { from: 'shared/', folders: [], node: false, electron: false, packages: ['zod', 'yaml', 'temporal-polyfill'] },
  { from: 'renderer/', folders: ['shared/'], node: false, electron: false, packages: 'any' },
  { from: 'electron/preload/', folders: ['shared/'], node: false, electron: true, packages: [] },
  { from: 'electron/main/', folders: ['shared/'], node: true, electron: true, packages: [] },
  { from: 'electron/engine/', folders: ['shared/', 'assets/'], node: true, electron: 'types', packages: 'any' },
  {
    from: 'electron/cli/',
    folders: ['shared/', 'electron/engine/', 'electron/setup/', 'package.json'],
    node: true,
    electron: false,
    packages: 'any',
  },
  { from: 'electron/setup/', folders: ['shared/'], node: true, electron: false, packages: 'any' },
  { from: 'electron/', folders: ['shared/'], node: true, electron: false, packages: 'any' },
  { from: 'assets/icons/', folders: [], node: true, electron: true, packages: [] },
  { from: 'assets/', folders: ['shared/', 'electron/engine/'], node: true, electron: false, packages: 'any' },
];

/** A static import or re-export (with its `type`, if the compiler erases it), or an `import()` of a literal. */
const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s+(?<type>type\s)?(?:[^'"`;]*?\sfrom\s*)?['"](?<from>[^'"]+)['"]|\bimport\s*\(\s*['"`](?<dynamic>[^'"`]+)['"`]/gm;

/** Sentences, one per import that a rule forbids; empty when all is well. */
export async function checkImports(root: string): Promise<string[]> {
  const broken: string[] = [];
  for await (const path of glob('{shared,renderer,electron,assets}/**/*.{ts,tsx,mjs}', { cwd: root })) {
    const file = path.split(sep).join('/');
    broken.push(...brokenImports(file, readFileSync(join(root, path), 'utf8')));
  }
  return broken.sort();
}

/** The same for one file; `file` is its path from the project's root with forward slashes. */
export function brokenImports(file: string, source: string): string[] {
  const rule = RULES.find(({ from }) => file.startsWith(from));
  if (!rule) return [];
  return [...source.matchAll(IMPORT)].flatMap(({ groups = {} }) => {
    const specifier = (groups.from ?? groups.dynamic)!;
    const reason = forbidden(rule, file, specifier, groups.type !== undefined);
    return reason === null ? [] : [`${file} imports ${specifier}: ${reason}`];
  });
}

function forbidden(rule: Rule, file: string, specifier: string, erased: boolean): string | null {
  if (specifier.startsWith('.')) {
    const target = relative('.', join(dirname(file), specifier))
      .split(sep)
      .join('/');
    const reachable = [rule.from, ...rule.folders].some((folder) => target.startsWith(folder));
    return reachable ? null : `${rule.from} may import from ${[rule.from, ...rule.folders].join(', ')} only`;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return rule.node ? null : `${rule.from} runs without Node`;
  }
  if (specifier === 'electron' || specifier.startsWith('electron/')) {
    return rule.electron === true || (rule.electron === 'types' && erased)
      ? null
      : `${rule.from} runs without Electron`;
  }
  if (specifier.startsWith('virtual:') || rule.packages === 'any') return null;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return rule.packages.includes(name) ? null : `${rule.from} may use ${rule.packages.join(', ') || 'no package'} only`;
}
