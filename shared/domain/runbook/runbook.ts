/**
 * Runbooks: Markdown with YAML front matter, steps as headings. Invariant: whatever the text, a runbook comes out, with
 * every problem named by its line; what is in it fits into the op that pins its steps when a run begins.
 */
import type { Problem } from '../../contract/common.ts';
import { Problems, quote } from '../catalog/problems.ts';
import { parseYamlValue, type Cursor } from '../catalog/yaml.ts';
import { END } from '../../ops/outcome.ts';
import type { PinnedStep, StepAction } from '../../ops/steps.ts';
import { Audience, Risk, Role, StepType } from '../words.ts';
import { ID, readBlocks } from './blocks.ts';

export interface RunbookStep extends Omit<PinnedStep, 'action'> {
  /** One of StepType, or what was written when this version does not know it. */
  type: string;
  /** The request of an action step; `line` is that of its block's first line. */
  action?: StepAction & { line: number };
  /** Line of its heading, 1-based. */
  line: number;
  /** Further `key=value` attributes, as written: a later version may know them. */
  attributes: Record<string, string>;
}

/** What an incident must touch for the runbook to be suggested; lower-case ids and words. */
export interface RunbookMatch {
  services: string[];
  kinds: string[];
  domains: string[];
  businessServices: string[];
  text: string[];
  /** Kinds of change, such as deployment. */
  changes: string[];
}

export interface Runbook {
  id: string;
  title: string;
  version: string;
  summary: string;
  owner: string | null;
  minutes: number | null;
  match: RunbookMatch;
  /** Markdown outside the steps. */
  body: string;
  steps: RunbookStep[];
  problems: Problem[];
}

/** Bounds of the op `run.start`, which holds a runbook's steps as they stood. */
const MAX_STEPS = 500;
const MAX_TITLE = 500;
const MAX_BODY = 20_000;
const MAX_VERSION = 100;
const MAX_EVIDENCE = 10;
/** Characters of all steps together, as JSON; leaves room for the rest of an op (256 KiB). */
const MAX_ALL = 240 * 1024;

const KNOWN = new Set(['id', 'title', 'version', 'summary', 'match', 'owner', 'minutes']);
const MATCH = ['services', 'kinds', 'domains', 'businessServices', 'text', 'changes'] as const;

/** Attributes that only steps of some types have. */
const BELONGS: Record<string, readonly StepType[]> = {
  risk: ['approval', 'action'],
  audience: ['message'],
  until: ['wait'],
  approves: ['approval'],
  expect: ['action'],
  timeout: ['action'],
  'dry-run': ['action'],
  effect: ['action'],
};

/** Reads a runbook. `file` is its name in problems; its base name is the id of a runbook that gives none. Never throws. */
export function parseRunbook(file: string, text: string): Runbook {
  const problems = new Problems();
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const { front, bodyFrom } = splitFrontMatter(lines);
  const fallback = idFromFile(file);
  const runbook: Runbook = {
    id: fallback,
    title: fallback,
    version: '',
    summary: '',
    owner: null,
    minutes: null,
    match: { services: [], kinds: [], domains: [], businessServices: [], text: [], changes: [] },
    body: '',
    steps: [],
    problems: [],
  };
  if (front === null)
    problems.error(
      { file, line: 1 },
      '',
      'The file does not begin with front matter between two lines of ---; it wants id and title there.',
    );
  else readFrontMatter(file, front, runbook, problems);
  readBody(file, lines, bodyFrom, runbook, problems);
  if (runbook.steps.length === 0) {
    problems.error(
      { file, line: 0 },
      'steps',
      'This runbook has no steps, so it cannot be run: a step is a heading such as "## 1. Title {#step-id type=manual}".',
    );
  }
  return { ...runbook, problems: problems.list() };
}

function idFromFile(file: string): string {
  const id = slug(file.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, ''));
  return id === '' ? 'runbook' : id;
}

/** A text as an id: lower-case letters and digits with hyphens between them; empty when it has none. */
function slug(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}

function splitFrontMatter(lines: string[]): { front: string | null; bodyFrom: number } {
  if (lines[0]?.trimEnd() !== '---') return { front: null, bodyFrom: 0 };
  const end = lines.findIndex((line, n) => n > 0 && /^(---|\.\.\.)\s*$/.test(line));
  return end < 0
    ? { front: lines.slice(1).join('\n'), bodyFrom: lines.length }
    : { front: lines.slice(1, end).join('\n'), bodyFrom: end + 1 };
}

