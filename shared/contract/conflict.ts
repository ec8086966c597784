/** Contested facts: every answer side by side with whose it is, what counts meanwhile, and the one call that settles it. */
import { z } from 'zod';
import { Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

export const ConflictAnswer = z.object({
  /** The op that gives it. */
  op: z.string(),
  value: z.string().nullable(),
  /** The value as a person says it: "SEV1", "Raj Menon", "nobody". */
  words: z.string(),
  by: Named,
  console: z.object({ id: z.string(), name: z.string(), own: z.boolean() }),
  at: Time,
  /** IANA zone of the author. */
  zone: z.string(),
  /** When it reached this console. */
  arrivedAt: Time,
  reason: z.string().nullable(),
  /** What the same console wrote next about the same, the first few lines, and how many more there are. */
  followed: z.array(z.object({ at: Time, text: z.string() })),
  more: z.int(),
});
export type ConflictAnswer = z.infer<typeof ConflictAnswer>;

export const ConflictDetail = z.object({
  key: z.string(),
  /** Null when it is about the estate. */
  incident: z.object({ id: z.string(), label: z.string(), title: z.string() }).nullable(),
  kind: z.string(),
  /** Of the entity that it is about; with `kind` and `field` the register. */
  id: z.string(),
  field: z.string(),
  /** "severity", "who commands", "the step “Roll back” of Checkout slowdown". */
  about: z.string(),
  /** What counts until it is settled, in words. */
  inForce: z.string(),
  /** Why that and not another. */
  why: z.string(),
  /** Who is asked to settle it. */
  asked: z.array(Named),
  /** The oldest first. */
  answers: z.array(ConflictAnswer),
});
export type ConflictDetail = z.infer<typeof ConflictDetail>;

export const ListConflicts = z.strictObject({
  /** Only of this incident. */
  incident: IncidentKey.optional(),
  /** How many are told of; after days apart there can be thousands. */
  limit: z.int().min(1).max(1000).default(50),
  /** Key of one that is told of first, however pressing others are. */
  first: z.string().max(1000).optional(),
});
/** The most pressing first. `total` counts those too that are not told of. */
export const ConflictList = z.object({ conflicts: z.array(ConflictDetail), total: z.int(), asOf: Time });

export const SettleConflict = z.strictObject({
  /** Id of the op whose answer is kept, or its first six characters or more. */
  keep: z.string().min(6).max(43),
  /** Which register, when the op gives several contested answers. */
  field: z.string().max(300).optional(),
  /** The answers that were looked at; another one that came meanwhile refuses it. All that are here when it is absent. */
  seen: z.array(z.string()).max(1000).optional(),
  reason: z.string().trim().max(20_000).optional(),
});
export const ConflictSettled = z.object({ about: z.string(), kept: z.string(), over: z.array(z.string()) });
