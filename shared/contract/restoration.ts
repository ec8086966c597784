/** The restoration plan's part of the contract: in which order what is unhealthy comes back, why, and how far it is. */
import { z } from 'zod';
import { Health, RestorationState } from '../domain/words.ts';
import { EntityId, Named, Time } from './common.ts';
import { ConflictView, IncidentKey } from './incident.ts';

export const GateView = z.object({
  /** How long it must have been healthy without a break, minutes. */
  holdMinutes: z.number(),
  /** By which signals, in words. */
  signals: z.string(),
  /** `silent`: nothing says that it is healthy, and nothing says that it is not. */
  state: z.enum(['shut', 'silent', 'holding', 'passed']),
  /** When it passes if all stays healthy, ms. */
  passesAt: Time.nullable(),
  /** One sentence. */
  text: z.string(),
});
export type GateView = z.infer<typeof GateView>;

export const RestorationItemView = z.object({
  id: z.string(),
  /** "orders-db", "auth + sessions". */
  name: z.string(),
  /** More than one need each other and are restored together. */
  services: z.array(Named.extend({ health: Health })),
  /** From 1: what can be worked on at the same time has the same. */
  stage: z.int(),
  /** From 1: strands that share nothing. */
  lane: z.int(),
  /** What must be verified before it, and whether it is. */
  blockedBy: z.array(Named.extend({ verified: z.boolean() })),
  /** Why it stands here, the weightiest first. */
  why: z.array(z.string()),
  gate: GateView,
  state: RestorationState,
  /** How it was verified: measured by its gate, or by a person's word. */
  verified: z.enum(['measured', 'by-hand']).nullable(),
  reason: z.string().nullable(),
  by: Named.nullable(),
  at: Time.nullable(),
  /** Nothing holds it back, and it is not finished. */
  ready: z.boolean(),
  conflict: ConflictView.nullable(),
});
export type RestorationItemView = z.infer<typeof RestorationItemView>;

export const RestorationDifference = z.object({
  /** Of the plan that adopting it would make; names the difference when it is left. */
  hash: z.string(),
  added: z.array(Named.extend({ why: z.string() })),
  removed: z.array(Named.extend({ why: z.string() })),
  moved: z.array(Named.extend({ why: z.string() })),
  /** Somebody decided to leave the plan as it is. */
  left: z.boolean(),
});
export type RestorationDifference = z.infer<typeof RestorationDifference>;

export const RestorationView = z.object({
  asOf: Time,
  incident: z.object({ id: z.string(), label: z.string() }),
  /** Services that were looked at, and those of them that need restoring. */
  looked: z.int(),
  unhealthy: z.int(),
  /** "orders-db → payments-api → checkout-api → …". */
  line: z.string(),
  /** The plan that is worked by, null when none was adopted. */
  adopted: z.object({ plan: z.string(), hash: z.string(), at: Time, by: Named }).nullable(),
  /** Of the adopted plan, else of what is proposed; at most 300. */
  items: z.array(RestorationItemView),
  /** Items that come after those listed. */
  more: z.int(),
  /** Finished and all. */
  done: z.int(),
  total: z.int(),
  difference: RestorationDifference.nullable(),
  /** Two plans were adopted apart. */
  conflict: ConflictView.nullable(),
});
export type RestorationView = z.infer<typeof RestorationView>;

export const AdoptRestoration = z.strictObject({
  incident: IncidentKey,
  /** An adopted plan to keep, where two stand side by side; the plan that is proposed now when absent. */
  keep: EntityId.optional(),
});

export const StepRestoration = z.strictObject({
  incident: IncidentKey,
  /** An item's id, or one of its services. */
  item: EntityId,
  state: RestorationState,
  reason: z.string().trim().max(20_000).optional(),
});
export { RestorationState };
