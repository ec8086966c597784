/**
 * The demonstration's story: what a scenario file says, and what it makes true at a moment. Invariant: `pictureAt` is a
 * pure function of the scenario and the time since the story began, so that a demonstration, a test and a drill that
 * start alike see alike; nothing here reads a clock, a file or the estate.
 */
import { isMap, isPair, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { z } from 'zod';
import { parseDuration } from '../../shared/domain/catalog/duration.ts';

/** Milliseconds of an ISO-8601 duration such as PT2M30S; null when it is none. */
export function durationMs(text: string): number | null {
  const seconds = parseDuration(text);
  return seconds === null ? null : seconds * 1000;
}

const Duration = z.string().transform((text, context) => {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: `"${text}" is no duration such as PT2M30S` });
  return z.NEVER;
});

/** A value over time: from one point to the next in a straight line, the last one for good. */
interface Track {
  /** Story time, ms, ascending. */
  at: number[];
  value: number[];
}

const Points = z.record(z.string(), z.number()).transform((points, context): Track => {
  const track: Track = { at: [], value: [] };
  for (const [key, value] of Object.entries(points)) {
    const at = durationMs(key);
    const last = track.at.at(-1) ?? -1;
    if (at === null) {
      context.addIssue({ code: 'custom', path: [key], message: `"${key}" is no duration such as PT2M30S` });
    } else if (at <= last) {
      context.addIssue({ code: 'custom', path: [key], message: `${key} does not come after the point before it` });
    } else {
      track.at.push(at);
      track.value.push(value);
    }
  }
  if (Object.keys(points).length === 0)
    context.addIssue({ code: 'custom', message: 'a track needs at least one point' });
  return track;
});

const name = z.string().min(1).max(200);
const sentence = z.string().min(1).max(500);
const span = { from: Duration, until: Duration };

const Change = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,80}$/, 'an id is made of lower-case letters, digits, dots and dashes'),
  at: Duration,
  kind: z.enum(['deployment', 'configuration', 'feature-flag', 'scaling', 'vendor-maintenance', 'other']),
  title: sentence,
  services: z.array(name).min(1),
  by: name.optional(),
  url: z.url().optional(),
});

const Alert = z.strictObject({
  name,
  ...span,
  severity: z.enum(['critical', 'error', 'warning', 'info']),
  /** As Alertmanager would carry them; `alertname` and `severity` are added. */
  labels: z.record(z.string(), z.string()),
  summary: sentence,
});

const VendorStatus = z.strictObject({
  service: name,
  ...span,
  indicator: z.enum(['minor', 'major', 'critical', 'maintenance']),
  text: sentence,
});

/** What happens at single stores for a while. Afterwards what was kept is sent within `drain`. */
const StoreAct = z
  .strictObject({
    /** All stores of a region, or stores by id. */
    region: name.optional(),
    stores: z.array(name).default([]),
    except: z.array(name).default([]),
    ...span,
    /** They begin one after the other within this time. */
    within: Duration.default(0),
    /** Shares that work: 1 all, 0 nothing. */
    wan: z.number().min(0).max(1).optional(),
    pos: z.number().min(0).max(1).optional(),
    edge: z.number().min(0).max(1).optional(),
    fallback: z.boolean().optional(),
    /** Their tills are not heard of, but their servers are. */
    tillsSilent: z.boolean().default(false),
    /** Nothing at all is heard of them. */
    silent: z.boolean().default(false),
    /** Receipts kept a minute, all of these stores together, split by what each sells, and what a receipt is worth. */
    buffering: z.strictObject({ perMinute: z.number().min(0), valueMinor: z.number().min(0) }).optional(),
    drain: Duration.default(0),
  })
  .refine(({ region, stores }) => region !== undefined || stores.length > 0, 'names neither a region nor stores');
export type StoreAct = z.output<typeof StoreAct>;

const Act = z.strictObject({
  title: sentence,
  changes: z.array(Change).default([]),
  alerts: z.array(Alert).default([]),
  vendors: z.array(VendorStatus).default([]),
  /** Services whose queries have no answer for a while. */
  silent: z.array(z.strictObject({ service: name, ...span })).default([]),
  /** service → metric → points. */
  metrics: z.record(name, z.record(name, Points)).default({}),
  /** business service → points; 1 is the baseline. */
  throughput: z.record(name, Points).default({}),
  /** What happens at single stores. */
  stores: z.array(StoreAct).default([]),
});

