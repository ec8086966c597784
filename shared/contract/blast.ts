/** Blast radius in the contract: whom trouble reaches, how surely, and why. */
import { z } from 'zod';
import { DependencyMode, DependencyStrength, Health, ServiceKind } from '../domain/words.ts';
import { EntityId, Named, Time } from './common.ts';

/** One service on the way; how it needs the next one, null for the last, which is where the trouble is. */
export const PathStep = Named.extend({
  needs: z.object({ strength: DependencyStrength, mode: DependencyMode }).nullable(),
});
export type PathStep = z.infer<typeof PathStep>;

export const Reached = Named.extend({
  /** By hard dependencies only; otherwise it may get by, weakened. */
  certain: z.boolean(),
  /** Dependencies between it and the trouble; 1 is direct, 0 stands on it. */
  hops: z.int(),
  /** Soft ones among them. */
  soft: z.int(),
  /** Regions and tenants for which it is hurt; empty for all whom it serves. */
  onlyFor: z.array(z.string()),
  /** The path that explains it, the service nearest to it first. */
  path: z.array(PathStep),
});
export type Reached = z.infer<typeof Reached>;

const ReachedService = Reached.extend({ kind: ServiceKind, tier: z.int().nullable(), health: Health });

/** How many, certainly and weakened. */
const Counted = z.object({ certain: z.int(), weakened: z.int() });

export const BlastView = z.object({
  services: z.array(Named.extend({ health: Health })),
  /** Services reached, certain first, then nearest. At most `limit` of each list; `counts` tells all. */
  reached: z.array(ReachedService),
  businessServices: z.array(Reached.extend({ criticality: z.int(), health: Health })),
  stores: z.array(Reached.extend({ region: Named.nullable() })),
  /** Regions with stores or services that are reached. */
  regions: z.array(Named.extend({ stores: z.int(), storesTotal: z.int(), services: z.int() })),
  /** Channels reached, those in trouble themselves included. */
  channels: z.array(Reached.extend({ health: Health })),
  /** What a boundary keeps whole, with the reason in a sentence. */
  stopped: z.array(
    Named.extend({
      kind: z.enum(['service', 'store', 'business-service']),
      at: Named,
      boundary: z.enum(['region', 'tenant']),
      reason: z.string(),
    }),
  ),
  counts: z.object({
    services: Counted.extend({ direct: z.int() }),
    businessServices: Counted,
    stores: Counted.extend({ total: z.int() }),
    regions: z.int(),
    channels: Counted,
    stopped: z.int(),
  }),
  asOf: Time,
});
export type BlastView = z.infer<typeof BlastView>;

export const BlastInput = z.strictObject({
  services: z.array(EntityId).min(1).max(1000),
  /** Most of each list. */
  limit: z.int().min(1).max(10_000).default(500),
});

export const BlastRanking = z.object({
  /** Those that reach most first. */
  services: z.array(Named.extend({ health: Health, certain: z.int(), weakened: z.int() })),
  total: z.int(),
  asOf: Time,
});
export type BlastRanking = z.infer<typeof BlastRanking>;
