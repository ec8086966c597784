/** The sources' part of the contract. */
import { z } from 'zod';
import { Time } from './common.ts';

/** `never`: not heard of yet; `late`: past its interval and grace; `down`: failed or silent past its limit; `off`: switched off by a person. */
export const SourceState = z.enum(['live', 'late', 'down', 'never', 'off']);
export type SourceState = z.infer<typeof SourceState>;

export const SourceView = z.object({
  id: z.string(),
  title: z.string(),
  type: z.string(),
  config: z.record(z.string(), z.unknown()),
  enabled: z.boolean(),
  state: SourceState,
  /** One sentence: why it is not live, or what it last saw. */
  message: z.string(),
  lastSuccessAt: Time.nullable(),
  lastTryAt: Time.nullable(),
  nextTryAt: Time.nullable(),
  failures: z.int(),
  signals: z.int(),
  /** Whether a credential is kept for it on this machine. */
  credential: z.boolean(),
});
export type SourceView = z.infer<typeof SourceView>;

export const SourceType = z.object({
  type: z.string(),
  title: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      required: z.boolean(),
      secret: z.boolean(),
      example: z.string(),
      help: z.string(),
    }),
  ),
});
export type SourceType = z.infer<typeof SourceType>;

export const TestReport = z.object({
  ok: z.boolean(),
  /** One sentence: what it saw, or what is wrong and where. */
  message: z.string(),
  ms: z.number(),
  /** What was seen: version, number of alerts, sample series, … */
  seen: z.array(z.string()),
});
export type TestReport = z.infer<typeof TestReport>;
