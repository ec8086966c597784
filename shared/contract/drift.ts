/** Drift in the contract: where declared dependencies and seen calls disagree. */
import { z } from 'zod';
import { DependencyMode, DependencyStrength } from '../domain/words.ts';
import { EntityId, Named, Time } from './common.ts';

export const DriftKind = z.enum(['undeclared', 'unseen']);
export type DriftKind = z.infer<typeof DriftKind>;

const Edge = z.object({
  from: Named,
  to: Named,
  dismissed: z.object({ by: Named, reason: z.string().nullable() }).nullable(),
});

export const DriftView = z.object({
  /** Seen and not declared, busiest first. */
  undeclared: z.array(
    Edge.extend({
      connections: z.array(z.string()),
      /** Calls per second and the share that failed, of the last minutes; null when there were none. */
      rate: z.number().nullable(),
      errorShare: z.number().nullable(),
      since: Time,
      lastSeen: Time,
      /** What accepting it writes when nothing else is said. */
      strength: DependencyStrength,
      mode: DependencyMode,
    }),
  ),
  /** Declared and not seen, though the caller is traced. */
  unseen: z.array(
    Edge.extend({
      strength: DependencyStrength,
      mode: DependencyMode,
      watchedSince: Time,
      reason: z.string(),
    }),
  ),
  /** Names that mean no service of the estate, busiest first. */
  strangers: z.array(
    z.object({
      name: z.string(),
      as: z.enum(['client', 'server', 'both']),
      calls: z.int(),
      rate: z.number(),
      lastSeen: Time,
    }),
  ),
  counts: z.object({
    undeclared: z.int(),
    unseen: z.int(),
    strangers: z.int(),
    confirmed: z.int(),
    dismissed: z.int(),
  }),
  /** Sources that learn calls; none: nothing is learned. */
  sources: z.array(Named),
  /** Those of them that see more calls than they tell of: by them alone, nothing is called unseen. */
  cut: z.array(Named).optional(),
  asOf: Time,
});
export type DriftView = z.infer<typeof DriftView>;

export const DriftInput = z.strictObject({
  /** Those that somebody dismissed, too. */
  all: z.boolean().default(false),
  limit: z.int().min(1).max(20_000).default(500),
});

export const AcceptDrift = z.strictObject({
  from: EntityId,
  to: EntityId,
  /** Of a dependency that is written; by how it was seen when absent. */
  strength: DependencyStrength.optional(),
  mode: DependencyMode.optional(),
});

export const DismissDrift = z.strictObject({
  from: EntityId,
  to: EntityId,
  reason: z.string().trim().max(2000).optional(),
});

export const Settled = z.object({ from: Named, to: Named, kind: DriftKind });
