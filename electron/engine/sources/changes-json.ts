/**
 * Changes from any tool that answers JSON over HTTP. Invariant: what is taken happened, and is taken once; what the answer
 * holds beside that, or what can't be read of it, is counted and said, and never keeps out the rest.
 *
 * The shape that needs no configuration is a list of changes, by itself or under `items`, `changes`, `data` or `results`:
 *
 *   [{ "id": "checkout-api-4.18.0", "at": "2026-03-02T18:02:00Z", "kind": "deployment", "title": "checkout-api 4.18.0",
 *      "services": ["checkout-api"], "by": "Felix Brandt", "url": "https://git.example/releases/4.18.0" }]
 *
 * - `at`: ISO 8601 with its offset, or a number: seconds or milliseconds since 1970 (told apart by their size). One that
 *   lies ahead is not taken before its time: it is read again by then.
 * - `kind`: deployment, configuration, feature-flag, scaling, vendor-maintenance, other; usual words for these are
 *   understood (`release`, `flag`, `autoscaling`, `maintenance`, …), and `kinds` says the tool's own.
 * - `services`: names or ids, a list or text with commas. One that the estate does not have is named in the title.
 * - `id` may be missing: then what the change says is its identity.
 *
 * For another shape each of these is a path into the answer: JSON pointers (RFC 6901, the first slash may be left out),
 * where `*` stands for every member of a list: `/commit/author/name`, `components/0/name`. A constant is written `=text`.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ChangeKind } from '../../../shared/contract/cause.ts';
import type { TestReport } from '../../../shared/contract/sources.ts';
import { credentialField, timingOf, timingShape, urlField } from './config.ts';
import { authorization, hostOf } from './http.ts';
import { sentence } from './scheduler.ts';
import {
  SourceFailure,
  validFor,
  type Mapping,
  type Observation,
  type Polled,
  type Source,
  type SourceDeps,
  type SourceModule,
} from './source.ts';

/** More than these are counted and not looked at. */
const MAX_ITEMS = 20_000;
/** At most so many, the newest, are taken of one answer. */
const MAX_CHANGES = 2_000;
/** Clocks differ by this much between machines, ms. */
const AHEAD_MS = 5 * 60_000;
/** Seconds since 1970 stay below this until the year 5138; milliseconds are above it since 1973. */
const SECONDS_BELOW = 1e11;
const SECRET_NAME = /token|secret|password|passwd|api_?key|^key$|auth|signature|^sig$/i;

const Address = z
  .string()
  .trim()
  .max(2000)
  .superRefine((text, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      refuse(`"${text.slice(0, 80)}" is no address; write it like https://deploy.example/api/changes?limit=100`);
      return;
    }
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      refuse(`an address begins with http:// or https://, not ${url.protocol}`);
    if (url.username !== '' || url.password !== '')
      refuse('an address holds no user or password; they belong in the credential');
    const secret = [...url.searchParams.keys()].find((name) => SECRET_NAME.test(name));
    if (secret !== undefined)
      refuse(`"${secret.slice(0, 40)}" in the address looks like a secret; it belongs in the credential`);
  });

const Path = (fallback: string) => z.string().trim().max(500).default(fallback);

/** `deploy=deployment, toggle=feature-flag`. */
function pairsOf(text: string): [string, string][] {
  return text.split(/[,;\n]/).flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=');
    return at < 0 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
  });
}
const Pairs = z
  .union([z.record(z.string(), z.string()), z.string().transform((text) => Object.fromEntries(pairsOf(text)))])
  .default({});

const Config = z.strictObject({
  url: Address,
  ...timingShape,
  intervalSeconds: z.coerce.number().min(1).max(3600).default(60),
  items: Path(''),
  id: Path('/id'),
  at: Path('/at'),
  kind: Path('/kind'),
  title: Path('/title'),
  services: Path('/services'),
  by: Path('/by'),
  link: Path('/url'),
  kinds: Pairs.pipe(z.record(z.string(), ChangeKind)),
  /** What a change is when nothing says it. */
  defaultKind: ChangeKind.default('deployment'),
  /** The tool's names of services, where they differ from the estate's. */
  names: Pairs,
  /** Older changes are left out, hours. */
  sinceHours: z.coerce.number().min(1).max(8760).default(72),
});
type Config = z.output<typeof Config>;