const Spec = z.strictObject({
  /** Two scenarios that differ only in this have different noise. */
  seed: z.string().min(1).max(100),
  /** After so long the story begins again. */
  repeat: Duration,
  noise: z.strictObject({
    /** Measured values stray this far from what is written, as a share of it. */
    relative: z.number().min(0).max(0.5),
    /** Names of metrics that do not stray: shares of counted things. */
    exact: z.array(name).default([]),
  }),
  /** service → metric → value while nothing happens. What is not here is never heard of. */
  steady: z.record(name, z.record(name, z.number())),
  acts: z.array(Act),
});

const File = z.strictObject({
  apiVersion: z.literal('holdfast.dev/v1'),
  kind: z.literal('Scenario'),
  metadata: z.strictObject({ name, title: sentence, description: z.string().max(5000).default('') }),
  spec: Spec,
});

export interface Scenario {
  name: string;
  title: string;
  seed: string;
  repeatMs: number;
  noise: number;
  exact: ReadonlySet<string>;
  /** `service\nmetric` → its value while nothing happens. */
  steady: ReadonlyMap<string, number>;
  /** `service\nmetric` → what happens to it. */
  tracks: ReadonlyMap<string, Track>;
  /** Business service → share of its baseline. */
  throughput: ReadonlyMap<string, Track>;
  alerts: readonly z.output<typeof Alert>[];
  changes: readonly z.output<typeof Change>[];
  vendors: readonly z.output<typeof VendorStatus>[];
  silent: readonly { service: string; from: number; until: number }[];
  stores: readonly StoreAct[];
}

export interface ScenarioProblem {
  /** 1-based. */
  line: number;
  /** Path of the field, `spec.acts.0.alerts.1.from`; empty for the whole file. */
  field: string;
  message: string;
}

/** A scenario file that cannot be played; its message names file, line and field of the first problem. */
export class ScenarioError extends Error {
  readonly problems: readonly ScenarioProblem[];

  constructor(file: string, problems: readonly ScenarioProblem[]) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    const where = first?.field ? `${first.field}: ` : '';
    super(first ? `${file}:${first.line}: ${where}${first.message}${more}` : `${file} cannot be played`);
    this.name = 'ScenarioError';
    this.problems = problems;
  }
}

type Path = readonly PropertyKey[];

/** Line of the deepest node on `path` that the file has; a key's own line where the path ends at one. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, part] of path.entries()) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (!pair) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else {
      const next = document.getIn(path.slice(0, index + 1), true) as Node | undefined;
      if (!next) break;
      offset = next.range?.[0] ?? offset;
      node = next;
    }
  }
  return lines.linePos(offset).line;
}

/**
 * Reads a scenario.
 * @throws ScenarioError with every problem, by line and field.
 */
