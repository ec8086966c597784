/**
 * The request of an action as people write it: a block of text like an HTTP request with placeholders.
 * Invariant: a value never becomes more than a value. Each is encoded for the place where it stands (path, query, header,
 * JSON), and where a place can't hold it the whole is refused in one sentence; no value adds a header, a path segment or
 * a member, or moves the request to another server.
 */

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type Method = (typeof METHODS)[number];

export interface HttpTemplate {
  method: Method;
  /** Name of the endpoint, by which every console knows its own address. */
  endpoint: string;
  /** Begins with a slash; may hold placeholders. */
  path: string;
  headers: [name: string, value: string][];
  body: string;
}

export interface TemplateProblem {
  /** Within the block, 1-based. */
  line: number;
  message: string;
}

export interface RenderedRequest {
  method: Method;
  endpoint: string;
  path: string;
  headers: [name: string, value: string][];
  body: string;
}

/** Values by placeholder: `incident.label`, `service`, `input.version`, … */
export type Values = Readonly<Record<string, string>>;

/** Largest block, and largest request made of it, characters. */
export const MAX_REQUEST = 64 * 1024;
const MAX_PATH = 4000;
const MAX_HEADERS = 30;

const FIRST = /^([A-Za-z]+)\s+\{\{\s*endpoint\.([a-z0-9][a-z0-9._-]{0,62})\s*\}\}(\S*)(?:\s+HTTP\/[\d.]+)?$/;
const PLACE = /\{\{\s*([A-Za-z][A-Za-z0-9._-]*)\s*\}\}/g;
const KNOWN = new Set(['incident.label', 'incident.title', 'service', 'key']);
const INPUT = /^input\.[A-Za-z][A-Za-z0-9_-]{0,59}$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Headers that the console sets by itself, or that would hold a secret in the log. */
const OWN_HEADERS: Readonly<Record<string, string>> = {
  'idempotency-key': 'the console sends its own, which is {{key}}',
  host: "it follows from the endpoint's address",
  'content-length': 'it follows from the body',
  'transfer-encoding': 'it follows from the body',
  connection: 'the console decides on it',
  authorization: 'the credential belongs to the endpoint, not into a text that everybody reads',
  'proxy-authorization': 'the credential belongs to the endpoint, not into a text that everybody reads',
  cookie: 'the credential belongs to the endpoint, not into a text that everybody reads',
};

/** Reads a block. `template` is null when it makes no request at all; every problem is named by its line. Never throws. */
export function parseHttp(text: string): { template: HttpTemplate | null; problems: TemplateProblem[] } {
  const problems: TemplateProblem[] = [];
  const wrong = (line: number, message: string) => void problems.push({ line, message });
  if (text.length > MAX_REQUEST) {
    wrong(1, `A request holds at most ${MAX_REQUEST / 1024} KiB.`);
    return { template: null, problems };
  }
  const lines = text.replace(/\s+$/, '').split(/\r\n|\n|\r/);
  const begin = lines.findIndex((line) => line.trim() !== '');
  const first = FIRST.exec(lines[begin]?.trim() ?? '');
  if (!first) {
    wrong(begin + 1, 'The first line wants a method and an endpoint: POST {{endpoint.deployer}}/rollbacks.');
    return { template: null, problems };
  }
  const method = first[1]!.toUpperCase() as Method;
  if (!METHODS.includes(method)) wrong(begin + 1, `"${first[1]}" is none of ${METHODS.join(', ')}.`);
  const path = first[3]!;
  if (!path.startsWith('/')) wrong(begin + 1, 'A path follows the endpoint and begins with a slash.');
  if (path.includes('#')) wrong(begin + 1, 'A # in a path is never sent; write %23.');
  const headers: [string, string][] = [];
  let at = begin + 1;
  for (; at < lines.length && lines[at]!.trim() !== ''; at++) {
    const header = /^([^:]+):(.*)$/.exec(lines[at]!);
    const name = header?.[1]!.trim() ?? '';
    if (!header || !TOKEN.test(name)) {
      wrong(at + 1, 'A header is a name, a colon and a value; an empty line stands before the body.');
      continue;
    }
    // What the console sends anyway may be said, so that a block can be read as the request that it is.
    if (name.toLowerCase() === 'idempotency-key' && header[2]!.trim() === '{{key}}') continue;
    const own = OWN_HEADERS[name.toLowerCase()];
    if (own !== undefined) wrong(at + 1, `Leave the header ${name} out: ${own}.`);
    else if (headers.length >= MAX_HEADERS) wrong(at + 1, `A request has at most ${MAX_HEADERS} headers.`);
    else headers.push([name, header[2]!.trim()]);
  }
  const body = lines.slice(at + 1).join('\n');
  if (body !== '' && method === 'GET') wrong(at + 2, 'A GET has no body.');
  const template: HttpTemplate = { method, endpoint: first[2]!, path, headers, body };
  lines.forEach((line, n) => {
    for (const [, name] of line.matchAll(PLACE)) {
      if (KNOWN.has(name!) || INPUT.test(name!) || (n === begin && name!.startsWith('endpoint.'))) continue;
      wrong(
        n + 1,
        `{{${name}}} is no value; there are {{incident.label}}, {{incident.title}}, {{service}}, {{key}} and {{input.NAME}}.`,
      );
    }
    if (/\{\{|\}\}/.test(line.replace(PLACE, '')))
      wrong(n + 1, 'A placeholder is written {{name}}; this one is broken.');
  });
  const type = bodyType(template);
  if (type === 'other' && hasPlace(body))
    wrong(at + 2, 'Values go into a body of JSON or of a form only; name it by a content-type header.');
  if (type === 'json') {
    try {
      JSON.parse(fillJson(body, () => '0'));
    } catch {
      wrong(at + 2, 'The body is no JSON.');
    }
  }
  return { template: problems.length > 0 ? null : template, problems };
}