const field = (name: string, title: string, example: string, help: string): SourceModule['fields'][number] => ({
  name,
  title,
  required: false,
  secret: false,
  example,
  help,
});

export const changesJson: SourceModule<typeof Config> = {
  type: 'changes-json',
  title: 'Changes (JSON)',
  fields: [
    {
      ...urlField('https://deploy.example/api/changes?limit=100'),
      help: 'The whole address that answers the list of changes.',
    },
    credentialField,
    field('intervalSeconds', 'Read every (seconds)', '60', 'How often the list is read.'),
    field('timeoutSeconds', 'Wait at most (seconds)', '10', 'For one whole read.'),
    field(
      'items',
      'Where the list is',
      '/deployments',
      'Path to the list. Left empty: the answer itself, or its items, changes, data or results.',
    ),
    field('id', 'Identity', '/id', 'Path in a change. What is missing is made from what the change says.'),
    field('at', 'When', '/finished_at', 'Path to a time with its offset, or seconds or milliseconds since 1970.'),
    field('kind', 'Kind', '/type', 'Path, or =deployment when all are of one kind.'),
    field('title', 'Title', '/release/name', 'Path to what a person reads.'),
    field('services', 'Services', '/components/*/name', 'Path to names or ids; * stands for every member of a list.'),
    field('by', 'By whom', '/author/name', 'Path.'),
    field('link', 'Link', '/web_url', 'Path to an http or https address.'),
    field(
      'kinds',
      'Kinds',
      'rollout=deployment, toggle=feature-flag',
      "The tool's words for kinds, where they are not understood.",
    ),
    field(
      'defaultKind',
      'Kind when nothing says it',
      'deployment',
      'deployment, configuration, feature-flag, scaling, vendor-maintenance or other.',
    ),
    field(
      'names',
      'Names of services',
      'checkout=checkout-api',
      "The tool's names, where they differ from the estate's.",
    ),
    field('sinceHours', 'At most so old (hours)', '72', 'Older changes are left out.'),
  ],
  config: Config,
  timing: timingOf,
  create: (config, deps) => new ChangesJson(config, deps),
};

interface Taken {
  key: string;
  at: number;
  kind: ChangeKind;
  title: string;
  services: string[];
  by?: string;
  url?: string;
}

interface Read {
  taken: Taken[];
  /** Sentences on what was left out. */
  aside: string[];
  total: number;
}

class ChangesJson implements Source {
  readonly #config: Config;
  readonly #deps: SourceDeps;
  #names: { revision: number; ids: Map<string, string> } | null = null;

  constructor(config: Config, deps: SourceDeps) {
    this.#config = config;
    this.#deps = deps;
  }

