/**
 * Actions that are written down beforehand: in a file of templates, or in a step of a runbook. Invariant: an action that
 * makes no whole request is listed with its mistakes and can't be proposed.
 */
import { z } from 'zod';
import type { Problem } from '../../contract/common.ts';
import { checkedYaml } from '../checked-yaml.ts';
import { Risk } from '../words.ts';
import { inputsOf, METHODS, parseHttp, uses, type HttpTemplate, type Method } from './template.ts';

/** What an action's author says of it. */
export interface ActionSpec {
  title: string;
  request: HttpTemplate;
  risk: Risk;
  reversible: boolean | null;
  /** Most services that it may reach without approval; null: not said. */
  reach: number | null;
  /** Statuses that mean that it was done. */
  expect: number[];
  timeoutMs: number;
  effect: string;
  /** A request that changes nothing and says what would happen; of the same endpoint. */
  dryRun: { method: Method; path: string } | null;
  inputs: { name: string; title: string; example: string }[];
  /** Whether a service has to be named that it acts on. */
  wantsService: boolean;
}

export interface ActionTemplate extends ActionSpec {
  id: string;
  file: string;
}

/** An action as its author wrote it: a step of a runbook, or an entry of a file. */
export interface RawAction {
  title: string;
  /** The block of ```http. */
  http: string;
  risk: Risk;
  reversible: boolean | null;
  reach: number | null;
  effect: string;
  /** Statuses, with commas between them. */
  expect?: string | undefined;
  /** Such as 20s. */
  timeout?: string | undefined;
  /** Method and path. */
  dryRun?: string | undefined;
}

const DEFAULT_TIMEOUT_MS = 20_000;
const MAX_TIMEOUT_MS = 300_000;

/** Reads an action; lines of problems count within its block. */
export function readAction(raw: RawAction): {
  action: ActionSpec | null;
  problems: { line: number; field: string; message: string }[];
} {
  const problems: { line: number; field: string; message: string }[] = [];
  const wrong = (field: string, message: string, line = 0) => void problems.push({ line, field, message });
  const { template, problems: broken } = parseHttp(raw.http);
  for (const { line, message } of broken) wrong('http', message, line);
  const expect = (raw.expect ?? '200,201,202,204').split(',').map((one) => Number(one.trim()));
  if (!expect.every((one) => Number.isInteger(one) && one >= 200 && one <= 299))
    wrong('expect', `"${raw.expect}" is no list of statuses from 200 to 299, such as 200,202.`);
  const timeoutMs = durationOf(raw.timeout);
  if (timeoutMs === null) wrong('timeout', `"${raw.timeout}" is no time from 1s to 5m.`);
  const dryRun = dryRunOf(raw.dryRun ?? null, template, (message) => wrong('dry-run', message));
  if (problems.length > 0 || !template || timeoutMs === null) return { action: null, problems };
  return {
    action: {
      title: raw.title,
      request: template,
      risk: raw.risk,
      reversible: raw.reversible,
      reach: raw.reach,
      expect,
      timeoutMs,
      effect: raw.effect,
      dryRun,
      inputs: inputNames(template, dryRun).map((name) => ({
        name,
        title: name.replaceAll(/[-_]/g, ' '),
        example: '',
      })),
      wantsService:
        uses(template, 'service') || (dryRun !== null && uses({ ...template, path: dryRun.path }, 'service')),
    },
    problems,
  };
}

function dryRunOf(
  text: string | null,
  template: HttpTemplate | null,
  complain: (message: string) => void,
): ActionSpec['dryRun'] {
  if (text === null || text.trim() === '') return null;
  const read = /^([A-Za-z]+)\s+(\/\S*)$/.exec(text.trim());
  if (!read || !(METHODS as readonly string[]).includes(read[1]!.toUpperCase())) {
    complain(`"${text}" is no method with a path, such as GET /rollbacks/preview.`);
    return null;
  }
  const method = read[1]!.toUpperCase() as Method;
  const { problems } = parseHttp(`${method} {{endpoint.${template?.endpoint ?? 'x'}}}${read[2]}`);
  for (const { message } of problems) complain(message);
  return { method, path: read[2]! };
}

function inputNames(template: HttpTemplate, dryRun: ActionSpec['dryRun']): string[] {
  return [
    ...new Set([
      ...inputsOf(template),
      ...(dryRun ? inputsOf({ ...template, path: dryRun.path, headers: [], body: '' }) : []),
    ]),
  ];
}

function durationOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return DEFAULT_TIMEOUT_MS;
  const read = /^(\d{1,6})(ms|s|m)$/.exec(text.trim());
  if (!read) return null;
  const ms = Number(read[1]) * { ms: 1, s: 1000, m: 60_000 }[read[2] as 'ms' | 's' | 'm'];
  return ms >= 100 && ms <= MAX_TIMEOUT_MS ? ms : null;
}

const text = z.string().trim().min(1).max(500);
const scalar = z.union([z.string(), z.number()]).transform(String);
const Template = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'an id is lower-case letters, digits and . _ -'),
  title: text,
  effect: text,
  risk: z.enum(Risk.options, `the risk is one of ${Risk.options.join(', ')}`),
  reversible: z.boolean(),
  reach: z.int().min(0).max(100_000).optional(),
  expect: z.array(z.int().min(200).max(299)).min(1).max(10).optional(),
  timeout: scalar.optional(),
  'dry-run': z.string().max(4000).optional(),
  inputs: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,59}$/, 'a name is letters, digits, _ and -'),
        title: text,
        example: z.string().max(200).default(''),
      }),
    )
    .max(30)
    .default([]),
  http: z.string().min(1),
});
const File = z.strictObject({ actions: z.array(Template).min(1).max(200) });

/** Reads a file of templates: what is right in it is taken, what is wrong is named. */
export function parseTemplates(file: string, content: string): { templates: ActionTemplate[]; problems: Problem[] } {
  const { value, problems, lineOf } = checkedYaml(file, content, File);
  const templates: ActionTemplate[] = [];
  for (const [n, one] of (value?.actions ?? []).entries()) {
    const { action, problems: broken } = readAction({
      ...one,
      reach: one.reach ?? null,
      expect: one.expect?.join(','),
      dryRun: one['dry-run'],
    });
    for (const { field, line, message } of broken)
      problems.push({
        severity: 'error',
        file,
        line: lineOf(['actions', n, field]) + (field === 'http' ? line : 0),
        field: `${one.id}.${field}`,
        message,
      });
    if (!action) continue;
    if (templates.some(({ id }) => id === one.id)) {
      problems.push({
        severity: 'error',
        file,
        line: lineOf(['actions', n, 'id']),
        field: 'id',
        message: `The action "${one.id}" stands twice; the first is used.`,
      });
      continue;
    }
    const said = new Map(one.inputs.map((input) => [input.name, input]));
    templates.push({
      ...action,
      id: one.id,
      file,
      inputs: action.inputs.map((input) => said.get(input.name) ?? input),
    });
  }
  return { templates, problems };
}
