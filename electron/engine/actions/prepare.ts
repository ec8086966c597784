/**
 * From what is written down to the exact request. Invariant: what is proposed is whole and bound by its hash: method,
 * address, headers, body, dry run, what it acts on, and all that the guard goes by.
 */
import { createHash } from 'node:crypto';
import type { ActionPreview } from '../../../shared/contract/actions.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Parsed } from '../../../shared/contract/table.ts';
import { readAction, type ActionSpec } from '../../../shared/domain/actions/catalog.ts';
import { authorityOf, needOf, whoWords, type Guarded, type Need } from '../../../shared/domain/actions/guard.ts';
import {
  headersOf,
  render,
  type Method,
  type RenderedRequest,
  type Values,
} from '../../../shared/domain/actions/template.ts';
import { Risk } from '../../../shared/domain/words.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { blastView } from '../blast/index.ts';
import type { Context } from '../context.ts';
import { runsOf } from '../runbooks/runs.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { named, resolve } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import { endpoints } from './endpoints.ts';
import { authorityNow, templates } from './library.ts';
import { standingOf } from './people.ts';

const MANY = 10_000;

export interface FoundAction {
  spec: ActionSpec;
  template: string | null;
  step: { run: string; step: string; title: string } | null;
}

/**
 * The action that is meant: a template, or a step of a run.
 * @throws Refusal when there is none, or when it makes no request
 */
function findAction(context: Context, incident: EntityRow, input: Parsed<'action.preview'>): FoundAction {
  if (input.step !== undefined) return ofStep(context, incident, input.step, input.run);
  if (input.template === undefined)
    throw new Refusal('bad_input', 'Say which action: a template, or a step of a runbook that runs here.');
  const all = templates(context);
  const spec = all.templates.find(({ id }) => id === input.template);
  if (spec) return { spec, template: spec.id, step: null };
  const near = nearest(
    input.template,
    all.templates.map(({ id }) => id),
  );
  throw new Refusal(
    'not_found',
    `There is no action "${input.template}".${near ? ` Did you mean "${near}"?` : ' `action templates` lists them.'}`,
  );
}

function ofStep(context: Context, incident: EntityRow, wanted: string, run: string | undefined): FoundAction {
  const found = runsOf(context, incident.id)
    .filter(({ id }) => run === undefined || id === run)
    .flatMap((one) => one.steps.filter(({ id }) => id === wanted).map((step) => ({ run: one.id, step })));
  if (found.length === 0) throw new Refusal('not_found', `No runbook running in this incident has a step "${wanted}".`);
  if (found.length > 1)
    throw new Refusal('bad_input', `Several running runbooks have a step "${wanted}": say which run.`);
  const [{ run: in_, step }] = found as [(typeof found)[0]];
  if (step.type !== 'action')
    throw new Refusal('refused', `The step "${step.title}" is no action; it is done by hand.`);
  const { action } = step;
  if (!action)
    throw new Refusal('refused', `The step "${step.title}" holds no block of \`\`\`http, so there is nothing to send.`);
  const { action: spec, problems } = readAction({
    title: step.title,
    http: action.text,
    // What nobody said of the risk counts as the more dangerous.
    risk: Risk.catch('data-integrity').parse(step.risk),
    reversible: step.reversible,
    reach: step.reach ?? null,
    effect: action.effect ?? firstWords(step.body) ?? step.title,
    expect: action.expect,
    timeout: action.timeout,
    dryRun: action.dryRun,
  });
  if (spec) return { spec, template: null, step: { run: in_, step: step.id, title: step.title } };
  const [{ field, line, message }] = problems as [(typeof problems)[0]];
  throw new Refusal(
    'refused',
    `The step "${step.title}" makes no request: ${field}${line ? `, line ${line}` : ''}: ${message}`,
  );
}

