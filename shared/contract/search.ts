/** Search's part of the contract. */
import { z } from 'zod';
import { ENTRY_KINDS } from '../domain/timeline.ts';
import { EntityId, Named, Time } from './common.ts';

export const HitKind = z.enum([
  'entry',
  'incident',
  'service',
  'business-service',
  'store',
  'team',
  'person',
  'runbook',
]);
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
  /** `next` of the page before: the entries that follow, and no entities. */
  before: z.int().min(1).optional(),
});
export type SearchInput = z.infer<typeof SearchInput>;

export const Hit = z.object({
  kind: HitKind,
  /** Entity id; for an entry its op id. */
  id: z.string(),
  /** An entity's name, or the line that tells an entry; empty for an entry that is what somebody wrote and nothing else. */
  title: z.string(),
  /** Where the words stand besides the title, with the matching ranges as [start, end) in characters. */
  excerpt: z.string(),
  marks: z.array(z.tuple([z.int(), z.int()])),
  /** Kind of timeline line, of an entry. */
  entry: z.enum(ENTRY_KINDS).nullable(),
  /** Where it was written, with number and title. */
  incident: Named.nullable(),
  /** The service that an entry outside of every incident is about. */
  service: z.string().nullable(),
  by: z.string().nullable(),
  at: Time.nullable(),
});
export type Hit = z.infer<typeof Hit>;

export const SearchResult = z.object({
  /** Entities first, best first; then entries, the last to arrive here first. */
  hits: z.array(Hit),
  /** Pass as `before` to go on to older entries; null when there are none. */
  next: z.int().nullable(),
  /** How much of the log the index covers, from its beginning; null when all of it. */
  indexing: z.object({ done: z.int(), total: z.int() }).nullable(),
  ms: z.number(),
});
export type SearchResult = z.infer<typeof SearchResult>;
