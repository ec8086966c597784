/**
 * Alertmanager, `/api/v2/alerts`. Invariant: every firing alert is seen, whether it belongs to a service or to nobody;
 * a silenced or inhibited one is shown and not counted; and that no alert fires is good news only as long as alerts are
 * known to arrive.
 *
 * Severity to tier (and health), by the label `severity` unless configured otherwise:
 * critical, page, emergency, fatal → customer-impacting (failing);
 * error, major, high → operational-degradation (degraded);
 * warning, minor, medium, low → early-warning (early warning);
 * info, none, debug → shown, says nothing of health. A tier's own name may stand in the label.
 * No such label, or another value → operational-degradation: an alert that does not say is taken seriously.
 *
 * `endsAt` of a firing alert is a time in the future here (when it ends unless it is renewed), the year 1 in webhooks; so
 * an alert is over only when `endsAt` lies in the past and is not the year 1.
 */
import { z } from 'zod';
import type { TestReport } from '../../../shared/contract/sources.ts';
import { HEALTH_OF_TIER } from '../../../shared/domain/health.ts';
import { SignalTier } from '../../../shared/domain/words.ts';
import { credentialField, TextList, timingFields, timingOf, timingShape, urlField } from './config.ts';
import { authorization, BaseUrl, hostOf } from './http.ts';
import { AlertIndex } from './matching.ts';
import { sentence } from './scheduler.ts';
import {
  SourceFailure,
  validFor,
  type Observation,
  type Polled,
  type Source,
  type SourceDeps,
  type SourceModule,
} from './source.ts';

const Tier = z.enum([...SignalTier.options, 'ignore']);
type Tier = z.infer<typeof Tier>;

const SEVERITIES: Record<string, Tier> = {
  critical: 'customer-impacting',
  page: 'customer-impacting',
  emergency: 'customer-impacting',
  fatal: 'customer-impacting',
  error: 'operational-degradation',
  major: 'operational-degradation',
  high: 'operational-degradation',
  warning: 'early-warning',
  minor: 'early-warning',
  medium: 'early-warning',
  low: 'early-warning',
  info: 'ignore',
  none: 'ignore',
  debug: 'ignore',
};
const UNSTATED: Tier = 'operational-degradation';

/** `warning=operational-degradation, p3=ignore`, or the same as an object. */
const Severities = z
  .union([
    z.record(z.string(), z.string()),
    z
      .string()
      .transform((text) =>
        Object.fromEntries(
          text
            .split(/[,;\n]/)
            .flatMap((pair) => (pair.trim() === '' ? [] : [pair.split('=').map((part) => part.trim())])),
        ),
      ),
  ])
  .pipe(z.record(z.string(), Tier));

const Config = z.strictObject({
  url: BaseUrl,
  ...timingShape,
  severityLabel: z.string().trim().min(1).max(100).default('severity'),
  severities: Severities.default({}),
  /** Labels whose value is a service's id or name, for alerts that no matcher of the estate claims. */
  serviceLabels: TextList.default(['service']),
  /** Name of an alert that always fires, to prove that alerts arrive; none when empty. */
  watchdog: z.string().trim().max(200).default(''),
});
type Config = z.output<typeof Config>;

/** More alerts than these are counted and not looked at. */
const MAX_ALERTS = 20_000;

export const alertmanager: SourceModule<typeof Config> = {
  type: 'alertmanager',
  title: 'Alertmanager',
  fields: [
    urlField('http://alertmanager.example:9093'),
    credentialField,
    ...timingFields,
    {
      name: 'severityLabel',
      title: 'Severity label',
      required: false,
      secret: false,
      example: 'severity',
      help: 'The label that says how bad an alert is.',
    },
    {
      name: 'severities',
      title: 'Severities',
      required: false,
      secret: false,
      example: 'warning=operational-degradation, p3=ignore',
      help: 'Where a value differs from the usual: critical and page are customer-impacting, error and major operational degradation, warning and minor early warning, info and none ignored.',
    },
    {
      name: 'serviceLabels',
      title: 'Service labels',
      required: false,
      secret: false,
      example: 'service, app',
      help: "Labels that hold a service's name, for alerts that no matcher in the catalog claims.",
    },
    {
      name: 'watchdog',
      title: 'Always-firing alert',
      required: false,
      secret: false,
      example: 'Watchdog',
      help: 'When it is missing, alerts do not arrive, and "no alert" counts as unknown instead of healthy.',
    },
  ],
  config: Config,
  timing: timingOf,
  create: (config, deps) => new Alertmanager(config, deps),
};