/** The first paragraph of a step's text outside of blocks. */
function firstWords(body: string): string | null {
  const [first] = body
    .replace(/^\s*(```|~~~)[\s\S]*?^\s*\1.*$/gm, '')
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return first === undefined ? null : first.replace(/\s+/g, ' ').slice(0, 500).toWellFormed();
}

export interface Prepared extends FoundAction {
  services: string[];
  reaches: number | null;
  reach: string;
  guarded: Guarded;
  need: Need;
  /** Null when it can't be made yet, because of `missing`. */
  made: Made | null;
  missing: string | null;
}

export interface Made {
  endpoint: string;
  method: Method;
  url: string;
  headers: [string, string][];
  body: string;
  dryRun: { method: Method; url: string } | null;
  hash: string;
}

/** What an action would be with these values. `key`: the idempotency key; a preview has none yet. */
export function prepare(context: Context, incident: EntityRow, input: Parsed<'action.preview'>, key: string): Prepared {
  const found = findAction(context, incident, input);
  const { spec } = found;
  const affected = ((incident.doc['services'] as string[] | undefined) ?? []).filter((id) =>
    context.estate.get('service', id),
  );
  const services =
    input.service !== undefined ? [resolve(context, 'service', input.service)] : affected.length === 1 ? affected : [];
  const { reaches, reach } = reachOf(context, services);
  const guarded: Guarded = {
    risk: spec.risk,
    reversible: spec.reversible,
    reach: { limit: spec.reach, services: reaches },
  };
  const base: Omit<Prepared, 'made' | 'missing'> = {
    ...found,
    services,
    reaches,
    reach,
    guarded,
    need: needOf(guarded),
  };
  const values: Record<string, string> = {
    'incident.label': context.incidents.labels().get(incident.id) ?? '',
    'incident.title': String(incident.doc['title'] ?? ''),
    key,
    ...(services.length === 1 ? { service: services[0]! } : {}),
    ...Object.fromEntries(Object.entries(input.inputs).map(([name, value]) => [`input.${name}`, value])),
  };
  const unknown = Object.keys(input.inputs).find((name) => !spec.inputs.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Refusal(
      'bad_input',
      `inputs.${unknown}: this action asks for ${spec.inputs.map(({ name }) => name).join(', ') || 'nothing'}.`,
    );
  const made = make(context, base, values);
  return typeof made === 'string' ? { ...base, made: null, missing: made } : { ...base, made, missing: null };
}

function make(
  context: Context,
  { spec, services, reach }: Omit<Prepared, 'made' | 'missing'>,
  values: Values,
): Made | string {
  if (spec.wantsService && services.length !== 1) return 'Say which service it acts on.';
  const lacking = spec.inputs.find(({ name }) => !values[`input.${name}`]);
  if (lacking) return `${lacking.title} is not filled in.`;
  const rendered = render(spec.request, values);
  if (typeof rendered === 'string') return rendered;
  const dry = spec.dryRun ? render({ ...spec.request, ...spec.dryRun, headers: [], body: '' }, values) : null;
  if (typeof dry === 'string') return dry;
  const endpoint = endpoints(context).get(spec.request.endpoint);
  if (!endpoint)
    return `This console has no endpoint "${spec.request.endpoint}"; add it in the settings, or with endpoint add ${spec.request.endpoint} ADDRESS.`;
  const url = addressOf(endpoint.url, rendered);
  const dryUrl = dry && addressOf(endpoint.url, dry);
  if (url === null || (dry && dryUrl === null)) return `The path would lead away from the endpoint ${endpoint.id}.`;
  const made = {
    endpoint: endpoint.id,
    method: rendered.method,
    url,
    headers: headersOf(rendered),
    body: rendered.body,
    dryRun: dry && dryUrl !== null ? { method: dry.method, url: dryUrl } : null,
  };
  return { ...made, hash: hashOf({ ...spec, ...made, services, reachLimit: spec.reach, reach }) };
}

/** The whole address, or null when the path would leave the endpoint's own. */
function addressOf(base: string, { path }: Pick<RenderedRequest, 'path'>): string | null {
  try {
    const at = new URL(base);
    const to = new URL(base + path);
    const within = at.pathname === '/' ? '/' : `${at.pathname}/`;
    return to.origin === at.origin && to.pathname.startsWith(within) && to.username === '' ? to.href : null;
  } catch {
    return null;
  }
}

/** What a hash binds: all that goes out and all that the guard goes by. */
export interface Bound {
  title: string;
  endpoint: string;
  method: string;
  url: string;
  headers: readonly (readonly [string, string])[];
  body: string;
  dryRun: { method: string; url: string } | null;
  expect: readonly number[];
  timeoutMs: number;
  effect: string;
  risk: string;
  reversible: boolean | null;
  reachLimit: number | null;
  services: readonly string[];
  reach: string;
}

export function hashOf(bound: Bound): string {
  const { title, endpoint, method, url, headers, body, dryRun, expect, timeoutMs, effect } = bound;
  const { risk, reversible, reachLimit, services, reach } = bound;
  return sha256(
    canonical([
      'holdfast action 1',
      { title, endpoint, method, url, headers, body, dryRun, expect, timeoutMs, effect },
      { risk, reversible, reachLimit, services, reach },
    ] as never),
  );
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** How many services these reach, and a digest of what they reach; null when none is known. */
export function reachOf(context: Context, services: readonly string[]): { reaches: number | null; reach: string } {
  const known = services.filter((id) => context.estate.get('service', id));
  if (known.length === 0 || known.length < services.length)
    return { reaches: null, reach: sha256(canonical(['nothing', ...services])) };
  const blast = blastView(context, known, MANY);
  const reached = [...blast.reached, ...blast.businessServices, ...blast.stores].map(({ id }) => id).sort();
  return { reaches: blast.reached.length, reach: sha256(canonical([...known, '→', ...reached])) };
}

export function reachWords(reaches: number | null, limit: number | null): string {
  if (reaches === null) return 'What it reaches is not known: no service is named that it acts on.';
  const services = reaches === 0 ? 'no other service' : `${reaches} other ${reaches === 1 ? 'service' : 'services'}`;
  return `It acts on what reaches ${services}${limit === null ? '.' : `; up to ${limit} need no approval.`}`;
}

/** What the guard asks for, in words; and who may give it, with how to reach them. */
export function guardView(
  context: Context,
  incident: EntityRow,
  need: Need,
  proposers: readonly string[],
): Pick<ActionPreview, 'guard' | 'mayApprove'> {
  const { authority } = authorityNow(context);
  const rule = need.rule === null ? null : authority.rules[need.rule];
  return {
    guard: {
      approval: need.approval,
      why: need.why,
      approvals: need.rule === null ? 0 : (rule?.approvals ?? 1),
      who: need.rule === null ? 'whoever confirms it' : whoWords(authority, need.rule),
    },
    mayApprove:
      need.rule === null
        ? []
        : [...context.estate.all('person').values()].flatMap((person) => {
            if (proposers.includes(person.id)) return [];
            const as = authorityOf(authority, need.rule!, standingOf(context, incident, person.id)!);
            return as === null
              ? []
              : [{ ...named(context, 'person', person.id), as, phone: person.phone, email: person.email }];
          }),
  };
}
