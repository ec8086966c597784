/** The estate's part of the contract: catalog files, the map, services, stores, people. */
import { z } from 'zod';
import { AlertMatch, Baseline, Link, MetricQuery, RotaLine, ThroughputQuery } from '../domain/estate.ts';
import { DependencyMode, DependencyStrength, Domain, Health, ServiceKind } from '../domain/words.ts';
import { EntityId, FilePath, HealthView, Named, Problem, SignalView, Time } from './common.ts';

/** What the map, the table and the palette need of a service. */
export const ServiceLite = z.object({
  id: z.string(),
  name: z.string(),
  kind: ServiceKind,
  domain: Domain.nullable(),
  tier: z.int().nullable(),
  owner: Named.nullable(),
  system: z.string().nullable(),
  region: z.string().nullable(),
  health: HealthView,
});
export type ServiceLite = z.infer<typeof ServiceLite>;

export const DependencyLite = z.object({
  from: z.string(),
  to: z.string(),
  strength: DependencyStrength,
  mode: DependencyMode,
});
export type DependencyLite = z.infer<typeof DependencyLite>;

/** A change as a mark on the map. */
export const ChangeMark = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  at: Time,
  /** Service ids. */
  services: z.array(z.string()),
});
export type ChangeMark = z.infer<typeof ChangeMark>;

export const EstateMap = z.object({
  /** The changes of the last six hours, newest first, at most 500. */
  changes: z.array(ChangeMark).optional(),
  services: z.array(ServiceLite),
  dependencies: z.array(DependencyLite),
  /** Dependencies of which an end is no service of the estate; that end is the reference as it was written. */
  loose: z.array(DependencyLite).optional(),
  asOf: Time,
  /** Where everything stands on the map, when a format was asked for. */
  drawing: z
    .object({
      /** Middles of the boxes, map units; y runs downwards. */
      places: z.array(z.object({ id: z.string(), x: z.number(), y: z.number(), lane: z.string() })),
      bounds: z.object({ x0: z.number(), y0: z.number(), x1: z.number(), y1: z.number() }),
      /** A whole SVG document; null for the format `json`. */
      svg: z.string().nullable(),
    })
    .optional(),
});
export type EstateMap = z.infer<typeof EstateMap>;

export const PersonView = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  timezone: z.string().nullable(),
  teams: z.array(Named),
  /** Present while they cannot be asked. */
  away: z.object({ until: Time, reason: z.string().nullable() }).optional(),
});
export type PersonView = z.infer<typeof PersonView>;

export const TeamView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  chat: z.string().nullable(),
  bridge: z.string().nullable(),
  members: z.array(PersonView),
  /** Who is on call now, by rota role, with the end of the shift. */
  onCall: z.array(
    z.object({
      role: z.string(),
      person: PersonView,
      until: Time,
      /** Who is called instead while that person is away; null when nobody of the rota can be. */
      standIn: Named.nullable().optional(),
    }),
  ),
  rota: z.array(RotaLine),
  services: z.int(),
});
export type TeamView = z.infer<typeof TeamView>;

export const ChangeView = z.object({
  id: z.string(),
  kind: z.string(),
  title: z.string(),
  services: z.array(Named),
  source: z.string(),
  by: z.string().nullable(),
  url: z.string().nullable(),
  at: Time,
});
export type ChangeView = z.infer<typeof ChangeView>;

export const Neighbour = z.object({
  id: z.string(),
  name: z.string(),
  kind: ServiceKind,
  health: HealthView,
  strength: DependencyStrength,
  mode: DependencyMode,
  /** As traces saw it: calls per second and the share that failed, of the last minutes, null when there were none; absent when it was never seen. */
  seen: z.object({ rate: z.number().nullable(), errorShare: z.number().nullable(), lastSeen: Time }).optional(),
});
export type Neighbour = z.infer<typeof Neighbour>;

