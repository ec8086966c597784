/**
 * The estate's entities as they are written into ops and read back. Invariant: reading never throws on what an older
 * or newer console wrote; a field that makes no sense falls back to its default and the entity still shows.
 */
import { z } from 'zod';
import { DependencyMode, DependencyStrength, Domain, ServiceKind, SignalTier } from './words.ts';

const text = z.string().max(2000);
const list = z.array(z.string().max(300)).max(5000);
const minutes = z.number().min(0);

export const Link = z.object({
  title: text,
  url: z.string().max(2000),
  /** As the catalog says it, for tools that draw them. */
  icon: z.string().max(100).optional(),
  type: z.string().max(100).optional(),
});
export type Link = z.infer<typeof Link>;

/** What a descriptor says besides the fields that Holdfast knows; kept so that an export gives it back. */
const described = {
  /** The complete references under which it stood before, oldest first. */
  formerRefs: list.default([]),
  /** `metadata.uid` of the catalog it came from: survives a rename there. */
  uid: z.string().max(200).nullable().default(null),
  labels: z.record(z.string(), z.string()).default({}),
  /** Annotations that no field holds, and those of ours whose value makes no sense, as written. */
  annotations: z.record(z.string(), z.string()).default({}),
  /** Members of `metadata` and `spec` that no field holds, and references that lead nowhere, as written. */
  metadata: z.record(z.string(), z.json()).default({}),
  spec: z.record(z.string(), z.json()).default({}),
  links: z.array(Link).default([]),
  tags: list.default([]),
};

/** A threshold such as `>0.03`, on the value of a query. */
const Threshold = z
  .string()
  .regex(/^(>|>=|<|<=)\s*-?\d+(\.\d+)?(e-?\d+)?$/i, 'a threshold is >, >=, < or <= and a number');

export const MetricQuery = z.object({
  name: z.string().min(1).max(100),
  query: z.string().min(1).max(4000),
  /** Unit of the value for the screen: ratio, s, messages, … */
  unit: z.string().max(30).default(''),
  early: Threshold.optional(),
  degraded: Threshold.optional(),
  failing: Threshold.optional(),
  /** Whom a breach hurts, when the thresholds alone do not say it. */
  tier: SignalTier.optional(),
});
export type MetricQuery = z.infer<typeof MetricQuery>;

export const ThroughputQuery = z.object({
  name: z.string().min(1).max(100).default('throughput'),
  query: z.string().min(1).max(4000),
  /** The value is a rate per second of these. */
  measures: z.enum(['orders', 'transactions', 'revenue']),
});
export type ThroughputQuery = z.infer<typeof ThroughputQuery>;

/** `label=value` and `label=~regex` pairs that must all hold for an alert to belong to a service. */
export const AlertMatch = z.object({ label: z.string(), op: z.enum(['=', '!=', '=~', '!~']), value: z.string() });
export type AlertMatch = z.infer<typeof AlertMatch>;

export const ServiceFields = z.object({
  /** Name in the catalog, as a full Backstage reference: component:default/checkout-api. */
  ref: text,
  name: text,
  title: text.default(''),
  description: z.string().max(20_000).default(''),
  kind: ServiceKind.default('app'),
  domain: Domain.nullable().default(null),
  tier: z.int().min(1).max(3).nullable().default(null),
  /** Team id. */
  owner: z.string().nullable().default(null),
  system: z.string().nullable().default(null),
  partOf: z.string().nullable().default(null),
  lifecycle: text.default(''),
  region: z.string().nullable().default(null),
  /** Recovery time and point objectives, minutes. */
  rtoMinutes: minutes.nullable().default(null),
  rpoMinutes: minutes.nullable().default(null),
  businessServices: list.default([]),
  providesApis: list.default([]),
  consumesApis: list.default([]),
  metrics: z.array(MetricQuery).default([]),
  /** Any of these sets of matchers claims an alert. */
  alertMatch: z.array(z.array(AlertMatch)).default([]),
  vendorStatus: z.string().nullable().default(null),
  support: text.nullable().default(null),
  runbooks: list.default([]),
  dashboards: list.default([]),
  logs: list.default([]),
  ...described,
});
export type ServiceFields = z.infer<typeof ServiceFields>;