function readFrontMatter(file: string, front: string, runbook: Runbook, problems: Problems): void {
  const { root, error } = parseYamlValue(front, 2, (line, field, message) =>
    problems.error({ file, line }, field, message),
  );
  if (error) problems.error({ file, line: error.line }, '', error.message);
  if (root && root.kind !== 'map')
    problems.error(
      { file, line: root.line },
      '',
      'The front matter wants names with values, such as "title: Checkout is slow".',
    );
  if (!root || root.kind !== 'map') {
    if (!root && !error) problems.error({ file, line: 1 }, '', 'The front matter is empty; it wants id and title.');
    return;
  }
  const at = (cursor: Cursor) => ({ file, line: cursor.line });
  const text = (name: string, most: number): string | null => {
    const cursor = root.get(name);
    if (!cursor) return null;
    const value = cursor.text()?.trim();
    if (value === undefined) problems.error(at(cursor), name, 'This wants plain text.');
    else if (value.length > most)
      problems.error(at(cursor), name, `This is longer than ${most} characters and is cut.`);
    return value === undefined ? null : value.slice(0, most).toWellFormed();
  };
  const id = text('id', 100);
  if (id !== null && ID.test(id)) runbook.id = id;
  else
    problems.error(
      { file, line: root.get('id')?.line ?? 1 },
      'id',
      `${id === null ? 'The id is missing' : `${quote(id)} is no id (lower-case letters, digits, . _ -)`}; "${runbook.id}" is used.`,
    );
  const title = text('title', MAX_TITLE);
  if (title) runbook.title = title;
  else problems.error({ file, line: root.get('title')?.line ?? 1 }, 'title', 'The title is missing.');
  runbook.version = text('version', MAX_VERSION) ?? '';
  runbook.summary = text('summary', 2000) ?? '';
  runbook.owner = text('owner', 60);
  const minutes = root.get('minutes');
  runbook.minutes = minutes?.number() ?? null;
  if (minutes && (runbook.minutes === null || runbook.minutes < 0)) {
    problems.error(at(minutes), 'minutes', `${quote(minutes.text() ?? '')} is no number of minutes.`);
    runbook.minutes = null;
  }
  const match = root.get('match');
  if (match && match.kind !== 'map') problems.error(at(match), 'match', `This wants lists under ${MATCH.join(', ')}.`);
  for (const [name, value] of match?.members() ?? []) {
    const known = MATCH.find((each) => each === name);
    if (!known)
      problems.warning(at(value), value.path, `${quote(name)} is none of ${MATCH.join(', ')}; it is not looked at.`);
    else runbook.match[known] = words(value, file, problems);
  }
  for (const [name, value] of root.members()) {
    if (!KNOWN.has(name)) problems.warning(at(value), name, `${quote(name)} is not known here and not looked at.`);
  }
}

function words(cursor: Cursor, file: string, problems: Problems): string[] {
  const items = cursor.kind === 'list' ? cursor.items() : [cursor];
  const texts = items.flatMap((item) => {
    const text = item.text()?.trim().toLowerCase();
    if (text === undefined && item.kind !== 'null')
      problems.error({ file, line: item.line }, item.path, 'This wants plain text.');
    return text || [];
  });
  return [...new Set(texts)];
}