/** Names of what a person has to fill in, in the order in which they stand. */
export function inputsOf(template: HttpTemplate): string[] {
  const all = [template.path, ...template.headers.map(([, value]) => value), template.body].join('\n');
  const names = [...all.matchAll(PLACE)].map(([, name]) => name!).filter((name) => name.startsWith('input.'));
  return [...new Set(names.map((name) => name.slice('input.'.length)))];
}

/** Whether a value of this name is used. */
export function uses(template: HttpTemplate, name: string): boolean {
  const all = [template.path, ...template.headers.map(([, value]) => value), template.body].join('\n');
  return [...all.matchAll(PLACE)].some(([, used]) => used === name);
}

/** The request with its values, or the sentence that says why there is none. */
export function render(template: HttpTemplate, values: Values): RenderedRequest | string {
  try {
    return {
      method: template.method,
      endpoint: template.endpoint,
      path: fillPath(template.path, values),
      headers: template.headers.map(([name, value]) => [name, fillHeader(name, value, values)]),
      body: fillBody(template, values),
    };
  } catch (error) {
    if (error instanceof Unfit) return error.message;
    throw error;
  }
}

class Unfit extends Error {}

function valueOf(values: Values, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name]! : '';
  if (value === '') {
    const what = name.startsWith('input.') ? `${name.slice('input.'.length)} is not filled in` : `there is no ${name}`;
    throw new Unfit(`The request can't be made: ${what}.`);
  }
  if (!value.isWellFormed()) throw new Unfit(`The value of ${name} is no well-formed text.`);
  return value;
}

function fillPath(path: string, values: Values): string {
  const filled = path.replace(PLACE, (_, name: string) => encodeURIComponent(valueOf(values, name)));
  for (const segment of filled.replace(/\?.*$/, '').split('/')) {
    if (/^(\.|%2e){1,2}$/i.test(segment)) throw new Unfit(`"${segment}" would lead to another path of the server.`);
  }
  if (filled.length > MAX_PATH) throw new Unfit(`The path is longer than ${MAX_PATH} characters.`);
  return filled;
}

function fillHeader(header: string, text: string, values: Values): string {
  return text.replace(PLACE, (_, name: string) => {
    const value = valueOf(values, name);
    if (/\p{Cc}/u.test(value)) throw new Unfit(`The value of ${name} has a line break and can't stand in ${header}.`);
    // A header carries printable ASCII only.
    return value.replace(/[^\x20-\x7e]+/g, (letters) => encodeURIComponent(letters));
  });
}

function fillBody(template: HttpTemplate, values: Values): string {
  const { body } = template;
  const type = bodyType(template);
  const filled =
    type === 'json'
      ? fillJson(body, (name, inText) => {
          const value = valueOf(values, name);
          if (inText) return JSON.stringify(value).slice(1, -1);
          return /^(-?(0|[1-9]\d{0,14})(\.\d{1,15})?|true|false|null)$/.test(value) ? value : JSON.stringify(value);
        })
      : body.replace(PLACE, (_, name: string) => encodeURIComponent(valueOf(values, name)));
  if (filled.length > MAX_REQUEST) throw new Unfit(`The body is larger than ${MAX_REQUEST / 1024} KiB.`);
  return filled;
}

/** Fills a JSON text; `value` is told whether the place is inside a string. */
function fillJson(text: string, value: (name: string, inText: boolean) => string): string {
  let result = '';
  let inText = false;
  for (let at = 0; at < text.length;) {
    PLACE.lastIndex = at;
    const place = text.startsWith('{{', at) ? PLACE.exec(text) : null;
    if (place && place.index === at) {
      result += value(place[1]!, inText);
      at += place[0].length;
      continue;
    }
    const letter = text[at]!;
    if (inText && letter === '\\') {
      result += text.slice(at, at + 2);
      at += 2;
      continue;
    }
    if (letter === '"') inText = !inText;
    result += letter;
    at++;
  }
  PLACE.lastIndex = 0;
  return result;
}

function hasPlace(text: string): boolean {
  return [...text.matchAll(PLACE)].length > 0;
}

function bodyType({ headers, body }: HttpTemplate): 'none' | 'json' | 'form' | 'other' {
  if (body.trim() === '') return 'none';
  const said = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1].toLowerCase();
  if (said === undefined) return /^\s*[[{]/.test(body) ? 'json' : 'other';
  if (/^application\/([a-z0-9.+-]+\+)?json\b/.test(said)) return 'json';
  return said.startsWith('application/x-www-form-urlencoded') ? 'form' : 'other';
}

/** The headers that go out, with the type of a JSON body named when nobody named it. */
export function headersOf(request: RenderedRequest): [string, string][] {
  const named = request.headers.some(([name]) => name.toLowerCase() === 'content-type');
  return named || bodyType(request) !== 'json'
    ? request.headers
    : [...request.headers, ['content-type', 'application/json']];
}