export function readScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new ScenarioError(
      file,
      document.errors.map((error) => ({
        line: error.linePos?.[0].line ?? 1,
        field: '',
        message: error.message.split('\n')[0]!,
      })),
    );
  }
  const problem = (path: Path, message: string): ScenarioProblem => ({
    line: lineOf(document, lines, path),
    field: path.map(String).join('.'),
    message,
  });
  const parsed = File.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (!parsed.success) {
    throw new ScenarioError(
      file,
      parsed.error.issues.map((issue) =>
        issue.code === 'unrecognized_keys'
          ? problem([...issue.path, issue.keys[0]!], 'is no field of a scenario')
          : problem(issue.path, issue.message),
      ),
    );
  }

  const { metadata, spec } = parsed.data;
  const problems: ScenarioProblem[] = [];
  const steady = new Map(
    Object.entries(spec.steady).flatMap(([service, metrics]) =>
      Object.entries(metrics).map(([metric, value]) => [trackKey(service, metric), value] as const),
    ),
  );
  const tracks = new Map<string, Track>();
  const throughput = new Map<string, Track>();
  const changeIds = new Set<string>();
  const within = (path: Path, at: number) => {
    if (at > spec.repeat) problems.push(problem(path, 'comes after the story has begun again'));
  };
  for (const [index, act] of spec.acts.entries()) {
    const here = ['spec', 'acts', index] as const;
    for (const [service, metrics] of Object.entries(act.metrics)) {
      for (const [metric, track] of Object.entries(metrics)) {
        const path = [...here, 'metrics', service, metric];
        const key = trackKey(service, metric);
        if (!steady.has(key)) problems.push(problem(path, 'has no steady value to start from'));
        if (tracks.has(key)) problems.push(problem(path, 'is already told in another act'));
        within(path, track.at.at(-1)!);
        tracks.set(key, track);
      }
    }
    for (const [business, track] of Object.entries(act.throughput)) {
      const path = [...here, 'throughput', business];
      if (throughput.has(business)) problems.push(problem(path, 'is already told in another act'));
      within(path, track.at.at(-1)!);
      throughput.set(business, track);
    }
    for (const [place, change] of act.changes.entries()) {
      const path = [...here, 'changes', place, 'id'];
      if (changeIds.has(change.id)) problems.push(problem(path, `"${change.id}" is taken by another change`));
      changeIds.add(change.id);
      within([...here, 'changes', place, 'at'], change.at);
    }
    for (const field of ['alerts', 'vendors', 'silent', 'stores'] as const) {
      for (const [place, { from, until }] of act[field].entries()) {
        const path = [...here, field, place, 'until'];
        if (until <= from) problems.push(problem(path, 'does not come after "from"'));
        within(path, until);
      }
    }
  }
  if (spec.repeat === 0) problems.push(problem(['spec', 'repeat'], 'must be longer than nothing'));
  if (problems.length > 0) throw new ScenarioError(file, problems);

  return {
    name: metadata.name,
    title: metadata.title,
    seed: spec.seed,
    repeatMs: spec.repeat,
    noise: spec.noise.relative,
    exact: new Set(spec.noise.exact),
    steady,
    tracks,
    throughput,
    alerts: spec.acts.flatMap((act) => act.alerts),
    changes: spec.acts.flatMap((act) => act.changes).toSorted((a, b) => a.at - b.at),
    vendors: spec.acts.flatMap((act) => act.vendors),
    silent: spec.acts.flatMap((act) => act.silent),
    stores: spec.acts.flatMap((act) => act.stores),
  };
}

export interface StoreOfStory {
  id: string;
  region: string | null;
  /** Its share of all sales. */
  share: number | null;
  /** The shares of all stores of a region together, or of stores by id. */
  shareOf(region: string | undefined, stores: readonly string[], except: readonly string[]): number;
}

export interface StoreOfPicture {
  wan: number;
  /** Null: not heard of. */
  pos: number | null;
  edge: number;
  fallback: boolean;
  buffered: number;
  bufferedMinor: number;
  /** Story time of the oldest receipt that waits; null when none does. */
  oldest: number | null;
  /** Since when it is so; null while nothing happens. */
  since: number | null;
}

/** What the story makes true at a moment. All instants are ms of story time, counted through the repetitions. */
export interface Picture {
  /** How often the story has begun again. */
  round: number;
  /** Ms since this round began. */
  at: number;
  /** The value of a metric; null while its service is silent; undefined when it is never heard of. */
  metric(service: string, metric: string): number | null | undefined;
  /** Share of its baseline that a business service does, with noise. */
  throughput(businessService: string): number;
  /** Since when a service has been silent; null when it is not. */
  silentSince(service: string): number | null;
  alerts: (z.output<typeof Alert> & { since: number })[];
  /** What a vendor says of itself; absent: all is well. */
  vendors: Map<string, { indicator: 'minor' | 'major' | 'critical' | 'maintenance'; text: string; since: number }>;
  /** What a store says of itself; null while nothing is heard of it. Times are ms of story time. */
  store(store: StoreOfStory): StoreOfPicture | null;
  /** Changes of this round that have happened. */
  changes: (z.output<typeof Change> & { since: number })[];
}