const HEADING = /^##[ \t]+(.*?)[ \t]*#*[ \t]*$/;
const NUMBERED = /^(\d+)[.)][ \t]+(.*)$/;
const ATTRIBUTES = /^(.*?)[ \t]*\{([^{}]*)\}$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/** A step is a heading of level two that is numbered or has attributes; any other one of level one or two ends it. */
function readBody(file: string, lines: string[], from: number, runbook: Runbook, problems: Problems): void {
  const outside: string[] = [];
  let step: RunbookStep | null = null;
  let body: string[] = [];
  let fence: string | null = null;
  const close = () => {
    if (step) {
      readBlocks(step, body, { file, line: step.line + 1 }, problems);
      step.body = body.join('\n').trim().toWellFormed();
    }
    step = null;
    body = [];
  };
  for (const [n, line] of lines.entries()) {
    if (n < from) continue;
    const mark = FENCE.exec(line)?.[1];
    if (fence === null && mark !== undefined) fence = mark;
    else if (fence !== null && mark !== undefined && mark.startsWith(fence) && line.trim() === mark) fence = null;
    const heading = fence === null && mark === undefined ? HEADING.exec(line) : null;
    if (heading) {
      close();
      step = stepOf(heading[1]!, file, n + 1, runbook, problems);
      if (step) {
        runbook.steps.push(step);
        continue;
      }
    } else if (fence === null && /^#[ \t]/.test(line)) close();
    (step ? body : outside).push(line);
  }
  if (fence !== null)
    problems.warning(
      { file, line: lines.length },
      '',
      'A block of code is not closed, so headings in it were not read as steps.',
    );
  close();
  fit(runbook, file, problems);
  runbook.body = outside.join('\n').trim();
}

/** Cuts what a run could not hold: texts before steps, since a step without its text is still a reminder. */
function fit(runbook: Runbook, file: string, problems: Problems): void {
  const { steps } = runbook;
  let room = MAX_ALL;
  const heads = steps.map((step) => JSON.stringify({ ...pinned(step), body: '' }).length + 1);
  for (const [n, size] of heads.entries()) {
    room -= size;
    if (n < MAX_STEPS && room >= 0) continue;
    const most = n >= MAX_STEPS ? `${MAX_STEPS} steps` : `${MAX_ALL / 1024} KiB of steps`;
    problems.error(
      { file, line: steps[n]!.line },
      'steps',
      `A run holds at most ${most}; this step and all after it are left out.`,
    );
    steps.length = n;
    room += size;
    break;
  }
  for (const step of steps) {
    const kept = cut(step.body, Math.min(MAX_BODY, room));
    if (kept !== step.body)
      problems.error(
        { file, line: step.line },
        step.id,
        'The text of this step is longer than a run can hold and is cut.',
      );
    step.body = kept;
    room -= JSON.stringify(kept).length - 2;
  }
}

/** What a run keeps of a step. */
export function pinned(step: RunbookStep): PinnedStep {
  const { line: _line, attributes: _attributes, action, ...rest } = step;
  if (!action || action.text.trim() === '') return rest;
  const { line: _at, ...kept } = action;
  return { ...rest, action: kept };
}

/** The start of a text that takes at most `most` characters as JSON. */
function cut(text: string, most: number): string {
  if (JSON.stringify(text).length - 2 <= most) return text.slice(0, MAX_BODY);
  let length = Math.min(text.length, most);
  while (length > 0 && JSON.stringify(text.slice(0, length).toWellFormed()).length - 2 > most)
    length = Math.floor(length * 0.9);
  return text.slice(0, length).toWellFormed();
}

function stepOf(heading: string, file: string, line: number, runbook: Runbook, problems: Problems): RunbookStep | null {
  const place = { file, line };
  const braces = ATTRIBUTES.exec(heading);
  const numbered = NUMBERED.exec(braces ? braces[1]! : heading);
  if (!braces && !numbered) return null;
  const title = (numbered ? numbered[2]! : braces![1]!).trim();
  const read = readAttributes(braces?.[2] ?? '', (message) => problems.error(place, 'steps', message));
  const { type, role, minutes, reversible, ...rest } = read.values;
  if (title === '') problems.error(place, 'title', 'This step has no title.');
  if (title.length > MAX_TITLE)
    problems.error(place, 'title', `This title is longer than ${MAX_TITLE} characters and is cut.`);
  const step: RunbookStep = {
    id: stepId(read.id, title, place, runbook, problems),
    title: (title || 'Step').slice(0, MAX_TITLE).toWellFormed(),
    type: (type ?? 'manual').toLowerCase().slice(0, 40),
    role: role?.toLowerCase().slice(0, 60) ?? null,
    minutes: null,
    reversible: null,
    body: '',
    line,
    attributes: {},
  };
  if (!StepType.safeParse(step.type).success)
    problems.error(
      place,
      `${step.id}.type`,
      `${quote(step.type)} is none of ${StepType.options.join(', ')}; the step is done by hand.`,
    );
  if (step.role !== null && !Role.safeParse(step.role).success)
    problems.error(place, `${step.id}.role`, `${quote(step.role)} is none of the roles ${Role.options.join(', ')}.`);
  if (minutes !== undefined) {
    if (/^\d+(\.\d+)?$/.test(minutes)) step.minutes = Number(minutes);
    else problems.error(place, `${step.id}.minutes`, `${quote(minutes)} is no number of minutes.`);
  }
  if (reversible !== undefined) {
    const answers: Record<string, boolean> = { yes: true, true: true, no: false, false: false };
    const answer = Object.hasOwn(answers, reversible.toLowerCase()) ? answers[reversible.toLowerCase()]! : null;
    if (answer === null) problems.error(place, `${step.id}.reversible`, `${quote(reversible)} is neither yes nor no.`);
    step.reversible = answer;
  }
  for (const [name, value] of Object.entries(rest)) {
    if (readAttribute(step, name, value, place, problems)) continue;
    step.attributes[name] = value;
    problems.warning(
      place,
      `${step.id}.${name}`,
      `The attribute ${quote(name)} is not known here; it is kept and not looked at.`,
    );
  }
  return step;
}

/** Takes an attribute into the step, or says why not; false when no such attribute is known. */
function readAttribute(
  step: RunbookStep,
  name: string,
  value: string,
  place: { file: string; line: number },
  problems: Problems,
): boolean {
  const field = `${step.id}.${name}`;
  const text = value.trim().slice(0, MAX_TITLE).toWellFormed();
  const types = Object.hasOwn(BELONGS, name) ? BELONGS[name]! : null;
  if (types && !types.includes(step.type as StepType)) {
    problems.warning(place, field, `Only ${types.join(' and ')} steps have ${quote(name)}; it is not looked at.`);
    return true;
  }
  const wanted = (what: string) => problems.error(place, field, `${quote(value)} is ${what}.`);
  switch (name) {
    case 'next':
    case 'approves':
      if (ID.test(text.toLowerCase())) step[name] = text.toLowerCase();
      else wanted(`no id of a step${name === 'next' ? ` and not "${END}"` : ''}`);
      return true;
    case 'risk':
      if (Risk.safeParse(text.toLowerCase()).success) step.risk = text.toLowerCase();
      else wanted(`none of the risks ${Risk.options.join(', ')}; the step is treated as risky`);
      return true;
    case 'audience':
      if (Audience.safeParse(text.toLowerCase()).success) step.audience = text.toLowerCase();
      else wanted(`none of the audiences ${Audience.options.join(', ')}`);
      return true;
    case 'reach':
      if (/^\d{1,6}$/.test(text)) step.reach = Number(text);
      else wanted('no number of services');
      return true;
    case 'until':
      if (text === '') problems.error(place, field, 'This says nothing; write what is waited for.');
      else step.until = text;
      return true;
    case 'evidence': {
      const pieces = [...new Set(value.split(';').map((piece) => piece.trim().slice(0, 200).toWellFormed()))].filter(
        Boolean,
      );
      if (pieces.length === 0)
        problems.error(
          place,
          field,
          'This says nothing; write what is attached before the step is done, such as evidence="queue depth".',
        );
      if (pieces.length > MAX_EVIDENCE)
        problems.error(place, field, `A step wants at most ${MAX_EVIDENCE} pieces; the rest is left out.`);
      if (pieces.length > 0) step.evidence = pieces.slice(0, MAX_EVIDENCE);
      return true;
    }
    case 'expect':
    case 'timeout':
    case 'dry-run':
    case 'effect':
      // The block is read with the step's text; until then only these are known of the action.
      step.action = {
        text: '',
        line: 0,
        ...step.action,
        [name === 'dry-run' ? 'dryRun' : name]: text.slice(0, name === 'effect' ? 500 : 200).toWellFormed(),
      };
      return true;
  }
  return false;
}

/** The id of a step: its own, or one made from its title; never one that an earlier step has. */
function stepId(
  given: string | null,
  title: string,
  place: { file: string; line: number },
  runbook: Runbook,
  problems: Problems,
): string {
  const wanted = given?.toLowerCase() ?? null;
  if (wanted !== null && !ID.test(wanted))
    problems.error(place, 'id', `${quote(given!)} is no id of a step (lower-case letters, digits, . _ -).`);
  const base = wanted !== null && ID.test(wanted) ? wanted : slug(title) || `step-${runbook.steps.length + 1}`;
  const taken = new Map(runbook.steps.map((step) => [step.id, step.line]));
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n++;
  problems.error(
    place,
    'id',
    `The step ${quote(base)} is already in line ${taken.get(base)}; this one is called ${base}-${n}.`,
  );
  return `${base}-${n}`;
}

/** `#id key=value key="several words"`. */
function readAttributes(
  text: string,
  complain: (message: string) => void,
): { id: string | null; values: Record<string, string> } {
  const values: [string, string][] = [];
  let id: string | null = null;
  for (const match of text.matchAll(/#(\S+)|([A-Za-z][\w-]*)=(?:"([^"]*)"|([^\s"]*))|(\S+)/g)) {
    const [, hash, name, quoted, plain, junk] = match;
    if (hash !== undefined) {
      if (id === null) id = hash;
      else complain(`A step has one id; "#${hash}" is left out.`);
    } else if (name !== undefined) {
      if (values.some(([other]) => other === name)) complain(`${quote(name)} stands twice; the first is used.`);
      else values.push([name, quoted ?? plain ?? '']);
    } else if (junk !== undefined) complain(`${quote(junk)} is no #id and no key=value; it is left out.`);
  }
  return { id, values: Object.fromEntries(values) };
}
