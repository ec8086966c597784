/** Schemas that several areas of the contract share. Invariant: times are ms since 1970 UTC, ages are computed where they are shown. */
import { z } from 'zod';
import { Health, SignalTier } from '../domain/words.ts';

export const Empty = z.strictObject({});
export const Ok = z.object({});
export const Time = z.int();
export const EntityId = z.string().min(1).max(200);
/** A file or folder on this machine. What is relative is made absolute by whoever typed it, before it crosses the border. */
export const FilePath = z.string().min(1).max(4096);

/** A health with its source and age: what was not heard of lately is `unknown`, with the last thing known beside it. */
export const HealthView = z.object({
  health: Health,
  /** Since when, ms; null when it never was heard of. */
  since: Time.nullable(),
  /** Source id: a source, `roll-up`, or null when nothing ever reported. */
  source: z.string().nullable(),
  /** When it was last confirmed, ms. */
  observedAt: Time.nullable(),
  reason: z.string(),
  /** What it last was, when it is unknown because it went stale. */
  last: Health.nullable(),
  /** When `health` is a person's word: whose, from when, until when, why, and what the sources say instead. */
  byHand: z
    .object({
      by: z.object({ id: z.string(), name: z.string() }),
      at: Time,
      until: Time,
      reason: z.string(),
      sources: Health,
    })
    .optional(),
  /** When work on it was announced for now. `hides`: that it is not healthy is expected, and it does not count as sick. */
  maintenance: z.object({ id: z.string(), title: z.string(), until: Time, hides: z.boolean() }).optional(),
});
export type HealthView = z.infer<typeof HealthView>;

export const SignalView = z.object({
  id: z.string(),
  kind: z.enum(['metric', 'alert', 'change', 'vendor-status', 'manual']),
  source: z.string(),
  title: z.string(),
  text: z.string(),
  health: Health.nullable(),
  tier: SignalTier.nullable(),
  value: z.number().nullable(),
  unit: z.string(),
  since: Time.nullable(),
  observedAt: Time,
  stale: z.boolean(),
});
export type SignalView = z.infer<typeof SignalView>;

export const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  file: z.string(),
  /** 1-based; 0 when the whole file is meant. */
  line: z.int(),
  field: z.string(),
  /** One sentence. */
  message: z.string(),
});
export type Problem = z.infer<typeof Problem>;

export const Named = z.object({ id: z.string(), name: z.string() });
export type Named = z.infer<typeof Named>;
