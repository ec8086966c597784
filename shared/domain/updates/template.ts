/**
 * Templates of updates: Markdown with `{{placeholders}}`, one file for each audience. Invariants: a template is taken whole or
 * refused by its line; a paragraph of which nothing is known is left out; a public one can't ask for what is internal.
 */
import type { Problem } from '../../contract/common.ts';
import { Problems, quote } from '../catalog/problems.ts';
import { parseYamlValue } from '../catalog/yaml.ts';
import { Audience } from '../words.ts';

/** What can stand in a template: what it says, and whether the public may read it. */
export const PLACEHOLDERS = {
  label: { says: 'number of the incident', public: false },
  severity: { says: 'SEV1 to SEV4', public: false },
  title: { says: 'title of the incident', public: false },
  state: { says: 'where we are, in a sentence', public: true },
  hurt: { says: 'what is hurt, in business words', public: true },
  since: { says: 'since when', public: true },
  until: { says: 'when it was over', public: true },
  impact: { says: 'money lost, with its range, source and age', public: false },
  stores: { says: 'how many stores can still sell', public: false },
  shops: { says: 'what customers find in the stores', public: true },
  services: { says: 'which services are not healthy', public: false },
  cause: { says: 'the confirmed cause', public: false },
  known: { says: 'what we know', public: false },
  unknown: { says: 'what we do not know', public: false },
  doing: { says: 'what is being done, by whom', public: false },
  modes: { says: 'degraded modes in force', public: false },
  commander: { says: 'who commands', public: false },
  time: { says: 'now, with its zone', public: true },
  next: { says: 'when the next update comes', public: true },
} as const;
export type Placeholder = keyof typeof PLACEHOLDERS;

export interface Template {
  audience: Audience;
  file: string;
  body: string;
  problems: Problem[];
}

const MAX_TEXT = 20_000;
const NAME = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Reads a template. `file` is its name in problems. Never throws; with an error among the problems it must not be used. */
export function parseTemplate(file: string, text: string): Template {
  const problems = new Problems();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const end = lines[0]?.trimEnd() === '---' ? lines.findIndex((line, n) => n > 0 && line.trimEnd() === '---') : -1;
  let audience: Audience = 'executives';
  if (end < 0)
    problems.error({ file, line: 1 }, 'audience', 'The file begins with "audience: …" between two lines of ---.');
  else {
    const { root, error } = parseYamlValue(lines.slice(1, end).join('\n'), 2, (line, field, message) =>
      problems.error({ file, line }, field, message),
    );
    if (error) problems.error({ file, line: error.line }, '', error.message);
    const cursor = root?.get('audience');
    const found = Audience.safeParse(cursor?.text()?.trim());
    if (found.success) audience = found.data;
    else
      problems.error(
        { file, line: cursor?.line ?? 2 },
        'audience',
        `${quote(cursor?.text() ?? '')} is none of the audiences ${Audience.options.join(', ')}.`,
      );
  }
  for (const [n, line] of lines.entries()) {
    if (n <= end) continue;
    for (const [, name = ''] of line.matchAll(NAME)) {
      const place = { file, line: n + 1 };
      if (!Object.hasOwn(PLACEHOLDERS, name))
        problems.error(
          place,
          name,
          `{{${name.slice(0, 40)}}} is not known; write one of ${Object.keys(PLACEHOLDERS).join(', ')}.`,
        );
      else if (audience === 'public-status' && !PLACEHOLDERS[name as Placeholder].public)
        problems.error(place, name, `{{${name}}} is not for the public: it can carry internal names or money.`);
    }
  }
  const body = lines
    .slice(end + 1)
    .join('\n')
    .trim();
  if (body === '') problems.error({ file, line: end + 2 }, '', 'The template has no text.');
  if (body.length > MAX_TEXT)
    problems.error({ file, line: 0 }, '', `The template is longer than ${MAX_TEXT} characters.`);
  return { audience, file, body, problems: problems.list() };
}

/** Fills a template. A paragraph whose every placeholder is empty is left out, with the lines in it that say nothing else. */
export function fill(body: string, values: Readonly<Record<Placeholder, string>>): string {
  return body
    .split(/\n[ \t]*\n/)
    .flatMap((paragraph) => {
      const asked = [...paragraph.matchAll(NAME)].map(([, name]) => name as Placeholder);
      if (asked.length > 0 && asked.every((name) => (values[name] ?? '') === '')) return [];
      const lines = paragraph.split('\n').flatMap((line) => {
        const wanted = [...line.matchAll(NAME)].map(([, name]) => name as Placeholder);
        if (wanted.length > 0 && wanted.every((name) => (values[name] ?? '') === '')) return [];
        return [line.replace(NAME, (_, name: Placeholder) => values[name] ?? '')];
      });
      return [lines.join('\n')];
    })
    .join('\n\n')
    .trim();
}

const AMOUNT =
  /(?:[€$£¥]|\b(?:EUR|USD|GBP|CHF|JPY)\b)\s?−?-?\d|\d[\d.,]*\s?(?:[€$£¥]|k€|\b(?:EUR|USD|GBP|CHF|JPY|euros?|dollars?|pounds?)\b)/i;

/**
 * Why the public may not read a text; null when it may.
 * @param internal names of services and people, and numbers of incidents, that nobody outside knows
 */
export function notForThePublic(text: string, internal: readonly string[]): string | null {
  const amount = AMOUNT.exec(text);
  if (amount) return `It names an amount of money ("${amount[0].trim()}").`;
  const lower = text.toLowerCase();
  const name = internal.find((one) => {
    const at = one.length < 3 ? -1 : lower.indexOf(one.toLowerCase());
    return at >= 0 && !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && !/[\p{L}\p{N}]/u.test(text[at + one.length] ?? '');
  });
  return name === undefined ? null : `It carries an internal name ("${name}").`;
}
