/**
 * A YAML file that a schema takes. Invariant: whatever the text, every mistake is named by line and field, and the value is
 * null unless all of it is right.
 */
import type { z } from 'zod';
import type { Problem } from '../contract/common.ts';
import { Problems } from './catalog/problems.ts';
import { parseYamlValue, type Cursor } from './catalog/yaml.ts';

export function checkedYaml<S extends z.ZodType>(
  file: string,
  text: string,
  schema: S,
): { value: z.output<S> | null; problems: Problem[]; lineOf: (path: readonly PropertyKey[]) => number } {
  const problems = new Problems();
  const { root, error } = parseYamlValue(text.replace(/^\uFEFF/, ''), 1, (line, field, message) =>
    problems.error({ file, line }, field, message),
  );
  const lineOf = (path: readonly PropertyKey[]): number => (root ? lineAt(root, path) : 1);
  if (error) problems.error({ file, line: error.line }, '', error.message);
  else if (!root) problems.error({ file, line: 1 }, '', 'The file is empty.');
  if (error || !root) return { value: null, problems: problems.list(), lineOf };
  const parsed = schema.safeParse(root.json());
  if (parsed.success && problems.list().length === 0) return { value: parsed.data, problems: [], lineOf };
  for (const { path, message } of parsed.error?.issues ?? [])
    problems.error({ file, line: lineOf(path) }, path.join('.'), sentence(message));
  return { value: null, problems: problems.list(), lineOf };
}

/** The line of the deepest part of `path` that stands in the file. */
function lineAt(root: Cursor, path: readonly PropertyKey[]): number {
  let at = root;
  let line = root.line;
  for (const step of path) {
    const next = at.kind === 'list' ? at.items()[Number(step)] : at.kind === 'map' ? at.get(String(step)) : null;
    if (!next) break;
    at = next;
    line = at.line;
  }
  return line;
}

function sentence(message: string): string {
  const text = message.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
