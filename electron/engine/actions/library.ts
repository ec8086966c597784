/**
 * The actions that are written down, and who may approve what. Invariant: templates of the data folder go before ours of the
 * same id; a file that makes no sense is listed with its mistakes and stops nothing.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../shared/contract/common.ts';
import type { Authority } from '../../../shared/domain/actions/authority.ts';
import { parseTemplates, type ActionTemplate } from '../../../shared/domain/actions/catalog.ts';
import { sentenceOf } from '../catalog/text.ts';
import type { Context } from '../context.ts';

const MAX_FILES = 200;
const MAX_BYTES = 1024 * 1024;

/** Who may approve what. */
export function authorityNow({ policies }: Pick<Context, 'policies'>): { authority: Authority; version: number } {
  const { value, version } = policies.get('authority');
  return { authority: value, version };
}

type Parsed = ReturnType<typeof parseTemplates>;
const files = new Map<string, { stamp: string; parsed: Parsed }>();

export function templates({ paths }: Pick<Context, 'paths'>): { templates: ActionTemplate[]; problems: Problem[] } {
  const byId = new Map<string, ActionTemplate>();
  const problems: Problem[] = [];
  for (const directory of [join(paths.assets, 'actions'), join(paths.data, 'actions')]) {
    for (const name of yamlFiles(directory)) {
      const parsed = load(join(directory, name), name);
      problems.push(...parsed.problems);
      for (const template of parsed.templates) byId.set(template.id, template);
    }
  }
  return { templates: [...byId.values()].sort((a, b) => (a.title < b.title ? -1 : 1)), problems };
}

function yamlFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
      .sort()
      .slice(0, MAX_FILES);
  } catch {
    return [];
  }
}

function load(path: string, file: string): Parsed {
  const broken = (message: string): Parsed => ({
    templates: [],
    problems: [{ severity: 'error', file, line: 0, field: '', message }],
  });
  try {
    const { size, mtimeMs, ino } = statSync(path);
    const stamp = `${size} ${mtimeMs} ${ino}`;
    const known = files.get(path);
    if (known?.stamp === stamp) return known.parsed;
    const parsed =
      size > MAX_BYTES
        ? broken(`The file is larger than ${MAX_BYTES / 1024} KiB and is not read.`)
        : parseTemplates(file, readFileSync(path, 'utf8'));
    files.set(path, { stamp, parsed });
    return parsed;
  } catch (error) {
    return broken(`The file cannot be read: ${sentenceOf(error)}.`);
  }
}
