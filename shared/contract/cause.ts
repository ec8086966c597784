/** Probable causes and changes: their part of the contract. */
import { z } from 'zod';
import { Health } from '../domain/words.ts';
import { EntityId, HealthView, Named, Time } from './common.ts';
import { ChangeView } from './estate.ts';

export const ChangeKind = z.enum([
  'deployment',
  'configuration',
  'feature-flag',
  'scaling',
  'vendor-maintenance',
  'other',
]);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** What people say of a candidate in an incident; `open` takes a word back. */
export const CauseVerdict = z.enum(['confirmed', 'ruled-out', 'open']);
export type CauseVerdict = z.infer<typeof CauseVerdict>;

export const CauseReason = z.object({
  kind: z.string(),
  /** Decibans for it, against it when negative; their sum is the score. */
  points: z.number(),
  /** One sentence with its times. */
  text: z.string(),
});
export type CauseReason = z.infer<typeof CauseReason>;

export const CauseJudgement = z.object({
  verdict: CauseVerdict,
  by: Named,
  at: Time,
  reason: z.string().nullable(),
  /** Several answers stand side by side until one is kept. */
  contested: z.boolean(),
});
export type CauseJudgement = z.infer<typeof CauseJudgement>;

export const CauseView = z.object({
  rank: z.int(),
  service: Named,
  kind: z.string(),
  owner: Named.nullable(),
  health: HealthView,
  /** The health that is weighed: now, or what it was during the incident. */
  weighed: Health,
  /** Since when it is not healthy, ms; null when nobody knows. */
  onset: Time.nullable(),
  /** Decibans: ten points more than another candidate are ten to one. Only differences mean something. */
  score: z.number(),
  /** `clear`: ten to one or more against the next for the same fault; `likely`: three to one; `open`: less, or not the first. */
  lead: z.enum(['clear', 'likely', 'open']),
  /** Equal for candidates that are alternatives for one fault, 1 for the first candidate's. */
  fault: z.int(),
  /** Part of the sick services, weighted, that it explains, 0–1. */
  share: z.number(),
  change: ChangeView.nullable(),
  reasons: z.array(CauseReason),
  /** The sick services that it explains, likeliest first, at most 60, each with the path from the candidate to it (ids). */
  explains: z.array(
    Named.extend({
      health: Health,
      onset: Time.nullable(),
      path: z.array(z.string()),
      /** Reached by load on what is called, against the direction of need. */
      overload: z.boolean(),
    }),
  ),
  /** The hurt business services that it explains, each with a path (ids) from the candidate to where the business begins. */
  businessServices: z.array(Named.extend({ path: z.array(z.string()) })),
  /** What people said of it, in an incident. */
  judgement: CauseJudgement.nullable(),
});
export type CauseView = z.infer<typeof CauseView>;

export const Causes = z.object({
  asOf: Time,
  /** The incident whose affected services are explained; null for all that is sick now. */
  incident: z.object({ id: z.string(), label: z.string(), title: z.string() }).nullable(),
  /** Services that are sick, and unknown ones that were heard of before. */
  sick: z.int(),
  silent: z.int(),
  candidates: z.array(CauseView),
  /** One sentence: why there is no candidate, or how sure the first one is. */
  summary: z.string(),
});
export type Causes = z.infer<typeof Causes>;

export const CauseInput = z.strictObject({
  /** By id, label or number. */
  incident: z.string().min(1).max(100).optional(),
  limit: z.int().min(1).max(50).default(5),
});

export const JudgeCause = z.strictObject({
  incident: z.string().min(1).max(100),
  service: EntityId,
  verdict: CauseVerdict,
  reason: z.string().trim().max(20_000).optional(),
});
