/** The templates of updates: those that ship, and those of the data folder, which go before them when they can be used. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../../shared/contract/common.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { parseTemplate, type Template } from '../../../shared/domain/updates/template.ts';
import type { Audience } from '../../../shared/domain/words.ts';
import { decodeText } from '../catalog/text.ts';
import type { Context } from '../context.ts';

const MAX_BYTES = 64 * 1024;
const MAX_FILES = 100;

/** What is to be used for each audience, and what is wrong with files that are not used. Read anew each time: it is a few small files. */
export function templates({ paths }: Context): { of: Map<Audience, Template>; problems: Problem[] } {
  const of = new Map<Audience, Template>();
  const problems: Problem[] = [];
  for (const folder of [join(paths.assets, 'templates'), join(paths.data, 'templates')]) {
    for (const file of filesIn(folder)) {
      const template = read(folder, file);
      problems.push(...template.problems);
      if (!template.problems.some(({ severity }) => severity === 'error')) of.set(template.audience, template);
    }
  }
  return { of, problems };
}

/** @throws Refusal when there is none that can be used */
export function templateFor(context: Context, audience: Audience): Template {
  const { of, problems } = templates(context);
  const found = of.get(audience);
  if (found) return found;
  const why = problems[0] ? ` ${problems[0].file}: ${problems[0].message}` : '';
  throw new Refusal('refused', `There is no template for ${audience}.${why}`);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.md') && !name.startsWith('.'))
      .sort()
      .slice(0, MAX_FILES);
  } catch {
    return [];
  }
}

function read(folder: string, file: string): Template {
  const failed = (message: string): Template => ({
    ...parseTemplate(file, ''),
    problems: [{ severity: 'error', file, line: 0, field: '', message }],
  });
  try {
    const path = join(folder, file);
    if (statSync(path).size > MAX_BYTES)
      return failed(`The file is larger than ${MAX_BYTES / 1024} KiB and is not read.`);
    const decoded = decodeText(readFileSync(path));
    return decoded.ok ? parseTemplate(file, decoded.text) : failed(decoded.message);
  } catch (error) {
    return failed(`The file can't be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