/** The picture at `elapsed` ms of story time. */
export function pictureAt(scenario: Scenario, elapsed: number): Picture {
  const now = Math.max(0, elapsed);
  const round = Math.floor(now / scenario.repeatMs);
  const start = round * scenario.repeatMs;
  const at = now - start;
  const during = (span: { from: number; until: number }) => span.from <= at && at < span.until;
  const stray = (key: string) => 1 + scenario.noise * wander(scenario.seed, key, now);
  const silent = new Map(scenario.silent.filter(during).map((span) => [span.service, start + span.from]));
  return {
    round,
    at,
    metric(service, metric) {
      const key = trackKey(service, metric);
      const steady = scenario.steady.get(key);
      if (steady === undefined) return undefined;
      if (silent.has(service)) return null;
      const track = scenario.tracks.get(key);
      const written = track ? along(track, at, steady) : steady;
      const strayed = scenario.exact.has(metric) ? written : written * stray(key);
      return Number.isInteger(steady) && (track?.value.every(Number.isInteger) ?? true) ? Math.round(strayed) : strayed;
    },
    throughput(businessService) {
      const track = scenario.throughput.get(businessService);
      return (track ? along(track, at, 1) : 1) * stray(businessService);
    },
    silentSince: (service) => silent.get(service) ?? null,
    store: (store) => storeAt(scenario, store, at, start),
    alerts: scenario.alerts.filter(during).map((alert) => ({ ...alert, since: start + alert.from })),
    vendors: new Map(
      scenario.vendors
        .filter(during)
        .map(({ service, indicator, text, from }) => [service, { indicator, text, since: start + from }]),
    ),
    changes: scenario.changes
      .filter((change) => change.at <= at)
      .map((change) => ({ ...change, since: start + change.at })),
  };
}

/** A till keeps a few receipts for some seconds before they are sent. */
const ORDINARY = { most: 3, ageMs: 20_000 };

function storeAt(scenario: Scenario, store: StoreOfStory, at: number, start: number): StoreOfPicture | null {
  const few = Math.floor(
    uniform(`${scenario.seed}|${store.id}|${Math.floor((start + at) / NOISE_MS)}`) * (ORDINARY.most + 1),
  );
  const seen: StoreOfPicture = {
    ...{ wan: 1, pos: 1, edge: 1, fallback: false, buffered: few, bufferedMinor: few * 2800, since: null },
    oldest: few > 0 ? start + at - ORDINARY.ageMs : null,
  };
  for (const act of scenario.stores) {
    const concerned = act.region === undefined ? act.stores.includes(store.id) : act.region === store.region;
    if (!concerned || act.except.includes(store.id)) continue;
    const from = act.from + act.within * uniform(`${scenario.seed}|${store.id}`);
    if (at < from || at >= act.until + act.drain) continue;
    const during = at < act.until;
    if (during && act.silent) return null;
    if (act.buffering) {
      const part =
        (store.share ?? 0) /
        Math.max(
          1e-9,
          act.region === undefined
            ? store.shareOf(undefined, act.stores, act.except)
            : store.shareOf(act.region, [], act.except),
        );
      const kept = ((Math.min(at, act.until) - from) / 60_000) * act.buffering.perMinute * part;
      const left = during ? kept : kept * (1 - (at - act.until) / Math.max(1, act.drain));
      const buffered = Math.round(left);
      seen.buffered += buffered;
      seen.bufferedMinor += buffered * act.buffering.valueMinor;
      // The oldest are sent first.
      if (buffered > 0) seen.oldest = start + act.until - ((act.until - from) * left) / Math.max(1e-9, kept);
      if (buffered > 0 && during) seen.oldest = start + from;
    }
    if (!during) continue;
    seen.since = start + from;
    seen.wan = act.wan ?? seen.wan;
    seen.pos = act.tillsSilent ? null : (act.pos ?? seen.pos);
    seen.edge = act.edge ?? seen.edge;
    seen.fallback = act.fallback ?? seen.fallback;
  }
  return seen;
}

function trackKey(service: string, metric: string): string {
  return `${service}\n${metric}`;
}

function along(track: Track, at: number, before: number): number {
  const next = track.at.findIndex((point) => point > at);
  if (next === 0) return before;
  if (next === -1) return track.value.at(-1)!;
  const [from, to] = [track.at[next - 1]!, track.at[next]!];
  const [low, high] = [track.value[next - 1]!, track.value[next]!];
  return low + ((high - low) * (at - from)) / (to - from);
}

/** How often noise takes a new direction. */
const NOISE_MS = 30_000;

/** Value noise: −1 to 1, smooth in time, the same for the same seed, key and time. */
function wander(seed: string, key: string, now: number): number {
  const step = Math.floor(now / NOISE_MS);
  const part = now / NOISE_MS - step;
  const ease = part * part * (3 - 2 * part);
  const [from, to] = [uniform(`${seed}|${key}|${step}`), uniform(`${seed}|${key}|${step + 1}`)];
  return 2 * (from + (to - from) * ease) - 1;
}

/** A number in [0, 1) that depends on nothing but the text: FNV-1a with a final avalanche (as in MurmurHash3). */
function uniform(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
