/** What people make of a suggestion: taken, dismissed, or open again. */
import { z } from 'zod';
import { EntityId } from './common.ts';
import { IncidentKey } from './incident.ts';

export const SuggestionVerdict = z.enum(['taken', 'dismissed', 'open']);
export type SuggestionVerdict = z.infer<typeof SuggestionVerdict>;

/** Does what is suggested. */
export const TakeSuggestion = z.strictObject({
  incident: IncidentKey,
  kind: EntityId,
  key: EntityId,
  /** As it was shown; refused when it rests on something else by now. */
  facts: z.string().max(64).optional(),
});

export const SettleSuggestion = z.strictObject({
  incident: IncidentKey,
  kind: EntityId,
  key: EntityId,
  /** What it rested on, as it was shown; as it stands now when absent. */
  facts: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/)
    .optional(),
  verdict: SuggestionVerdict,
  /** What was suggested, for the record. */
  title: z.string().trim().min(1).max(500).optional(),
  reason: z.string().trim().max(20_000).optional(),
});
