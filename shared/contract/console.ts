/** The console's own part of the contract: status, settings, the Situation screen. */
import { z } from 'zod';
import { DUE_KINDS } from '../domain/clock/due.ts';
import { SsoVerified } from './access.ts';
import { EntityId, FilePath, Named, Time } from './common.ts';
import { LinkStatus } from './hub.ts';
import { CAPABILITIES } from './spec.ts';
import { BusinessServiceView, ChangeView } from './estate.ts';
import { IncidentLite } from './incident.ts';
import { TierCounts } from './board.ts';
import { RestrictedOutside } from './restricted.ts';
import { SourceState } from './sources.ts';
import { RegionCounts } from './stores.ts';

export const StatusView = z.object({
  version: z.string(),
  dataDir: z.string(),
  console: z.string(),
  ops: z.int(),
  /** Id of this console's newest op, and its sequence number. */
  head: z.string().nullable(),
  seq: z.int(),
  schema: z.int(),
  quarantined: z.int(),
  unknownOps: z.int(),
  estate: z.object({
    name: z.string(),
    demonstration: z.boolean(),
    services: z.int(),
    dependencies: z.int(),
    stores: z.int(),
  }),
  /** `alone`: no hub is configured. */
  link: LinkStatus,
  /** What waits to be read of the time without the others, in one line. */
  digest: z.string().nullable(),
  sources: z.object({ total: z.int(), byState: z.partialRecord(SourceState, z.int()) }),
  actor: Named,
  /** Whether who asks unlocked this console; `open` when nothing is set to unlock it with. */
  access: z.object({
    state: z.enum(['open', 'locked', 'unlocked']),
    may: z.array(z.enum(CAPABILITIES)),
    /** When it locks itself if nobody touches it, ms. */
    locksAt: Time.nullable(),
    /** What single sign-on said of who is here. */
    verified: SsoVerified.nullable(),
    /** Why the last session of who asks was ended by nobody here. */
    ended: z.string().nullable(),
  }),
  /** Sentences about what is wrong with the console itself: disk, clock, key. */
  warnings: z.array(z.string()),
  writable: z.boolean(),
  now: Time,
  zone: z.string(),
});
export type StatusView = z.infer<typeof StatusView>;

export const Settings = z.object({
  theme: z.enum(['system', 'dark', 'light']).default('system'),
  density: z.enum(['comfortable', 'compact']).default('comfortable'),
  /** IANA zone of headquarters, for the clocks. Defaults to the machine's. */
  headquartersZone: z.string().max(64).nullable().default(null),
  /** Who is at this console: a person id. */
  actingAs: EntityId.nullable().default(null),
  /** Further folders of runbooks on this machine; they go before ours and the data folder's. */
  runbookFolders: z.array(FilePath).max(20).default([]),
});
export type Settings = z.infer<typeof Settings>;

export const NeedsYou = z.object({
  id: z.string(),
  kind: z.enum([
    ...DUE_KINDS,
    'conflict',
    'digest',
    'approval',
    'action',
    'grant',
    'grant-request',
    'grant-review',
    'grant-twice',
    'exception',
    'degraded',
    'degraded-end',
    'cleanup',
    'update-waiting',
    'source-down',
    'console',
  ]),
  text: z.string(),
  incident: z.string().nullable(),
  /** When it fell or falls due. */
  at: Time.nullable(),
});
export type NeedsYou = z.infer<typeof NeedsYou>;

export const UnknownThing = z.object({
  kind: z.enum(['business-service', 'service', 'stores', 'source']),
  /** Of the service, the region or the source. */
  id: z.string(),
  name: z.string(),
  /** Since when, ms; null when it was never heard of. */
  since: Time.nullable(),
  reason: z.string(),
});
export type UnknownThing = z.infer<typeof UnknownThing>;

export const Situation = z.object({
  incidents: z.array(IncidentLite),
  businessServices: z.array(BusinessServiceView.omit({ baseline: true, throughput: true })),
  services: z.object({
    total: z.int(),
    byHealth: z.object({
      healthy: z.int(),
      'early-warning': z.int(),
      degraded: z.int(),
      failing: z.int(),
      unknown: z.int(),
    }),
    /** Not healthy and expected to be so, because work on them was announced; counted in no health. */
    inMaintenance: z.int().optional(),
  }),
  /** Services that are not healthy, worst first, at most 50. */
  unhealthy: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      tier: z.int().nullable(),
      health: z.string(),
      since: Time.nullable(),
      reason: z.string(),
    }),
  ),
  /** Who can still sell: "106 sell · 14 unknown · 0 closed". */
  storesAnswer: z.string(),
  stores: z.array(RegionCounts),
  /** Signals that count now, by whom they hurt. */
  tiers: TierCounts,
  /** What nothing is known of, longest first, at most 50, with how many there are in all. */
  unknown: z.object({ total: z.int(), list: z.array(UnknownThing) }),
  needs: z.array(NeedsYou),
  changes: z.array(ChangeView),
  /** Restricted incidents that run and that who asks may not read; absent where there is none to tell of. */
  restricted: RestrictedOutside.optional(),
  asOf: Time,
});
export type Situation = z.infer<typeof Situation>;