  async poll(signal: AbortSignal): Promise<Polled> {
    const read = await this.#read(signal);
    const now = this.#deps.now();
    const observations = read.taken.map(({ key, at, kind, title, services, by, url }): Observation => ({
      key,
      subject: services[0] === undefined ? null : { service: services[0] },
      kind: 'change',
      title,
      text: '',
      value: null,
      unit: '',
      health: null,
      tier: null,
      since: at,
      observedAt: now,
      validForMs: validFor(timingOf(this.#config)),
      change: { at, kind, services, ...(by === undefined ? {} : { by }), ...(url === undefined ? {} : { url }) },
    }));
    return { observations, message: this.#summary(read) };
  }

  async test(signal: AbortSignal): Promise<TestReport> {
    const started = performance.now();
    try {
      const read = await this.#read(signal);
      const seen = read.taken
        .slice(0, 20)
        .map(
          ({ at, kind, title, services }) =>
            `${new Date(at).toISOString()} ${kind}: ${title} (${services.length === 0 ? 'no service of the estate' : services.join(', ')})`,
        );
      return { ok: true, message: this.#summary(read), ms: Math.round(performance.now() - started), seen };
    } catch (error) {
      return { ok: false, message: sentence(error), ms: Math.round(performance.now() - started), seen: [] };
    }
  }

  close(): void {
    // Nothing is held: connections belong to the process.
  }

  async #read(signal: AbortSignal): Promise<Read> {
    const { url } = this.#config;
    const body = await this.#deps.http.json({ url, headers: authorization(this.#deps.credential), signal });
    const items = this.#items(body);
    const counts = new Map<string, number>();
    const leave = (why: string) => counts.set(why, (counts.get(why) ?? 0) + 1);
    const strangers = new Set<string>();
    const taken = new Map<string, Taken>();
    const now = this.#deps.now();
    for (const item of items.slice(0, MAX_ITEMS)) {
      const change = this.#change(item, now, strangers);
      if (typeof change === 'string') leave(change);
      else if (taken.has(change.key)) leave('named twice');
      else taken.set(change.key, change);
    }
    const aside = [...counts].map(([why, n]) => `${n} ${why}`);
    if (items.length > MAX_ITEMS) aside.push(`${items.length - MAX_ITEMS} not looked at: too many`);
    const newest = [...taken.values()].sort((a, b) => b.at - a.at || (a.key < b.key ? -1 : 1));
    if (newest.length > MAX_CHANGES) aside.push(`the ${newest.length - MAX_CHANGES} oldest left out`);
    if (strangers.size > 0)
      aside.push(
        `${strangers.size === 1 ? 'a service that' : `${strangers.size} services that`} the estate does not have: ${[...strangers].slice(0, 5).join(', ')}`,
      );
    return { taken: newest.slice(0, MAX_CHANGES), aside, total: items.length };
  }

  #items(body: unknown): unknown[] {
    const host = hostOf(this.#config.url);
    const { items } = this.#config;
    const usual = ['items', 'changes', 'data', 'results'];
    const found =
      items !== ''
        ? follow(body, items)
        : Array.isArray(body)
          ? [body]
          : usual.flatMap((name) => follow(body, name)).slice(0, 1);
    const list = items.includes('*') ? found : found[0];
    if (Array.isArray(list)) return list;
    throw new SourceFailure(
      items === ''
        ? `${host} answers JSON, but no list of changes; say where the list is.`
        : `${host} answers JSON, but there is no list at "${items.slice(0, 80)}".`,
    );
  }

  #change(item: unknown, now: number, strangers: Set<string>): Taken | string {
    const { id, at, kind, title, services, by, link, defaultKind, sinceHours } = this.#config;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return 'not in the shape of a change';
    const when = instantOf(follow(item, at)[0]);
    if (when === null) return 'without a time that can be read';
    if (when > now + AHEAD_MS) return 'still to come';
    if (when < now - sinceHours * 3_600_000) return `older than ${sinceHours} h`;
    const said = line(textOf(follow(item, title)[0]), 400);
    if (said === '') return 'without a title';
    const known = this.#idsOf(follow(item, services), strangers);
    const identity = textOf(follow(item, id)[0]);
    const author = line(textOf(follow(item, by)[0]), 200);
    const address = textOf(follow(item, link)[0]);
    const stranger = known.unknown.length === 0 ? '' : ` (${known.unknown.slice(0, 3).join(', ')})`;
    return {
      key: `change:${identity === '' ? digest([when, said, known.ids, known.unknown]) : identity.length <= 200 ? identity : digest(identity)}`,
      at: Math.min(when, now),
      kind: this.#kindOf(textOf(follow(item, kind)[0])) ?? defaultKind,
      title: line(`${said}${stranger}`, 500),
      services: known.ids,
      ...(author === '' ? {} : { by: author }),
      ...(isWeb(address) ? { url: address } : {}),
    };
  }

  #kindOf(word: string): ChangeKind | null {
    const { kinds } = this.#config;
    const plain = word
      .trim()
      .toLowerCase()
      .replace(/[\s_]+/g, '-');
    const own = Object.entries(kinds).find(([name]) => name.toLowerCase() === word.trim().toLowerCase());
    if (own) return own[1];
    const parsed = ChangeKind.safeParse(plain);
    return parsed.success ? parsed.data : Object.hasOwn(USUAL_KINDS, plain) ? USUAL_KINDS[plain]! : null;
  }

  #idsOf(values: readonly unknown[], strangers: Set<string>): { ids: string[]; unknown: string[] } {
    const mapping = this.#deps.mapping();
    if (this.#names?.revision !== mapping.revision) this.#names = { revision: mapping.revision, ids: namesOf(mapping) };
    const ids = new Set<string>();
    const unknown = new Set<string>();
    const { names } = this.#config;
    for (const name of values.flatMap(namesIn).slice(0, 1000)) {
      const ours = Object.hasOwn(names, name) ? names[name]! : name;
      const found = this.#names.ids.get(ours.toLowerCase());
      if (found !== undefined) ids.add(found);
      else unknown.add(line(name, 80));
    }
    for (const name of unknown) if (strangers.size < 1000) strangers.add(name);
    return { ids: [...ids].sort(), unknown: [...unknown] };
  }

  #summary({ taken, aside, total }: Read): string {
    const count = `${taken.length} change${taken.length === 1 ? '' : 's'}`;
    const newest = taken[0] ? `, the newest ${new Date(taken[0].at).toISOString()}` : '';
    const of = total === taken.length ? '' : ` of ${total} that were answered`;
    return sentence(`${count}${of}${newest}${aside.length === 0 ? '' : `; ${aside.join('; ')}`}`);
  }
}

