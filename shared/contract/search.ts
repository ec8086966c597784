/** Search's part of the contract. */
import { z } from 'zod';
import { ENTRY_KINDS } from '../domain/timeline.ts';
import { EntityId, Named, Time } from './common.ts';

export const HitKind = z.enum(['entry', 'incident', 'service', 'business-service', 'store', 'team', 'person', 'runbook']);
export type HitKind = z.infer<typeof HitKind>;

export const SearchInput = z.strictObject({
  text: z.string().max(500),
  /** Only timeline entries of this incident. */
  incident: EntityId.optional(),
  /** Only entries by this person. */
  who: EntityId.optional(),
  /** Only timeline entries of this kind. */
  entries: z.enum(ENTRY_KINDS).optional(),
  /** Only hits of these kinds. */
  kinds: z.array(HitKind).max(20).optional(),
  /** Only entries that happened in this time, ms. */
  from: Time.optional(),
  to: Time.optional(),
  limit: z.int().min(1).max(200).default(50),
});
export type SearchInput = z.infer<typeof SearchInput>;

export const Hit = z.object({
  kind: HitKind,
  /** Entity id; for an entry its op id. */
  id: z.string(),
  title: z.string(),
  /** Where the words stand, with the matching ranges as [start, end) in characters. */
  excerpt: z.string(),
  marks: z.array(z.tuple([z.int(), z.int()])),
  incident: Named.nullable(),
  by: z.string().nullable(),
  at: Time.nullable(),
});
export type Hit = z.infer<typeof Hit>;

export const SearchResult = z.object({
  /** Entities first, best first; then entries, newest first. */
  hits: z.array(Hit),
  /** Whether there are more entries than `limit`. */
  more: z.boolean(),
  /** How much of the log the index covers; null when all of it. */
  indexing: z.object({ done: z.int(), total: z.int() }).nullable(),
  ms: z.number(),
});
export type SearchResult = z.infer<typeof SearchResult>;
