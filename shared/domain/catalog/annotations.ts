/**
 * The values of `holdfast.dev/…` annotations. Invariant: what `format…` writes, `parse…` reads back as the same value, and
 * a line that makes no sense is named and left out without costing the lines beside it.
 */
import { stringify } from 'yaml';
import { AlertMatch, AwaySpan, MetricQuery, RotaLine, ThroughputQuery } from '../estate.ts';
import { DependencyMode, DependencyStrength } from '../words.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { quote } from './problems.ts';
import { parseYamlValue, type Complain, type Cursor } from './yaml.ts';

/** Prefix of every annotation that is ours. */
export const HOLDFAST = 'holdfast.dev/';

/** A comma-separated list; empty items are left out, repeated ones kept once. */
export function parseList(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    ),
  ];
}

/** URLs separated by commas or white space; a comma inside a URL does not separate. */
export function parseUrls(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/\s+|,(?=\s*(?:[a-z][a-z0-9+.-]*:|$))/i)
        .map((item) => item.replace(/,$/, '').trim())
        .filter(Boolean),
    ),
  ];
}

/** Whether `text` is an absolute http or https URL without a user or password in it. */
export function isWebUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/i.test(text);
}

/** Whether `text` is a URL with a user or password in it. */
export function hasUserInfo(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*@/i.test(text);
}

/** Whether `text` is the name of a time zone, such as Europe/Vienna. */
export function isTimeZone(text: string): boolean {
  let known = zones.get(text);
  if (known === undefined) {
    try {
      known =
        /^[A-Za-z]/.test(text) && new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
    } catch {
      known = false;
    }
    if (zones.size < 1000) zones.set(text, known);
  }
  return known;
}
const zones = new Map<string, boolean>();

/** Longest matcher value, characters. */
const MAX_MATCHER = 500;

/**
 * Sets of matchers: `label=value,label2=~regex`, sets separated by `;`. A value in double quotes may hold anything, with
 * `\"` and `\\` for themselves.
 * @returns the sets, or one sentence on why there are none.
 */
export function parseMatchers(text: string): AlertMatch[][] | string {
  const sets: AlertMatch[][] = [];
  let set: AlertMatch[] = [];
  const part = /\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^,;"]*?))\s*(,|;|$)/sy;
  const trimmed = text.trim().replace(/;$/, '');
  if (trimmed === '') return 'it is empty';
  while (part.lastIndex < trimmed.length) {
    const from = part.lastIndex;
    const match = part.exec(trimmed);
    if (!match) return `${quote(trimmed.slice(from))} is no label=value, label!=value, label=~regex or label!~regex`;
    const [, label, op, quoted, plain, separator] = match;
    const value = quoted === undefined ? plain! : quoted.replace(/\\(.)/gs, '$1');
    if (value.length > MAX_MATCHER) return `the value of ${label} is longer than ${MAX_MATCHER} characters`;
    if (op === '=~' || op === '!~') {
      if (!isRegExp(`^(?:${value})$`)) return `${quote(value)} is no regular expression`;
    }
    set.push({ label: label!, op: op as AlertMatch['op'], value });
    if (separator === ';') {
      sets.push(set);
      set = [];
    }
    if (separator === '') break;
  }
  if (set.length > 0) sets.push(set);
  return sets;
}

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source).source !== '';
  } catch {
    return false;
  }
}