const Alert = z.object({
  fingerprint: z.string().min(1),
  labels: z.record(z.string(), z.string()),
  annotations: z.record(z.string(), z.string()).catch({}),
  startsAt: z.string().catch(''),
  endsAt: z.string().catch(''),
  status: z.object({
    state: z.string().catch(''),
    silencedBy: z.array(z.string()).catch([]),
    inhibitedBy: z.array(z.string()).catch([]),
    mutedBy: z.array(z.string()).catch([]),
  }),
});
type Alert = z.infer<typeof Alert>;

interface Read {
  alerts: Alert[];
  /** Alerts that were not looked at: too many, or without the shape of one. */
  skipped: number;
}

class Alertmanager implements Source {
  readonly #config: Config;
  readonly #deps: SourceDeps;
  readonly #validForMs: number;
  readonly #severities: Record<string, Tier>;
  #index: { revision: number; index: AlertIndex } | null = null;

  constructor(config: Config, deps: SourceDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#validForMs = validFor(timingOf(config));
    this.#severities = {
      ...SEVERITIES,
      ...Object.fromEntries(Object.entries(config.severities).map(([name, tier]) => [name.toLowerCase(), tier])),
    };
  }

  async poll(signal: AbortSignal): Promise<Polled> {
    const { observations, message } = this.#normalise(await this.#read(signal));
    return { observations, message };
  }

  async test(signal: AbortSignal): Promise<TestReport> {
    const started = performance.now();
    try {
      const status = (await this.#get('/api/v2/status', signal)) as {
        versionInfo?: { version?: unknown };
        cluster?: { status?: unknown };
      } | null;
      const read = await this.#read(signal);
      const { message, lines } = this.#normalise(read);
      const seen: string[] = [];
      const version = status?.versionInfo?.version;
      if (typeof version === 'string') seen.push(`version ${version.slice(0, 40)}`);
      if (typeof status?.cluster?.status === 'string') seen.push(`cluster ${status.cluster.status.slice(0, 40)}`);
      seen.push(...lines.slice(0, 20));
      return { ok: true, message, ms: Math.round(performance.now() - started), seen };
    } catch (error) {
      return { ok: false, message: sentence(error), ms: Math.round(performance.now() - started), seen: [] };
    }
  }

  close(): void {
    // Nothing is held: connections belong to the process.
  }

  #get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#deps.http.json({
      url: this.#config.url + path,
      headers: authorization(this.#deps.credential),
      signal,
    });
  }

  async #read(signal: AbortSignal): Promise<Read> {
    const body = await this.#get('/api/v2/alerts', signal);
    if (!Array.isArray(body)) {
      throw new SourceFailure(
        `${hostOf(this.#config.url)} answers JSON, but not as Alertmanager does; is the address right?`,
      );
    }
    const now = this.#deps.now();
    const alerts: Alert[] = [];
    let skipped = Math.max(0, body.length - MAX_ALERTS);
    for (const item of body.slice(0, MAX_ALERTS) as unknown[]) {
      const parsed = Alert.safeParse(item);
      if (!parsed.success) skipped++;
      else if (!isOver(parsed.data, now)) alerts.push(parsed.data);
    }
    return { alerts, skipped };
  }

  #matcher(): AlertIndex {
    const { revision, services } = this.#deps.mapping();
    if (this.#index?.revision !== revision)
      this.#index = { revision, index: new AlertIndex(services, this.#config.serviceLabels) };
    return this.#index.index;
  }

  #normalise({ alerts, skipped }: Read): { observations: Observation[]; message: string; lines: string[] } {
    const index = this.#matcher();
    const now = this.#deps.now();
    const base = { kind: 'alert', value: null, unit: '', observedAt: now, validForMs: this.#validForMs } as const;
    const observations: Observation[] = [];
    const lines: string[] = [];
    const seen = new Set<string>();
    const hit = new Map<string, { counted: number; muted: number }>();
    let unclaimed = 0;
    let muted = 0;
    let watched = this.#config.watchdog === '';
    for (const alert of alerts) {
      const { fingerprint, labels } = alert;
      if (seen.has(fingerprint)) continue;
      seen.add(fingerprint);
      const title = (labels['alertname'] ?? 'alert without a name').slice(0, 200);
      if (title === this.#config.watchdog) {
        watched = true;
        continue;
      }
      const tier = this.#tier(labels);
      const why = mutedBy(alert);
      if (why !== null) muted++;
      const one = {
        ...base,
        title,
        text: textOf(alert),
        tier: tier === 'ignore' ? null : tier,
        health: tier === 'ignore' ? null : HEALTH_OF_TIER[tier],
        since: since(alert, now),
        ...(why === null ? {} : { muted: why }),
      };
      const services = index.match(labels);
      if (services.length === 0) {
        unclaimed++;
        observations.push({ ...one, key: `alert:${fingerprint}`, subject: null });
      }
      for (const service of services) {
        const counts = hit.get(service) ?? { counted: 0, muted: 0 };
        if (why === null && one.health !== null) counts.counted++;
        else counts.muted++;
        hit.set(service, counts);
        observations.push({ ...one, key: `alert:${fingerprint}:${service}`, subject: { service } });
      }
      lines.push(
        `${title}: ${services.length === 0 ? 'belongs to no service' : services.join(', ')}${why === null ? '' : ` (${why})`}`,
      );
    }
    for (const { id, alertMatch } of this.#deps.mapping().services) {
      const counts = hit.get(id);
      if (alertMatch.length === 0 || (counts?.counted ?? 0) > 0) continue;
      observations.push({
        ...base,
        key: `quiet:${id}`,
        subject: { service: id },
        title: 'alerts',
        text: watched
          ? quiet(counts?.muted ?? 0)
          : `"${this.#config.watchdog}", which always fires, is missing: alerts do not arrive`,
        health: watched ? 'healthy' : 'unknown',
        tier: null,
        since: null,
        weak: true,
      });
    }
    return {
      observations,
      lines,
      message: this.#summary({
        firing: seen.size,
        unclaimed,
        muted,
        skipped,
        services: hit.size,
        watched,
        problems: index.problems,
      }),
    };
  }

  #tier(labels: Record<string, string>): Tier {
    const value = labels[this.#config.severityLabel]?.trim().toLowerCase() ?? '';
    if (Object.hasOwn(this.#severities, value)) return this.#severities[value]!;
    const named = SignalTier.safeParse(value);
    return named.success ? named.data : UNSTATED;
  }

  #summary(counts: {
    firing: number;
    unclaimed: number;
    muted: number;
    skipped: number;
    services: number;
    watched: boolean;
    problems: readonly string[];
  }): string {
    const { firing, unclaimed, muted, skipped, services, watched, problems } = counts;
    const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
    const parts = [firing === 0 ? 'No alert fires' : `${plural(firing, 'alert')} for ${plural(services, 'service')}`];
    if (unclaimed > 0) parts.push(`${unclaimed} of no service of the estate`);
    if (muted > 0) parts.push(`${muted} silenced or inhibited`);
    if (skipped > 0) parts.push(`${skipped} left out: too many, or not in the shape of an alert`);
    if (!watched) parts.push(`"${this.#config.watchdog}" does not fire: alerts may not arrive`);
    if (problems.length > 0) parts.push(`${plural(problems.length, 'matcher')} can't be used: ${problems[0]!}`);
    return sentence(parts.join('; '));
  }
}

function quiet(muted: number): string {
  return muted === 0 ? 'none fires' : `${muted} that ${muted === 1 ? 'does' : 'do'} not count`;
}

/** Year 1 in a webhook and a future time in the API both mean "still firing". */
function isOver({ endsAt }: Alert, now: number): boolean {
  const end = Date.parse(endsAt);
  return Number.isFinite(end) && end > 0 && end <= now - 60_000;
}

function since({ startsAt }: Alert, now: number): number | null {
  const start = Date.parse(startsAt);
  return Number.isFinite(start) && start > 0 ? Math.min(start, now) : null;
}

function mutedBy({ status }: Alert): string | null {
  if (status.silencedBy.length > 0) return 'silenced';
  if (status.inhibitedBy.length > 0) return 'inhibited by another alert';
  if (status.mutedBy.length > 0) return 'muted at this time of day';
  return status.state === 'suppressed' ? 'suppressed' : null;
}

function textOf({ annotations, labels }: Alert): string {
  const said =
    annotations['summary'] ?? annotations['message'] ?? annotations['description'] ?? labels['severity'] ?? '';
  return said.replace(/\s+/g, ' ').trim().slice(0, 500);
}