const USUAL_KINDS: Record<string, ChangeKind> = {
  deploy: 'deployment',
  deployed: 'deployment',
  release: 'deployment',
  rollout: 'deployment',
  rollback: 'deployment',
  upgrade: 'deployment',
  config: 'configuration',
  'config-change': 'configuration',
  settings: 'configuration',
  flag: 'feature-flag',
  featureflag: 'feature-flag',
  toggle: 'feature-flag',
  experiment: 'feature-flag',
  scale: 'scaling',
  autoscaling: 'scaling',
  capacity: 'scaling',
  maintenance: 'vendor-maintenance',
  vendor: 'vendor-maintenance',
};

/**
 * What stands at a path, in order; nothing when there is no such place. `*` goes into every member of a list, `=text` is
 * that text, an empty path the value itself.
 */
export function follow(value: unknown, path: string): unknown[] {
  if (path.startsWith('=')) return [path.slice(1)];
  const steps = path.replace(/^\//, '').split('/');
  if (path === '' || path === '/') return value === undefined ? [] : [value];
  let found: unknown[] = [value];
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    found = found
      .flatMap((at): unknown[] => {
        if (Array.isArray(at))
          return name === '*' ? at : /^\d+$/.test(name) && Number(name) < at.length ? [at[Number(name)]] : [];
        return typeof at === 'object' && at !== null && Object.hasOwn(at, name)
          ? [(at as Record<string, unknown>)[name]]
          : [];
      })
      .slice(0, MAX_ITEMS + 1);
  }
  return found.filter((one) => one !== undefined && one !== null);
}

function instantOf(value: unknown): number | null {
  if (typeof value === 'string' && !/^\d+(\.\d+)?$/.test(value.trim())) {
    // A time without its zone could be any of a day's hours.
    if (!/(Z|[+-]\d{2}:?\d{2})$/i.test(value.trim())) return null;
    const at = Date.parse(value.trim());
    return Number.isFinite(at) && at > 0 ? at : null;
  }
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (!Number.isFinite(number) || number <= 0) return null;
  const at = Math.round(number < SECONDS_BELOW ? number * 1000 : number);
  return at <= 8.64e15 ? at : null;
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value === 'object' && value !== null)
    return ['id', 'name']
      .flatMap((name) => follow(value, name).slice(0, 1))
      .slice(0, 1)
      .flatMap(namesIn);
  return textOf(value)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** Services by what they may be called, in small letters; a name that two share means neither. */
function namesOf({ services }: Mapping): Map<string, string> {
  const ids = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id, name } of services) {
    const key = name.toLowerCase();
    if (ids.has(key)) shared.add(key);
    ids.set(key, id);
  }
  for (const key of shared) ids.delete(key);
  for (const { id } of services) ids.set(id.toLowerCase(), id);
  return ids;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
}

/** One printable line. */
function line(text: string, most: number): string {
  return text
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed();
}

function isWeb(text: string): boolean {
  return text.length <= 2000 && /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text);
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