export function formatMatchers(sets: AlertMatch[][]): string {
  const value = (text: string) =>
    /^[^,;"\s\\](?:[^,;"\\\r\n]*[^,;"\s\\])?$|^$/.test(text) ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
  return sets
    .map((set) => set.map((matcher) => `${matcher.label}${matcher.op}${value(matcher.value)}`).join(','))
    .join('; ');
}

export interface Refinement {
  /** The reference as written. */
  text: string;
  strength: DependencyStrength;
  mode: DependencyMode;
}

/** `component:default/x=hard,sync; y=soft,async`: how strong dependencies are; what is left out is hard and sync. */
export function parseDependencies(text: string, complain: (message: string) => void): Refinement[] {
  const refinements: Refinement[] = [];
  for (const part of text.split(/[;\n]/)) {
    if (part.trim() === '') continue;
    const [ref = '', words = ''] = part.split('=', 2);
    const refinement: Refinement = { text: ref.trim(), strength: 'hard', mode: 'sync' };
    const wrong = words
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter((word) => {
        const strength = DependencyStrength.safeParse(word);
        const mode = DependencyMode.safeParse(word);
        if (strength.success) refinement.strength = strength.data;
        if (mode.success) refinement.mode = mode.data;
        return word !== '' && !strength.success && !mode.success;
      });
    if (wrong.length > 0) complain(`${quote(wrong[0]!)} is none of hard, soft, sync, async, batch.`);
    refinements.push(refinement);
  }
  return refinements;
}

export function formatDependencies(refinements: Refinement[]): string {
  return refinements.map(({ text, strength, mode }) => `${text}=${strength},${mode}`).join('; ');
}

/** The items of a YAML list that stands in place or inside a text; what is wrong with it is told. */
function listItems(value: Cursor, field: string, complain: Complain): Cursor[] {
  let list: Cursor | null = value;
  const text = value.text();
  if (text !== null) {
    const inner = parseYamlValue(text, value.textLine, (line, path, message) =>
      complain(line, `${field}${path}`, message),
    );
    if (inner.error) {
      complain(inner.error.line, field, inner.error.message);
      return [];
    }
    list = inner.root;
  }
  if (list?.kind === 'list') return list.items();
  if (list?.kind === 'map') return [list];
  complain(value.line, field, 'This wants a list of {…} entries.');
  return [];
}

type Schema<T> = {
  safeParse(
    value: unknown,
  ): { success: true; data: T } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
};

function parseItems<T>(
  value: Cursor,
  field: string,
  complain: Complain,
  members: readonly string[],
  schema: Schema<T>,
  convert: (item: Cursor) => Record<string, unknown>,
): T[] {
  const parsed: T[] = [];
  for (const item of listItems(value, field, complain)) {
    const where = `${field}${item.path.replace(/^[^[]*/, '')}`;
    if (item.kind !== 'map') {
      complain(item.line, where, 'This is no {…} entry; it is left out.');
      continue;
    }
    for (const [name, member] of item.members()) {
      if (!members.includes(name))
        complain(member.line, `${where}.${name}`, `${quote(name)} is not known here; it is left out.`);
    }
    const result = schema.safeParse(
      Object.fromEntries(Object.entries(convert(item)).filter(([, each]) => each !== undefined && each !== null)),
    );
    if (result.success) parsed.push(result.data);
    else {
      const [issue] = result.error.issues;
      const name = String(issue!.path[0] ?? '');
      const why = item.get(name) ? lower(issue!.message) : `${quote(name)} is missing`;
      complain(
        item.get(name)?.line ?? item.line,
        name === '' ? where : `${where}.${name}`,
        `This entry is left out: ${why}.`,
      );
    }
  }
  return parsed;
}

const lower = (message: string) => `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
const METRIC = ['name', 'query', 'unit', 'early', 'degraded', 'failing', 'tier'] as const;

/** Metric queries of a service. */
export function parseMetrics(value: Cursor, field: string, complain: Complain): MetricQuery[] {
  return parseItems(value, field, complain, METRIC, MetricQuery, (item) =>
    Object.fromEntries(METRIC.map((name) => [name, item.get(name)?.text()?.trim()])),
  );
}

export function formatMetrics(metrics: MetricQuery[]): string {
  return formatItems(metrics.map((metric) => ({ ...metric, unit: metric.unit || undefined })));
}

const THROUGHPUT = ['name', 'query', 'measures'] as const;

/** Throughput queries of a business service. */
export function parseThroughput(value: Cursor, field: string, complain: Complain): ThroughputQuery[] {
  return parseItems(value, field, complain, THROUGHPUT, ThroughputQuery, (item) =>
    Object.fromEntries(THROUGHPUT.map((name) => [name, item.get(name)?.text()?.trim()])),
  );
}

const LOCAL_TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$/;
const ROTA = ['from', 'every', 'timezone', 'people', 'role'] as const;

/** Rota lines; `people` hold references as written. */
export function parseRota(value: Cursor, field: string, complain: Complain): RotaLine[] {
  const told = (item: Cursor, name: string, ok: (text: string) => boolean, wants: string): string | undefined => {
    const text = item.get(name)?.text()?.trim();
    if (text === undefined || ok(text)) return text;
    complain(item.get(name)!.line, `${field}.${name}`, `${quote(text)} is no ${wants}.`);
    return undefined;
  };
  return parseItems(value, field, complain, ROTA, RotaLine, (item) => {
    const every = told(item, 'every', (text) => (parseDuration(text) ?? 0) > 0, 'duration such as P7D');
    const people = item.get('people');
    return {
      role: item.get('role')?.text()?.trim(),
      from: told(item, 'from', (text) => LOCAL_TIME.test(text), 'local time such as 2026-01-05T08:00'),
      everyDays: every === undefined ? undefined : parseDuration(every)! / 86_400,
      timezone: told(item, 'timezone', isTimeZone, 'time zone such as Europe/Vienna'),
      people:
        people?.kind === 'list'
          ? people.items().flatMap((person) => person.text()?.trim() || [])
          : parseList(people?.text() ?? ''),
    };
  });
}

const AWAY = ['from', 'to', 'reason'] as const;

/** When a person is away. */
export function parseAway(value: Cursor, field: string, complain: Complain): AwaySpan[] {
  return parseItems(value, field, complain, AWAY, AwaySpan, (item) =>
    Object.fromEntries(
      AWAY.map((name) => {
        const text = item.get(name)?.text()?.trim();
        if (text === undefined || name === 'reason' || LOCAL_TIME.test(text)) return [name, text];
        complain(item.get(name)!.line, `${field}.${name}`, `${quote(text)} is no local time such as 2026-12-24.`);
        return [name, undefined];
      }),
    ),
  );
}

export function formatAway(away: AwaySpan[]): string {
  return formatItems(away.map(({ from, to, reason }) => ({ from, to, reason })));
}

export function formatRota(rota: RotaLine[]): string {
  return formatItems(
    rota.map(({ role, from, everyDays, timezone, people }) => ({
      role,
      from,
      every: formatDuration(everyDays * 86_400),
      timezone,
      people,
    })),
  );
}

function formatItems(items: Record<string, unknown>[]): string {
  return stringify(items, { lineWidth: 0, aliasDuplicateObjects: false });
}