export const ServiceView = z.object({
  id: z.string(),
  ref: z.string(),
  formerRefs: z.array(z.string()),
  name: z.string(),
  description: z.string(),
  kind: ServiceKind,
  domain: Domain.nullable(),
  tier: z.int().nullable(),
  system: z.string().nullable(),
  region: z.string().nullable(),
  lifecycle: z.string(),
  rtoMinutes: z.number().nullable(),
  rpoMinutes: z.number().nullable(),
  support: z.string().nullable(),
  vendorStatus: z.string().nullable(),
  dashboards: z.array(z.string()),
  logs: z.array(z.string()),
  links: z.array(Link),
  tags: z.array(z.string()),
  metrics: z.array(MetricQuery),
  alertMatch: z.array(z.array(AlertMatch)),
  health: HealthView,
  signals: z.array(SignalView),
  owner: TeamView.nullable(),
  businessServices: z.array(Named),
  /** What it needs. */
  upstream: z.array(Neighbour),
  /** What needs it. */
  downstream: z.array(Neighbour),
  /** References of either kind that lead to no service of the estate, as they were written. */
  loose: z.object({ upstream: z.array(z.string()), downstream: z.array(z.string()) }).optional(),
  changes: z.array(ChangeView),
  runbooks: z.array(Named),
  incidents: z.array(z.object({ id: z.string(), label: z.string(), title: z.string(), status: z.string() })),
  origin: z.string().nullable(),
  at: z.string().nullable(),
});
export type ServiceView = z.infer<typeof ServiceView>;

export const BusinessServiceView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  criticality: z.int(),
  owner: Named.nullable(),
  domains: z.array(z.string()),
  rtoMinutes: z.number().nullable(),
  rpoMinutes: z.number().nullable(),
  currency: z.string(),
  unit: z.string(),
  services: z.array(Named),
  health: HealthView,
  /** The services on its hard path that are not healthy, worst first. */
  hurtBy: z.array(z.object({ id: z.string(), name: z.string(), health: HealthView })),
  throughput: z.array(ThroughputQuery),
  baseline: Baseline.nullable(),
});
export type BusinessServiceView = z.infer<typeof BusinessServiceView>;

export const StoreView = z.object({
  id: z.string(),
  name: z.string(),
  region: Named.nullable(),
  country: z.string().nullable(),
  timezone: z.string(),
  hours: z.record(z.string(), z.array(z.string())),
  /** By its opening hours, now; null when they are not known. */
  open: z.boolean().nullable(),
  phone: z.string().nullable(),
  share: z.number().nullable(),
  services: z.array(Named),
  health: HealthView,
});
export type StoreView = z.infer<typeof StoreView>;

export const CatalogDiff = z.object({
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  what: z.enum(['added', 'changed', 'renamed', 'dropped']),
  /** The fields that change, with the old and the new value as short text. */
  fields: z.array(z.object({ field: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
});
export type CatalogDiff = z.infer<typeof CatalogDiff>;

export const CatalogReport = z.object({
  origin: z.string(),
  files: z.int(),
  documents: z.int(),
  entities: z.record(z.string(), z.int()),
  diff: z.array(CatalogDiff),
  counts: z.object({ added: z.int(), changed: z.int(), renamed: z.int(), dropped: z.int(), unchanged: z.int() }),
  problems: z.array(Problem),
  applied: z.boolean(),
});
export type CatalogReport = z.infer<typeof CatalogReport>;

export const CatalogInput = z.strictObject({
  paths: z.array(FilePath).min(1).max(1000),
  /** Label under which the files' entities are kept together; a re-import under the same label drops what is gone. Defaults to the first path's base name. */
  origin: z.string().min(1).max(100).optional(),
});

export const ServiceInput = z.strictObject({ service: EntityId });

/** Health as the log tells it: what was reported, when. That a source fell silent is not in the log. */
export const HealthHistory = z.object({
  from: Time,
  to: Time,
  /** Health at `from`, of every service that the log had spoken of by then. */
  start: z.array(z.object({ service: z.string(), health: Health, since: Time, byHand: z.boolean() })),
  /** What changed afterwards, the oldest first. */
  changes: z.array(
    z.object({
      at: Time,
      service: z.string(),
      health: Health,
      /** Source id; who said it when it is a word by hand. */
      source: z.string(),
      reason: z.string(),
      /** A person's word, for as long as it stood. */
      byHand: z.boolean(),
    }),
  ),
  /** Announced work of that time, each until it ended. */
  windows: z.array(
    z.object({ id: z.string(), title: z.string(), services: z.array(z.string()), from: Time, to: Time }),
  ),
  /** Changes before `from` that were asked for and left out, because there are more than are told at once. */
  cut: z.boolean(),
});
export type HealthHistory = z.infer<typeof HealthHistory>;