export const DependencyFields = z.object({
  /** Service ids: `from` needs `to`. */
  from: z.string(),
  to: z.string(),
  strength: DependencyStrength.default('hard'),
  mode: DependencyMode.default('sync'),
  /** The API between them, when the catalog says it by consumesApis. */
  api: z.string().nullable().default(null),
});
export type DependencyFields = z.infer<typeof DependencyFields>;

/** A null is a gap: nothing is known of that hour. */
const weekly = z.array(z.number().min(0).nullable()).length(168);

export const Baseline = z.object({
  /** IANA zone in which the hours of the week are counted. */
  timezone: z.string(),
  /** 168 values, Monday 00:00 first; per hour. Revenue in minor units of the currency. */
  orders: weekly.nullable().default(null),
  revenueMinor: weekly.nullable().default(null),
  transactions: weekly.nullable().default(null),
});
export type Baseline = z.infer<typeof Baseline>;

/** A holiday or a promotion: while it lasts, what usually comes is multiplied. */
export const CalendarEntry = z.object({
  /** `2026-12-24` or `2026-12-24T14:00`, as clocks in the zone of the baseline show it. */
  from: z.string().max(40),
  /** As `from`; a date alone includes that day. */
  to: z.string().max(40),
  title: z.string().max(300).default(''),
  multiplier: z.number().min(0).max(1000),
  /** Business service ids; all of them when empty. */
  businessServices: list.default([]),
  /** Region ids; everywhere when empty. */
  regions: list.default([]),
});
export type CalendarEntry = z.infer<typeof CalendarEntry>;

const calendar = z.array(CalendarEntry).max(2000).default([]);

export const BusinessServiceFields = z.object({
  name: text,
  title: text.default(''),
  description: z.string().max(20_000).default(''),
  criticality: z.int().min(1).max(3).default(2),
  owner: z.string().nullable().default(null),
  domains: list.default([]),
  /** Service ids where its hard path starts. */
  services: list.default([]),
  rtoMinutes: minutes.nullable().default(null),
  rpoMinutes: minutes.nullable().default(null),
  /** ISO 4217. */
  currency: z.string().default('EUR'),
  unit: z.string().default('orders'),
  throughput: z.array(ThroughputQuery).default([]),
  baseline: Baseline.nullable().default(null),
  /** Holidays and promotions of this business service alone. */
  calendar,
  /** Part of what does not come through that waits somewhere and is worked off later, 0–1. */
  recoverable: z.number().min(0).max(1).default(0),
  /** Share of a month, in per cent, that it is promised to work. */
  slaPercent: z.number().min(0).max(100).nullable().default(null),
  ...described,
});
export type BusinessServiceFields = z.infer<typeof BusinessServiceFields>;

export const StoreFields = z.object({
  name: text,
  title: text.default(''),
  region: z.string().nullable().default(null),
  country: z.string().nullable().default(null),
  timezone: z.string().default('UTC'),
  /** Opening hours in the store's zone, `mon` … `sun` → ["07:30-20:00"]. */
  hours: z.record(z.string(), z.array(z.string())).default({}),
  services: list.default([]),
  phone: z.string().nullable().default(null),
  /** Share of the in-store baseline, 0–1. */
  share: z.number().min(0).max(1).nullable().default(null),
  ...described,
});
export type StoreFields = z.infer<typeof StoreFields>;

export const RegionFields = z.object({
  name: text,
  title: text.default(''),
  timezone: z.string().default('UTC'),
  country: z.string().nullable().default(null),
  ...described,
});
export type RegionFields = z.infer<typeof RegionFields>;

/** One line of a rota: from `from` (local time in `timezone`), people take turns every `everyDays`. */
export const RotaLine = z.object({
  role: z.string().default('primary'),
  from: z.string(),
  everyDays: z.number().positive(),
  timezone: z.string(),
  people: list.min(1),
});
export type RotaLine = z.infer<typeof RotaLine>;

export const TeamFields = z.object({
  ref: text.default(''),
  name: text,
  title: text.default(''),
  description: z.string().max(20_000).default(''),
  email: z.string().nullable().default(null),
  phone: z.string().nullable().default(null),
  chat: z.string().nullable().default(null),
  bridge: z.string().nullable().default(null),
  parent: z.string().nullable().default(null),
  members: list.default([]),
  rota: z.array(RotaLine).default([]),
  ...described,
});
export type TeamFields = z.infer<typeof TeamFields>;

/** When somebody cannot be asked: local times of where they are; `to` alone is the end of its day. */
export const AwaySpan = z.object({ from: z.string(), to: z.string(), reason: z.string().max(200).optional() });
export type AwaySpan = z.infer<typeof AwaySpan>;

export const PersonFields = z.object({
  ref: text.default(''),
  name: text,
  title: text.default(''),
  email: z.string().nullable().default(null),
  phone: z.string().nullable().default(null),
  timezone: z.string().nullable().default(null),
  teams: list.default([]),
  away: z.array(AwaySpan).default([]),
  ...described,
});
export type PersonFields = z.infer<typeof PersonFields>;

/** System, Domain, API and Location descriptors: kept for grouping and so that an export gives back what came in. */
export const GroupingFields = z.object({
  ref: text,
  name: text,
  title: text.default(''),
  description: z.string().max(20_000).default(''),
  type: z.enum(['system', 'domain', 'api', 'location']),
  owner: z.string().nullable().default(null),
  partOf: z.string().nullable().default(null),
  ...described,
});
export type GroupingFields = z.infer<typeof GroupingFields>;

export const SourceFields = z.object({
  name: text,
  title: text.default(''),
  /** Which module reads it: prometheus, alertmanager, … */
  type: z.string(),
  /** Checked by the module's own schema; never holds a credential. */
  config: z.record(z.string(), z.unknown()).default({}),
  enabled: z.boolean().default(true),
  ...described,
});
export type SourceFields = z.infer<typeof SourceFields>;

/** Holidays and promotions of the whole estate. */
export const CalendarFields = z.object({
  name: text,
  title: text.default(''),
  calendar,
  ...described,
});
export type CalendarFields = z.infer<typeof CalendarFields>;

/** Every kind of entity in the estate, with the schema of its fields. */
export const ESTATE_KINDS = {
  service: ServiceFields,
  dependency: DependencyFields,
  'business-service': BusinessServiceFields,
  store: StoreFields,
  region: RegionFields,
  team: TeamFields,
  person: PersonFields,
  grouping: GroupingFields,
  source: SourceFields,
  calendar: CalendarFields,
} as const;
export type EstateKind = keyof typeof ESTATE_KINDS;
export const EstateKind = z.enum(Object.keys(ESTATE_KINDS) as [EstateKind, ...EstateKind[]]);

type Fields = { [K in EstateKind]: z.infer<(typeof ESTATE_KINDS)[K]> };
/** What every estate entity carries besides its own fields. */
export interface Provenance {
  id: string;
  /** Label of the catalog it was imported from; null when a person entered it. */
  origin: string | null;
  /** `file:line` of the descriptor. */
  at: string | null;
}
export type EstateEntity<K extends EstateKind> = Fields[K] & Provenance;

/**
 * Reads an entity's projected fields. A field that its schema refuses falls back to the default (or is left out of the
 * result of the whole when there is none): returns null only when a required field is missing.
 */
export function readEntity<K extends EstateKind>(
  kind: K,
  id: string,
  fields: Record<string, unknown>,
): EstateEntity<K> | null {
  const schema = ESTATE_KINDS[kind];
  let result = schema.safeParse(fields);
  if (!result.success) {
    const kept = { ...fields };
    for (const issue of result.error.issues) delete kept[String(issue.path[0])];
    result = schema.safeParse(kept);
    if (!result.success) return null;
  }
  return {
    ...(result.data as Fields[K]),
    id,
    origin: typeof fields['origin'] === 'string' ? fields['origin'] : null,
    at: typeof fields['at'] === 'string' ? fields['at'] : null,
  };
}

/** Id of the dependency entity between two services. */
export function dependencyId(from: string, to: string): string {
  return `${from}->${to}`;
}
